"""Finds the one-file-each plugins of a package: a new one is a new file and no list to edit."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from bridge.domain import ConfigError


def names(package: ModuleType) -> list[str]:
    """The names of all plugins in `package`: every module but `base` and those with an underscore."""
    found = (module.name for module in iter_modules(package.__path__))
    return sorted(name for name in found if name != "base" and not name.startswith("_"))


def load(package: ModuleType, name: str, attribute: str) -> Any:
    """Import the plugin `name` alone and return its class; raise `ConfigError` where there is none."""
    known = names(package)
    if name not in known:
        raise ConfigError(
            f"unknown {package.__name__.rpartition('.')[2]} {name!r}; known: {', '.join(known)}"
        )
    return getattr(import_module(f"{package.__name__}.{name}"), attribute)
