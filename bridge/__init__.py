"""Stadtbrücke: from a post in a social network to the office that can act, and back."""
