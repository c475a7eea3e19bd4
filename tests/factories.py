"""Small things every test may need: a city folder, a city, a message, a matter."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

from bridge.city import City
from bridge.domain import Author, InboundMessage, Kind, Location, Matter, Precision, Understanding, Visibility

LEIPZIG = Path(__file__).parent.parent / "routing_rules" / "leipzig"
NOW = datetime(2026, 11, 20, 14, 4, tzinfo=UTC)

FILES = {
    "city.yaml": """\
name: Musterstadt
jurisdiction: musterstadt.example
reference_prefix: MU
centre: {lat: 51.0, lon: 12.0}
mail_from: melder@musterstadt.example
on_call: notruf@leitstelle.example
links:
  impressum: https://musterstadt.example/impressum
  datenschutz: https://musterstadt.example/datenschutz
  barrierefreiheit: https://musterstadt.example/barrierefreiheit
  netiquette: https://musterstadt.example/netiquette
automation:
  default: automatic
""",
    "departments.yaml": """\
departments:
  press: {name: Pressestelle, address: presse@musterstadt.example}
  streets: {name: Tiefbauamt, address: tiefbau@musterstadt.example}
  cleaning: {name: Stadtreinigung, address: reinigung@musterstadt.example, speaks: directly}
""",
    "categories.yaml": """\
categories:
  traffic_light: {de: Ampel defekt, en: Broken traffic light}
  illegal_dumping: {de: Illegale Müllablagerung, en: Illegal dumping}
  road_damage: {de: Straßenschaden, en: Road damage}
  noise: {de: Lärm, en: Noise, needs_place: false}
  other: {de: Sonstiges, en: Something else}
""",
    "rules.yaml": """\
rules:
  - name: emergency
    when: {kind: emergency}
    send_to: press
    hold: true
    because: Notfälle sieht sofort ein Mensch.
    examples: [Hier brennt ein Haus]
  - name: streets
    when: {category: [traffic_light, road_damage]}
    send_to: streets
    because: Das Tiefbauamt hält Ampeln und Straßen instand.
    examples: [Die Ampel ist aus]
  - name: cleaning
    when: {category: illegal_dumping}
    send_to: cleaning
    because: Die Stadtreinigung holt ab, was wild abgelegt wurde.
    examples: [Hier liegt Sperrmüll]
  - name: rest
    when: {}
    send_to: press
    because: Die Pressestelle findet das zuständige Amt.
    examples: ['Wann ist das Fest?']
""",
    "areas.geojson": """\
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "Nord"}, "geometry": {"type": "Polygon", "coordinates":
  [[[11.9, 51.0], [12.1, 51.0], [12.1, 51.1], [11.9, 51.1], [11.9, 51.0]]]}},
 {"type": "Feature", "properties": {"name": "Süd"}, "geometry": {"type": "Polygon", "coordinates":
  [[[11.9, 50.9], [12.1, 50.9], [12.1, 51.0], [11.9, 51.0], [11.9, 50.9]]]}}]}
""",
}


def make_city_folder(tmp_path: Path, **changed: str) -> Path:
    """A complete small city; `rules="…"` puts another text into rules.yaml, and so on."""
    folder = tmp_path / "musterstadt"
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(changed.pop(Path(name).stem, text), encoding="utf-8")
    assert not changed, f"no such file: {sorted(changed)}"
    copytree(LEIPZIG.parent / "common" / "texts", folder / "texts", dirs_exist_ok=True)
    return folder


def make_city(tmp_path: Path, **changed: str) -> City:
    """The city of `make_city_folder`."""
    return City(make_city_folder(tmp_path, **changed))


def make_message(text: str = "@stadt Die Ampel ist aus", **changed: Any) -> InboundMessage:
    """A public mention by Ada, a citizen who does not exist."""
    given: dict[str, Any] = {
        "external_id": "100",
        "conversation_id": "100",
        "author": Author(external_id="7", handle="ada@marktplatz.example", display_name="Ada"),
        "text": text,
        "visibility": Visibility.PUBLIC,
        "written_at": NOW,
    }
    return InboundMessage(**(given | changed))


def make_location(**changed: Any) -> Location:
    """A crossing that is known well enough to be trusted."""
    given: dict[str, Any] = {
        "label": "Hauptstraße / Ringstraße",
        "precision": Precision.INTERSECTION,
        "street": "Hauptstraße",
        "cross_street": "Ringstraße",
        "district": "Nord",
        "lat": 51.01,
        "lon": 12.01,
        "confidence": 0.9,
    }
    return Location(**(given | changed))


def make_understanding(**changed: Any) -> Understanding:
    """A clear report of a broken traffic light at a known crossing."""
    given: dict[str, Any] = {
        "kind": Kind.REPORT,
        "category": "traffic_light",
        "confidence": 0.9,
        "location": make_location(),
    }
    return Understanding(**(given | changed))


def make_matter(**changed: Any) -> Matter:
    """What the rules see of a clear report of a broken traffic light."""
    given: dict[str, Any] = {"kind": Kind.REPORT, "category": "traffic_light", "text": "Die Ampel ist aus"}
    return Matter(**(given | changed))
