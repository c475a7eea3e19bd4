"""Colours and sizes that both forms of a map share."""

GROUND = "#f5f2ea"
BORDER = "#b9b2a3"
QUIET = "#6b6558"
DOT = "#a39b8b"
INK = "#1f2430"
MARK = "#c2261a"
HALO = "#ffffff"

SMALL, TEXT, STRONG = 10, 12, 15
"""Letter heights in CSS pixels."""
PIN = 9
"""Radius of the pin's head in CSS pixels."""
CREDIT = "© OpenStreetMap-Mitwirkende"
