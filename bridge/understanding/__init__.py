"""From text to meaning: kind, category and place, with the words that decided."""
