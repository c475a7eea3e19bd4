"""The town in which the river flows."""

from tests.workers.scripted import town

__all__ = ["town"]
