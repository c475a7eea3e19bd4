"""The small words around a name that say what it is, as words.yaml lists them."""

from pathlib import Path

from bridge.city import Entry, yaml


class _WordsFile(Entry):
    prepositions: frozenset[str]
    beside: frozenset[str]
    articles: frozenset[str]
    corner: frozenset[str]
    links: frozenset[str]
    between: frozenset[str]
    away: frozenset[str]
    stop: frozenset[str]
    stop_parts: tuple[str, ...]
    offices: tuple[str, ...]
    people: frozenset[str]
    function: frozenset[str]
    at: frozenset[str]
    never: frozenset[str]
    longer: frozenset[str]
    ways: frozenset[str]
    things: frozenset[str]


_FILE = yaml.load(Path(__file__).with_name("words.yaml"), _WordsFile)
PREPOSITIONS = _FILE.prepositions
BESIDE = _FILE.beside
POSITIONS = PREPOSITIONS | BESIDE
ARTICLES = _FILE.articles
CORNER = _FILE.corner
LINKS = _FILE.links | CORNER | ARTICLES
BETWEEN = _FILE.between
AWAY = _FILE.away
OFFICES = _FILE.offices
PEOPLE = _FILE.people
FUNCTION = _FILE.function | POSITIONS | ARTICLES | AWAY | BETWEEN
WAYS = _FILE.ways
THINGS = _FILE.things
NEVER = _FILE.never
AT = _FILE.at
LONGER = _FILE.longer


def speaks_of_stop(word: str) -> bool:
    """Whether a folded word says that a tram or bus stops there."""
    return word in _FILE.stop or any(part in word for part in _FILE.stop_parts)
