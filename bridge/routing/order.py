"""Finds rules that stand in each other's way."""

from collections.abc import Iterator

from bridge.city.yaml import Place
from bridge.routing import words
from bridge.routing.rule import Rule
from bridge.routing.when import Time, When


def misplaced(rules: dict[int, Rule], last: int) -> Iterator[tuple[Place, str]]:
    """The place and the mistake of every rule that is in the wrong one; `rules` by their number."""
    for number, rule in rules.items():
        earlier = [other for place, other in rules.items() if place < number]
        if rule.name in {other.name for other in earlier}:
            yield ("rules", number, "name"), f"another rule is called {rule.name!r}; choose a new name"
        taker = next((other for other in earlier if covers(other.when, rule.when)), None)
        if taker:
            yield (
                ("rules", number),
                f"never reached: {taker.name!r} above takes all of it; put this rule higher",
            )
    if last in rules and rules[last].when.asked:
        yield ("rules", last, "when"), "the last rule must take everything that is left; write when: {}"


def half_taken(rules: tuple[Rule, ...]) -> Iterator[tuple[Place, str]]:
    """The rules that differ from one above only by a season that overlaps with theirs."""
    for number, rule in enumerate(rules):
        for other in rules[:number]:
            shared = rule.when.days & other.when.days
            if shared and _but_season(rule.when) == _but_season(other.when):
                month, day = min(shared)
                yield (
                    ("rules", number, "when"),
                    f"the season overlaps with that of {other.name!r} above, which takes what is written "
                    f"on {month:02}-{day:02}, for instance",
                )


def covers(wide: When, narrow: When) -> bool:
    """Whether everything that meets `narrow` meets `wide` too."""
    return all(name in narrow.asked and _contains(name, wide, narrow) for name in wide.asked)


def _contains(condition: str, wide: When, narrow: When) -> bool:
    match condition:
        case "season":
            return narrow.days <= wide.days
        case "street":
            return narrow.streets <= wide.streets
        case "words":
            return all(any(_begins(word, stem) for stem in wide.words) for word in narrow.words)
        case "time":
            closed = {Time.HOLIDAY} if Time.CLOSED in wide.time else set()
            return set(narrow.time) <= {*wide.time, *closed}
        case "confidence_below":
            return (narrow.confidence_below or 0) <= (wide.confidence_below or 0)
    return set(getattr(narrow, condition)) <= set(getattr(wide, condition))


def _begins(word: str, stem: str) -> bool:
    return " ".join(words.fold(word).split()).startswith(" ".join(words.fold(stem).split()))


def _but_season(when: When) -> dict[str, object]:
    return when.model_dump(exclude={"season"})
