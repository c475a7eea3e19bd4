"""Times: how people here say them, and when the offices work."""

from bridge.hours.spoken import age, local, named_day, spoken, spoken_day, spoken_time
from bridge.hours.working import HOLIDAY, STATES, WorkingTime

__all__ = [
    "HOLIDAY",
    "STATES",
    "WorkingTime",
    "age",
    "local",
    "named_day",
    "spoken",
    "spoken_day",
    "spoken_time",
]
