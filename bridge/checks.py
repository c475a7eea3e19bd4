"""Looks over everything a clerk may edit, where several pillars must be asked."""

from collections.abc import Callable, Iterator
from functools import partial

from bridge import delivery, platforms
from bridge.city import City, yaml
from bridge.city.yaml import suggestion
from bridge.domain import ConfigError
from bridge.places import city_gazetteer
from bridge.places.districts import read_areas
from bridge.places.plane import metres
from bridge.replies.compose import Composer
from bridge.routing import Rules, words
from bridge.routing.rule import Rule
from bridge.settings import settings
from bridge.tickets.tables import BY_HAND, OPEN311
from bridge.understanding import understand

_FAR = 100_000.0
"""Metres from the middle of a town at which none of its areas lies."""


def mistakes(city: City) -> list[str]:
    """Every mistake in the city's folder, as `file:line: what to do`."""
    readers: tuple[Callable[[City], object], ...] = (Rules.load, Composer, city_gazetteer)
    found = [wrong for read in readers for wrong in _said(partial(read, city))]
    further = (_far_areas, _unreachable, _unknown_ways, _unreadable)
    return list(dict.fromkeys(found)) or [wrong for look in further for wrong in look(city)]


def warnings(city: City) -> list[str]:
    """What may be meant so, but probably is not; ask only of a city without mistakes."""
    rules = Rules.load(city)
    return [*rules.warnings(), *_unknown_streets(city, rules)]


def _said(act: Callable[[], object]) -> list[str]:
    """What `act` complains about, line by line."""
    try:
        act()
    except ConfigError as error:
        return str(error).splitlines()
    return []


def _far_areas(city: City) -> Iterator[str]:
    """Areas that lie nowhere near, as they do when latitude comes first."""
    path, centre = city.folder / "areas.geojson", city.file.centre
    for number, area in enumerate(read_areas(path) if path.exists() else (), start=1):
        away = metres((centre.lat, centre.lon), area.centre)
        if away > _FAR:
            yield (
                f"{path}: feature {number} ({area.name}) lies {away / 1000:.0f} km from the city; "
                "does the longitude come first?"
            )


def _unreachable(city: City) -> Iterator[str]:
    path = city.folder / "departments.yaml"
    _, lines = yaml.read(path)
    for slug, department in city.departments.items():
        for wrong in _wrong_way(department.channel, department.address):
            yield f"{path}:{yaml.line_of(lines, ('departments', slug, 'address'))}: {slug}: {wrong}"


def _wrong_way(channel: str, address: str) -> list[str]:
    return _said(lambda: delivery.load(channel)(settings()).check_address(address))


def _unknown_ways(city: City) -> Iterator[str]:
    """Rules that name a platform, a channel or a text there is none of."""
    rules, texts = Rules.load(city), Composer(city).named
    for number, rule in enumerate(rules.rules):
        for key, wrong in _unknown_in(rule, city, texts):
            yield f"{rules.line(('rules', number, *key))}: {key[-1]}: {wrong}"


def _unknown_in(rule: Rule, city: City, texts: frozenset[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    spoken = [*platforms.names(), BY_HAND, OPEN311]
    for name in rule.when.platform:
        if name not in spoken:
            yield ("when", "platform"), f"unknown platform {name!r}{suggestion(name, spoken)}"
    if rule.channel:
        for wrong in _wrong_way(rule.channel, city.departments[rule.send_to].address):
            yield ("channel",), wrong
    if rule.reply and rule.reply not in texts:
        yield ("reply",), f"no text {rule.reply!r} under named in texts/{suggestion(rule.reply, texts)}"


def _unreadable(city: City) -> list[str]:
    """What keeps texts from being read: emergencies.yaml, or categories no model knows."""
    return _said(lambda: understand("", city=city, gazetteer=city_gazetteer(city)))


def _unknown_streets(city: City, rules: Rules) -> Iterator[str]:
    for number, rule in enumerate(rules.rules):
        for street in rule.when.street:
            like = [found.street for found in city_gazetteer(city).search(street) if found.street]
            if words.street(street) not in map(words.street, like):
                where = rules.line(("rules", number, "when", "street"))
                yield f"{where}: the gazetteer knows no street {street!r}{suggestion(street, like)}"
