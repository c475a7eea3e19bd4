"""Measures the names found: `python -m benchmarks.entities --data FOLDER` prints the tables.

MobIE from raw text, strict: start, end (in characters) and label must all be right. Street mentions in real
reports: of those whose pin's street is written out, in how many a street is found where it stands.
"""

import csv
import random
import re
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bridge.places.normal import key, words
from bridge.understanding import ner
from bridge.understanding.network import Network
from bridge.understanding.training import corpora
from bridge.understanding.training.corpora import Example
from bridge.understanding.training.seeds import CORPUS, read

_STREET = re.compile(r"([^,\d]{4,}?) \d")
Finder = Callable[[Sequence[str]], Sequence[Iterable[tuple[int, int]]]]


class Mention(NamedTuple):
    """A report, and where the street of its pin is written in it."""

    text: str
    start: int
    end: int


def counted(
    examples: Sequence[Example], found: Sequence[list[ner.Name]], kinds: tuple[str, ...] | None
) -> str:
    """Precision, recall and F1 in percent over names of these kinds, as cells of a table."""
    wanted = {(n, *name) for n, example in enumerate(examples) for name in example.names}
    given = {(n, *name) for n, names in enumerate(found) for name in names}
    if kinds:
        wanted, given = ({one for one in some if one[3] in kinds} for some in (wanted, given))
    return _cells(len(wanted & given), len(wanted), len(given))


def untyped(examples: Sequence[Example], found: Sequence[list[ner.Name]]) -> str:
    """The same over all places, whatever their kind."""
    wanted = {(n, *name[:2]) for n, e in enumerate(examples) for name in e.names if _is_place(name)}
    given = {(n, *name[:2]) for n, names in enumerate(found) for name in names if _is_place(name)}
    return _cells(len(wanted & given), len(wanted), len(given))


def _is_place(name: ner.Name) -> bool:
    return name.label.startswith("location")


def _cells(right: int, wanted: int, given: int) -> str:
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"{100 * precision:.1f} | {100 * recall:.1f} | {100 * f1:.1f} | {wanted}"


def corpus(file: Path, network: Network) -> None:
    """Print the table of one part of MobIE."""
    examples = corpora.raw(file)
    found = list(ner.names([example.text for example in examples], network))
    kinds = sorted({name.label for example in examples for name in example.names})
    print(f"\n### {file.name}: {len(examples)} texts\n\n| names | precision | recall | F1 | number |")
    print("|---|---:|---:|---:|---:|")
    print(f"| all | {counted(examples, found, None)} |")
    places = tuple(kind for kind in kinds if kind.startswith("location"))
    print(f"| locations | {counted(examples, found, places)} |")
    print(f"| locations, whatever kind | {untyped(examples, found)} |")
    for kind in kinds:
        print(f"| {kind} | {counted(examples, found, (kind,))} |")


def streets_of(file: Path) -> set[str]:
    """The streets of all pins."""
    with file.open(encoding="utf-8") as lines:
        addresses = [row["Automatisch-ermittelte-Adresse"] for row in csv.DictReader(lines)]
    return {match[1] for address in addresses if (match := _STREET.match(address))}


def mentions(file: Path) -> list[Mention]:
    """The reports whose pin's street is written out, with the place where it is."""
    with file.open(encoding="utf-8") as lines:
        reports = [(row["Text"], row["Automatisch-ermittelte-Adresse"]) for row in csv.DictReader(lines)]
    found = (_mention(text, match[1]) for text, address in reports if (match := _STREET.match(address)))
    return [mention for mention in found if mention]


def _mention(text: str, street: str) -> Mention | None:
    wanted, written = key(street), words(text)
    for first in range(len(written)):
        name = ""
        for last in range(first, min(first + 5, len(written))):
            name += written[last].fold
            if name == wanted:
                return Mention(text, written[first].start, written[last].end)
    return None


def others(found: Sequence[Mention], names: Sequence[str]) -> list[Mention]:
    """The same reports with other streets in them."""
    chance = random.Random(1)
    return [
        Mention(m.text[: m.start] + name + m.text[m.end :], m.start, m.start + len(name))
        for m, name in ((m, chance.choice(names)) for m in found)
    ]


def recall(finder: Finder, found: Sequence[Mention]) -> str:
    """How many of the mentions something found overlaps."""
    given = finder([mention.text for mention in found])
    right = sum(any(a < m.end and m.start < b for a, b in some) for m, some in zip(found, given, strict=True))
    return f"{right / max(len(found), 1):.3f}"


def unseen(data: Path) -> list[str]:
    """Street names of another town that no authored sentence can hold."""
    known = {key(seed.text) for seed in read(CORPUS / "slots" / "street_name.txt")}
    with (data / "leipzig" / "addresses_osm.csv").open(encoding="utf-8") as lines:
        return sorted({row["street"] for row in csv.DictReader(lines) if key(row["street"]) not in known})


def reports(data: Path, network: Network) -> None:
    """Print how many street mentions of real reports are found."""
    file = data / "konstanz" / "reports_2020_2022.csv"
    written = mentions(file)
    variants = [written, others(written, unseen(data))]
    variants.append([Mention(m.text.lower(), m.start, m.end) for m in written])
    gazetteer = sorted({m.text[m.start : m.end].lower() for m in written})

    def network_(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        every = ner.names(texts, network)
        return [[(n.start, n.end) for n in some if n.label == "location-street"] for some in every]

    def places(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        return [[(n.start, n.end) for n in some if _is_place(n)] for some in ner.names(texts, network)]

    def substrings(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        lower = [text.lower() for text in texts]
        return [
            [(t.index(name), t.index(name) + len(name)) for name in gazetteer if name in t] for t in lower
        ]

    print(f"\n### Street mentions in {len(written)} real reports\n")
    print("| found by | as written | unseen names | lower case |\n|---|---:|---:|---:|")
    rivals: dict[str, Finder] = {"the network, as streets": network_, "the network, as any place": places}
    rivals["substrings, knowing just these streets"] = substrings
    for name, finder in rivals.items():
        print(f"| {name} | {' | '.join(recall(finder, variant) for variant in variants)} |")
    with file.open(encoding="utf-8") as lines:
        texts = [row["Text"] for row in csv.DictReader(lines)]
    known = {key(street) for street in streets_of(file)}
    found = [text[a:b] for text, some in zip(texts, network_(texts), strict=True) for a, b in some]
    share = sum(key(street) in known for street in found) / max(len(found), 1)
    print(f"\nOf {len(found)} streets found in all {len(texts)} reports the pins know {100 * share:.1f} %.")


def speed(file: Path, weights: Path) -> None:
    """Print messages a second and the late single answers, on one core."""
    network, texts = Network.load(weights), [example.text for example in corpora.raw(file)]
    list(ner.names(texts, network))
    began = time.process_time()
    list(ner.names(texts, network))
    batched = time.process_time() - began
    singles = []
    for text in texts:
        began = time.process_time()
        list(ner.names([text], network))
        singles.append(time.process_time() - began)
    late = sorted(singles)[int(0.95 * len(singles))]
    began = time.process_time()
    Network.load(weights)
    load = time.process_time() - began
    print("\n### Speed, seconds of CPU\n\n| batched, texts/s | one by one, median | p95 | load | weights |")
    print("|---:|---:|---:|---:|---:|")
    print(f"| {len(texts) / batched:.0f} | {1000 * sorted(singles)[len(texts) // 2]:.2f} ms ", end="")
    print(f"| {1000 * late:.2f} ms | {load:.2f} s | {weights.stat().st_size / 1e6:.1f} MB |")


def main() -> None:
    """Print every table whose data are there."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds mobie and konstanz")
    parser.add_argument("--weights", type=Path, default=ner.WEIGHTS)
    asked = parser.parse_args()
    threadpool_limits(1)
    network = Network.load(asked.weights)
    files = [asked.data / "mobie" / f"{part}.jsonl.gz" for part in ("dev", "test")]
    if not any(file.is_file() for file in files):
        parser.exit(1, f"{files[0]} is missing: --data names the folder that holds mobie and konstanz\n")
    for file in filter(Path.is_file, files):
        corpus(file, network)
        speed(file, asked.weights)
    if (asked.data / "konstanz").is_dir():
        reports(asked.data, network)


if __name__ == "__main__":
    main()
