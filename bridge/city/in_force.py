"""Which of a city's files are in force: a copy of all of them that was found good as a whole.

The copies lie in the data folder under `rules/<city>`: each is named by what stands in it and never changed,
and `last-good` leads to the newest. So every process reads one and the same whole set, whatever somebody is
writing meanwhile.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

from pydantic import AwareDatetime

from bridge.city import COMMON, City, load_city
from bridge.domain import ConfigError, Value
from bridge.settings import settings

Check = Callable[[City], list[str]]
"""Lists every mistake of a city as `file:line: what to do`."""

QUIET_SECONDS = 1.0
"""For so long nobody may have saved a file before the files are looked at: a half-saved one is no mistake."""


class Trouble(Value):
    """Why the files as they are now are not in force, and since when."""

    since: AwareDatetime
    mistakes: tuple[str, ...]


class Watch:
    """Sees when somebody has changed a file."""

    def __init__(self) -> None:
        self._seen: object = None

    def changed(self) -> bool:
        """Whether the files differ from those of the last time this was true; true the first time."""
        found = {path: _stamp(path) for path in _sources().values()}
        newest = max((written for written, _ in found.values()), default=0)
        if found == self._seen or (self._seen is not None and abs(time.time() - newest) < QUIET_SECONDS):
            return False
        self._seen = found
        return True


def city() -> City:
    """The city as it is in force for this process, until it follows."""
    return load_city(folder())


def folder() -> Path:
    """Where the files in force lie: the last good copy, else the folder a clerk edits."""
    return _newest(settings().city_folder, _kept() / "last-good")


def follow() -> bool:
    """Turn to the newest good copy; whether it is another one than before."""
    before = folder()
    _newest.cache_clear()
    return folder() != before


def judge(check: Check) -> Trouble | None:
    """Put the files in force as they are now, unless `check` finds a mistake; returns what is new."""
    copy = _copy()
    mistakes = _mistakes(copy, check)
    if not mistakes:
        _put_in_force(copy)
        return None
    if copy != _target():
        shutil.rmtree(copy, ignore_errors=True)
    return _refuse(tuple(_where_written(line, copy) for line in mistakes))


def trouble() -> Trouble | None:
    """What is wrong with the files as they are now; None while they are in force."""
    with suppress(FileNotFoundError):
        return Trouble.model_validate_json(_trouble_file().read_text(encoding="utf-8"))
    return None


@cache
def _newest(own: Path, last_good: Path) -> Path:
    return last_good.resolve() if last_good.exists() else own


def _kept() -> Path:
    return settings().data_folder / "rules" / settings().city


def _trouble_file() -> Path:
    return _kept() / "trouble.json"


def _target() -> Path:
    return (_kept() / "last-good").resolve()


def _files(root: Path) -> list[Path]:
    """What somebody wrote; editors keep files of their own beside it, with a dot or a tilde."""
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.name.startswith(".") and not path.name.endswith("~"))


def _sources() -> dict[Path, Path]:
    """By its place in the copy, each file: the city's own go over those that cities share."""
    roots = (settings().rules_folder / COMMON, settings().city_folder)
    return {path.relative_to(root): path for root in roots for path in _files(root)}


def _where_written(mistake: str, copy: Path) -> str:
    """The same mistake with the file that somebody can mend instead of its copy."""
    for name, path in _sources().items():
        mistake = mistake.replace(f"{copy / name}", f"{path}")
    return mistake.replace(f"{copy}", f"{settings().city_folder}")


def _stamp(path: Path) -> tuple[float, int]:
    with suppress(FileNotFoundError):
        told = path.stat()
        return told.st_mtime, told.st_size
    return 0.0, 0


def _copy() -> Path:
    """A copy of all files, named by what stands in them."""
    fresh = _kept() / f"new-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    digest = blake2b(digest_size=12)
    for name, path in sorted(_sources().items()):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)} ".encode() + content)
        (fresh / name).parent.mkdir(exist_ok=True)
        (fresh / name).write_bytes(content)
    copy = _kept().resolve() / digest.hexdigest()
    if copy.exists():
        shutil.rmtree(fresh)
    else:
        fresh.rename(copy)
    return copy


def _mistakes(copy: Path, check: Check) -> list[str]:
    try:
        return check(load_city(copy))
    except ConfigError as error:
        return str(error).splitlines()


def _put_in_force(copy: Path) -> None:
    before, link = _target(), _kept() / f"link-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(copy.name)
    link.replace(_kept() / "last-good")
    _trouble_file().unlink(missing_ok=True)
    # Whoever has not followed yet may still read the one before.
    for other in _kept().iterdir():
        if other.is_dir() and not other.is_symlink() and other.resolve() not in {copy, before}:
            shutil.rmtree(other, ignore_errors=True)


def _refuse(mistakes: tuple[str, ...]) -> Trouble | None:
    known = trouble()
    if known and known.mistakes == mistakes:
        return None
    found = Trouble(since=datetime.now(UTC), mistakes=mistakes)
    written = _trouble_file().with_suffix(f".{os.getpid()}")
    written.write_text(found.model_dump_json(), encoding="utf-8")
    written.replace(_trouble_file())
    return found
