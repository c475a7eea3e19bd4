"""The case book: the only package that speaks SQL."""
