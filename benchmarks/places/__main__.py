"""How well places are read: `python -m benchmarks.places --data FOLDER`.

Konstanz gives real reports with pins; the gold posts were written about Leipzig by somebody who saw neither
the program nor its word lists. A plain rival searches the same names letter by letter.
"""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.places import gold, readers, reports, speed
from benchmarks.places.truth import Truth
from bridge.places.gazetteer import Gazetteer


def main(data: Path | None, half: str) -> None:
    """Print every table."""
    if data is None or not (data / "leipzig").is_dir():
        raise SystemExit("Places are measured against open data; name their folder with --data FOLDER.")
    with TemporaryDirectory() as beside:
        file = readers.built(data / "leipzig", Path(beside) / "gazetteer.csv")
        files = [file, readers.LEIPZIG / "places.csv"]
        known = Gazetteer.load(files, readers.LEIPZIG / "areas.geojson")
        cases, truth = gold.posts(half), Truth(data / "leipzig")
        for name, read in (
            ("shipped", readers.shipped(known)),
            ("substring search", readers.substrings(data / "leipzig")),
        ):
            gold.report(name, cases, [read(case.text) for case in cases], truth)
        speed.measure(files, [case.text for case in cases], "a city of 50,095 addresses")
    if (data / "konstanz").is_dir():
        reports.measure(data)


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.places")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--half", choices=("", "odd", "even"), default="", help="of the gold posts")
    asked = parser.parse_args()
    main(asked.data, asked.half)
