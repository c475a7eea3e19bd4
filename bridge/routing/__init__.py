"""Who must act: reads, checks and explains the rules."""

from bridge.routing.rule import Rule
from bridge.routing.rules import Example, Failure, Rules, Trial
from bridge.routing.when import Time, When

__all__ = ["Example", "Failure", "Rule", "Rules", "Time", "Trial", "When"]
