"""Measurements: each prints its figures with the data they come from."""
