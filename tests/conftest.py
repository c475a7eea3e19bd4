"""What any test may ask for."""

import os

from tests.database import case_book, database, postgresql

__all__ = ["case_book", "database", "postgresql"]

# Whoever runs the tests may have a real town in their surroundings.
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
