"""Where citizens speak: one file is one platform, in both directions."""

import sys

from bridge import plugins
from bridge.platforms.base import Account, Platform


def names() -> list[str]:
    """Every platform there is a file for."""
    return plugins.names(sys.modules[__name__])


def load(name: str) -> type[Platform]:
    """The platform's class; only the named file is imported. Raises `ConfigError` for an unknown name."""
    adapter: type[Platform] = plugins.load(sys.modules[__name__], name, "Adapter")
    return adapter


def load_all() -> None:
    """Import every platform, in a process that is about to fork."""
    for name in names():
        load(name)


def connected(account: Account) -> Platform:
    """The platform of this account, ready to be asked."""
    return load(account.platform)(account)
