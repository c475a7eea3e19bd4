"""Plays a city's earlier reports through the whole bridge as mentions and counts what became of each.

    python -m benchmarks.replay_reports REPORTS.csv

REPORTS.csv is an export with the columns of the Konstanz defect reporter: `Text`,
`Automatisch-ermittelte-Adresse` ("Street 12, 78467 Town, Country"), `lat`, `lon`. A city folder for the run
is made from Leipzig's rules, with a gazetteer built from the address column alone.
"""

import csv
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import requests
import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bridge.places.build import build
from tests.journey.whole import ROOT, Whole, running

ADDRESS = re.compile(r"(?P<street>[^,]*?\D)\s+(?P<number>\d+\s?[a-zA-Z]?), (?P<plz>\d{5}) ")
LONGEST = 480
"""The square takes 500 characters like most servers; a longer report is cut as its writer would have to."""
PATIENCE_SECONDS = 3600

KNOWN = "SELECT count(*) FROM message WHERE step IS NULL AND by_us = 0"
MOVING = " + ".join(
    f"(SELECT count(*) FROM {table} WHERE step IS NOT NULL)"
    for table in ("raw_event", "message", "ticket", "delivery", "sent_reply")
)
NO_TICKET = "by_us = 0 AND id NOT IN (SELECT message_id FROM ticket_message)"
TABLES = {
    "messages by number of tickets": (
        "(SELECT count(*) FROM ticket_message m WHERE m.message_id = message.id)",
        "message WHERE by_us = 0",
    ),
    "messages without a ticket, by kind": ("kind", f"message WHERE {NO_TICKET}"),
    "tickets by kind": ("kind", "ticket"),
    "tickets by state and reason": ("status || coalesce(' (' || reason || ')', '')", "ticket"),
    "replies by cause, text and state": ("cause || ' ' || variant || ': ' || state", "sent_reply"),
    "hand-overs by state": ("reason || ': ' || state", "delivery"),
    "set aside": ("error", "message WHERE error != ''"),
}

console = Console()


def main(reports: Path) -> None:
    """Play every report, wait until nothing moves any more, print the tables."""
    with reports.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        addresses = make_city(folder / "routing_rules", rows, folder)
        console.print(
            f"{len(rows)} reports; gazetteer of {addresses} addresses from their own address column"
        )
        city = {"BRIDGE_RULES": str(folder / "routing_rules"), "BRIDGE_CITY": "replay"}
        with running(folder / "var", port=18_400, **city) as whole, Progress(console=console) as progress:
            began = time.monotonic()
            play(whole, rows, progress)
            posted = time.monotonic() - began
            wait(whole, len(rows), progress)
            done = time.monotonic() - began
            progress.stop()
            report(whole, len(rows), posted, done)


def make_city(rules: Path, rows: list[dict[str, str]], scratch: Path) -> int:
    """Make the city folder `replay`; returns how many addresses its gazetteer knows."""
    folder = rules / "replay"
    for name in ("leipzig", "common"):
        shutil.copytree(ROOT / "routing_rules" / name, folder, dirs_exist_ok=True)
    for of_leipzig in ("areas.geojson", "places.csv", "gazetteer.csv"):
        (folder / of_leipzig).unlink(missing_ok=True)
    city = yaml.safe_load((folder / "city.yaml").read_text())
    middle = {axis: median(float(row[axis]) for row in rows if row[axis]) for axis in ("lat", "lon")}
    city |= {"name": "Replay", "reference_prefix": "RE", "centre": middle}
    (folder / "city.yaml").write_text(yaml.safe_dump(city, allow_unicode=True))
    source = scratch / "addresses.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("street", "hnr", "plz", "lat", "lon"))
        writer.writerows(addresses_of(rows))
    return build([source], folder / "gazetteer.csv", lambda *_: None).rows


def addresses_of(rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str, str, str]]:
    """Street, number, postcode, lat, lon of every report whose address has all of them."""
    for row in rows:
        found = ADDRESS.match(row["Automatisch-ermittelte-Adresse"])
        if found and row["lat"] and row["lon"]:
            yield found["street"].strip(), found["number"], found["plz"], row["lat"], row["lon"]


def play(whole: Whole, rows: list[dict[str, str]], progress: Progress) -> None:
    """Post each report as a mention by a citizen of its own."""
    task = progress.add_task("Posting", total=len(rows))
    with requests.Session() as square:
        for number, row in enumerate(rows):
            text = f"@stadt {row['Text'].strip()[:LONGEST]}"
            wish = {"persona": f"melder{number}", "text": text}
            square.post(f"{whole.square}/sandbox/posts", json=wish, timeout=30).raise_for_status()
            progress.advance(task)


def wait(whole: Whole, expected: int, progress: Progress) -> None:
    """Wait until every message is understood and everything that can be sent is sent."""
    task = progress.add_task("Understood and handed over", total=expected)
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        known, moving = number(whole, KNOWN), number(whole, f"SELECT {MOVING}")
        progress.update(task, completed=max(known - moving, 0))
        if known >= expected and not moving:
            return
        time.sleep(1)
    sys.exit("not settled in time")


def report(whole: Whole, count: int, posted: float, done: float) -> None:
    """Print what became of the reports."""
    console.print(f"\n{count} posted in {posted:.0f} s; all settled after {done:.0f} s,")
    console.print(f"that is {count / done:.1f} messages a second from the post to mail and reply")
    for title, (what, source) in TABLES.items():
        show(title, whole.rows(f"SELECT {what}, count(*) FROM {source} GROUP BY 1 ORDER BY 2 DESC"))


def show(title: str, rows: list[tuple[object, ...]]) -> None:
    """Print one table."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for what, count in rows:
        table.add_row(str(what), str(count))
    console.print(table)


def number(whole: Whole, query: str) -> int:
    """The one number a query gives."""
    return int(whole.rows(query)[0][0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
