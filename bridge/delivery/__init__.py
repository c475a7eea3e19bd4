"""Where departments listen: one file is one channel."""

import sys

from bridge import plugins
from bridge.delivery._event import Event, PhotoTold, PlaceTold
from bridge.delivery._mail import greet
from bridge.delivery._notice import send_notice
from bridge.delivery.base import Channel

__all__ = ["Channel", "Event", "PhotoTold", "PlaceTold", "greet", "load", "names", "send_notice"]


def names() -> list[str]:
    """Every channel there is a file for."""
    return plugins.names(sys.modules[__name__])


def load(name: str) -> type[Channel]:
    """The channel's class; raises `ConfigError` for an unknown name."""
    channel: type[Channel] = plugins.load(sys.modules[__name__], name, "Adapter")
    return channel
