"""What comes back by mail: read into a letter, judged by what the case book knows."""
