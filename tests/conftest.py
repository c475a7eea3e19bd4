"""What any test may ask for."""

from tests.database import database

__all__ = ["database"]
