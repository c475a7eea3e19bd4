"""Who must act: reads, checks and explains the rules."""

from bridge.routing.rule import Rule, When
from bridge.routing.rules import Failure, Rules, Trial

__all__ = ["Failure", "Rule", "Rules", "Trial", "When"]
