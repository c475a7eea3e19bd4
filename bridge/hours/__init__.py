"""Times: how people here say them, and when the offices work."""

from bridge.hours.spoken import age, local, named_day, spoken, spoken_day, spoken_time
from bridge.hours.working import STATES, WorkingTime

__all__ = ["STATES", "WorkingTime", "age", "local", "named_day", "spoken", "spoken_day", "spoken_time"]
