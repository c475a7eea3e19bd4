"""What routing costs beside reading: 200 rules and 1,000 drawn areas, those of each ticket found anew."""

import json
import math
import random
import tempfile
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from shutil import copytree

import yaml

from benchmarks import ground
from benchmarks.figures import Figure, Result, repeated, spread, timed
from bridge.city import City
from bridge.domain import Matter, Understanding
from bridge.places import city_gazetteer
from bridge.places.gazetteer import Gazetteer
from bridge.routing import Rules
from bridge.tickets.types import utcnow
from bridge.understanding import matter_in, understand

RULES, AREAS, TEXTS, CORNERS = 200, 1000, 500, 40
FOLDER = ground.ROOT / "routing_rules"
AROUND = 0.12
"""Degrees around the middle of the city within which areas are drawn."""


def measure(times: int) -> Iterable[Figure]:
    """Routing and reading of the same texts, one beside the other in each round."""
    with tempfile.TemporaryDirectory() as folder:
        city = crowded(Path(folder))
        rules, gazetteer = Rules.load(city), city_gazetteer(city)
        understand("Ist die Ampel aus?", city=city, gazetteer=gazetteer)
        yield from repeated(times, lambda: compared(city, rules, gazetteer))


def compared(city: City, rules: Rules, gazetteer: Gazetteer) -> Result:
    """Single times of both, and how many readings one routing is worth."""
    texts, meanings = ground.texts(TEXTS), list[Understanding]()
    read = timed(
        lambda text=text: meanings.append(understand(text, city=city, gazetteer=gazetteer))  # type: ignore[misc]
        for text in texts
    )
    routed = timed(
        lambda text=text, meaning=meaning: rules.route(written_now(text, meaning, gazetteer))  # type: ignore[misc]
        for text, meaning in zip(texts, meanings, strict=True)
    )
    unasked = [rules.trace(written_now(t, m, gazetteer)) for t, m in zip(texts, meanings, strict=True)]
    return {
        **spread("one text understood", read),
        **spread("one ticket routed", routed),
        ("rules asked for a ticket, mean", ""): sum(map(len, unasked)) / TEXTS,
        ("routing beside understanding", "%"): 100 * sum(routed) / sum(read),
    }


def written_now(text: str, meaning: Understanding, gazetteer: Gazetteer) -> Matter:
    """What the rules are asked, with the areas found anew."""
    return matter_in(text, meaning, gazetteer).model_copy(update={"at": utcnow()})


def crowded(folder: Path) -> City:
    """Leipzig with many more rules and areas."""
    copytree(FOLDER, folder, dirs_exist_ok=True)
    here = folder / "leipzig"
    drawn = json.loads((here / "areas.geojson").read_text("utf-8"))["features"]
    city = City(here)
    shapes = islice(outlines(city.file.centre.lat, city.file.centre.lon), AREAS - len(drawn))
    drawn += [
        {
            "type": "Feature",
            "properties": {"name": f"Gebiet {number}"},
            "geometry": {"type": "Polygon", "coordinates": [shape]},
        }
        for number, shape in enumerate(shapes)
    ]
    (here / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": drawn}), "utf-8")
    # The real ones last: most texts pass all the new ones first.
    real = yaml.safe_load((here / "rules.yaml").read_text("utf-8"))["rules"]
    made = [further(number, city) for number in range(RULES - len(real))]
    (here / "rules.yaml").write_text(yaml.safe_dump({"rules": made + real}), "utf-8")
    return City(here)


def further(number: int, city: City) -> dict[str, object]:
    """A rule of one of five kinds, as towns have them; hardly any takes a text."""
    categories = sorted(city.categories)
    conditions: tuple[dict[str, object], ...] = (
        {"area": f"Gebiet {number}", "category": categories[number % len(categories)]},
        {"words": [f"sonderfall{number:03}", f"ausnahme{number:03}"]},
        {"street": f"Nirgendwostraße {number}", "time": "closed"},
        {"season": "11-01..03-31", "words": f"winterdienst{number:03}"},
        {"area": [f"Gebiet {number}", f"Gebiet {number + 200}"], "kind": "report", "time": "weekend"},
    )
    return {
        "name": f"further_{number}",
        "when": conditions[number % len(conditions)],
        "send_to": next(iter(city.departments)),
        "because": "Diese Regel ist nur zum Messen da.",
        "examples": ["Die Ampel ist aus"],
    }


def outlines(lat: float, lon: float) -> Iterator[list[tuple[float, float]]]:
    """Round shapes of many corners, scattered over the city: as longitude and latitude."""
    chance = random.Random(5)
    for size in cycle((0.004, 0.01, 0.03)):
        y, x = lat + chance.uniform(-AROUND, AROUND), lon + chance.uniform(-AROUND, AROUND)
        turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
        ring = [(x + size * math.cos(turn), y + size * math.sin(turn) * 0.6) for turn in turns]
        yield [*ring, ring[0]]
