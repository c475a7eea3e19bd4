"""HTTP faces: one blueprint a file."""
