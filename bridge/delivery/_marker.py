"""The line above which a department's answer stands, under the name the channels know it by."""

from bridge.marker import marker

__all__ = ["marker"]
