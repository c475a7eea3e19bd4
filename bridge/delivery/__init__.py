"""Where departments listen: one file is one channel."""

import sys

from bridge import plugins
from bridge.delivery.base import Channel


def names() -> list[str]:
    """Every channel there is a file for."""
    return plugins.names(sys.modules[__name__])


def load(name: str) -> type[Channel]:
    """The channel's class; raises `ConfigError` for an unknown name."""
    channel: type[Channel] = plugins.load(sys.modules[__name__], name, "Adapter")
    return channel
