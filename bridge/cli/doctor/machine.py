"""What the machine must bring: Python, variables, disk, database, Redis and the house's own processes."""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from bridge import queues
from bridge.city.yaml import suggestion
from bridge.cli.doctor.finding import Finding
from bridge.settings import Settings, settings
from bridge.tickets import claims, migrate, switches
from bridge.tickets.book import staff as people
from bridge.tickets.types import utcnow

GIGABYTE = 2**30
LEAST = 0.2 * GIGABYTE
"""With less on the disk something is about to fail."""
SKEW_SECONDS = 5
TICK_SECONDS = 2.0
"""A ticker that lives rings for what is due well within this time."""

_ELSEWHERE = {"BRIDGE_STAFF_PASSWORD", "BRIDGE_ACCOUNT_TOKEN", "BRIDGE_TRACKER_KEY"}
"""Variables that single commands read."""


def python() -> Iterator[Finding]:
    """The interpreter, and every package the house needs."""
    absent = [name for name in _needed() if not _installed(name)]
    if absent:
        yield Finding.broken(f"packages are missing: {', '.join(absent)}; run make install")
    else:
        yield Finding.ok(f"{sys.version.split()[0]}, all packages are there")


def variables() -> Iterator[Finding]:
    """Names that look like ours and mean nothing."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()} | _ELSEWHERE
    begun = ("BRIDGE_", "SMTP_", "IMAP_")
    wrong = [name for name in sorted(os.environ) if name.startswith(begun) and name not in known]
    for name in wrong:
        yield Finding.warning(f"nobody reads the variable {name}{suggestion(name, known)}")
    if not wrong:
        yield Finding.ok(f"all are understood; the city is {settings().city}")


def secret_key() -> Iterator[Finding]:
    """The key that signs links and opens stored tokens."""
    settings().require_secret()
    yield Finding.ok("is set; keep a copy of it in a safe place")


def disk() -> Iterator[Finding]:
    """Room where the data lies."""
    folder = settings().data_folder.resolve()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    told = f"{free / GIGABYTE:.1f} GB are free at {there}"
    if free < LEAST:
        yield Finding.broken(f"{told}; make room before messages are lost")
    elif free < 5 * LEAST:
        yield Finding.warning(f"{told}; make room soon")
    else:
        yield Finding.ok(told)
    if there == folder and not os.access(folder, os.W_OK):
        yield Finding.broken(f"{folder} cannot be written; give it to the user who runs the bridge")


def database() -> Iterator[Finding]:
    """Reachable, and in the newest form."""
    file = settings().sql_url.removeprefix("sqlite:///")
    if file != settings().sql_url and not Path(file).exists():
        yield Finding.broken(f"there is no database at {file}; run bridge db upgrade")
    elif migrate.missing():
        yield Finding.broken("the database is older than the program; run bridge db upgrade")
    else:
        yield Finding.ok("answers, and is in the newest form")
        if by := switches.paused_by():
            yield Finding.warning(f"everything outgoing is paused ({by}); bridge resume lets it go on")


def staff() -> Iterator[Finding]:
    """Whether anybody can sign in."""
    if people.any_account():
        yield Finding.ok("somebody can sign in at the desk")
    else:
        yield Finding.warning("nobody can sign in at the desk; run bridge staff add")


def redis() -> Iterator[Finding]:
    """Reachable, and of the same time."""
    with queues.redis() as connection:
        seconds, _ = connection.time()
    skew = abs(time.time() - seconds)
    if skew > SKEW_SECONDS:
        yield Finding.warning(f"its clock is {skew:.0f} seconds off ours; let both follow a time server")
    else:
        yield Finding.ok("answers")


def workers() -> Iterator[Finding]:
    """One for each queue."""
    for name in (queues.COMPUTE, queues.NETWORK):
        if count := queues.workers(name):
            yield Finding.ok(f"{name}: {count}")
        else:
            yield Finding.broken(f"{name}: none; start python -m workers {name}, as in the Procfile")


def ticker() -> Iterator[Finding]:
    """Whether what is due is rung for: it takes a lease for that and stays silent while nothing is."""
    began, before = utcnow(), set(claims.due_steps())
    if not before:
        yield Finding.ok("nothing is due")
        return
    time.sleep(TICK_SECONDS)
    ends = switches.lease_ends("ticker")
    if ends and ends > began:
        yield Finding.ok("rings for what is due")
    elif before & set(claims.due_steps()):
        yield Finding.broken(
            "work is due and nobody rings; start python -m workers.ticker, as in the Procfile"
        )
    else:
        yield Finding.ok("nothing stays due")


def _needed() -> list[str]:
    """The packages the program names as its own, without those for developing it."""
    own = [line for line in requires("stadtbruecke") or [] if "extra ==" not in line]
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in own]


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False
