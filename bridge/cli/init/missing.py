"""What a new city still lacks, and the commands that come next."""

import os
from collections.abc import Iterator

from rich.console import Console

from bridge.city import City
from bridge.cli.init.folder import Answers
from bridge.cli.init.start import left_to_press
from bridge.settings import settings


def tell(console: Console, answers: Answers, city: City) -> None:
    """Print what is missing, and every command from here to a running bridge."""
    console.print("\n[bold]Missing[/bold]")
    for line in _lacking(answers, city):
        console.print(f"  - {line}", highlight=False, markup=False, soft_wrap=True)
    console.print("\n[bold]Next[/bold]")
    for line in _commands(answers, city):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def _lacking(answers: Answers, city: City) -> Iterator[str]:
    yield f"streets and places: without {city.folder}/gazetteer.csv no report has a place to trust"
    yield f"{city.folder}/areas.geojson: only needed where rules ask for districts"
    yield f"the pages under links in {city.folder}/city.yaml, and whom contacts in departments.yaml point to"
    if left := left_to_press(answers.offices):
        yield f"an office for {', '.join(left)}: until then the press desk gets them"
    if len(settings().secret_key.get_secret_value()) < 32:
        yield "BRIDGE_SECRET_KEY, which signs links and encrypts the accounts' tokens"
    if "SMTP_HOST" not in os.environ:
        yield "a mail server: SMTP_HOST and its kin, see README.md"
    if not settings().takes_answers_by_mail:
        yield "a mailbox for the departments' answers: IMAP_HOST and its kin; links in the mails work without"
    if not settings().mail_real_domains:
        yield "BRIDGE_MAIL_REAL_DOMAINS=true: until then mail leaves only for addresses that end in .example"
    if not answers.accounts:
        yield "an account on a platform"


def _commands(answers: Answers, city: City) -> Iterator[str]:
    yield f"export BRIDGE_CITY={answers.folder}"
    build, out = "bridge gazetteer build", f"--out {city.folder}/gazetteer.csv"
    yield f"{build} extract.osm.pbf --within {answers.town!r} {out}"
    yield f"    or, to begin with, a list of streets (first line: street,lat,lon): {build} streets.csv {out}"
    yield "bridge rules check && bridge rules test"
    yield "bridge run --no-samples   # tries it all on this machine: a square, the desk, the offices' mailbox"
    yield "and for real, with the variables of README.md:"
    if len(settings().secret_key.get_secret_value()) < 32:
        make = "import secrets; print(secrets.token_urlsafe(48))"
        yield f"export BRIDGE_SECRET_KEY=$(python3 -c '{make}')   # keep a copy in a safe place"
    yield "bridge db upgrade"
    yield "bridge staff add NAME"
    for platform, handle in answers.accounts:
        server = handle.rpartition("@")[2] if handle.count("@") > 1 else "SERVER"
        yield f"bridge platforms connect {platform} --server https://{server}   # {handle}"
    yield "bridge doctor             # once the processes of the Procfile run"
    yield "Then read docs/first-week.md: from shadow to suggest to automatic."
