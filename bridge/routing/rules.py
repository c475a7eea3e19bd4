"""A city's rules: ordered, the first that applies wins, the last one takes all that is left."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from bridge.city import City, Entry, yaml
from bridge.domain import ConfigError, Matter, Route, Value
from bridge.routing.rule import Rule, When


class Trial(Value):
    """One rule that was asked, and the first condition that failed; None where the rule applies."""

    rule: Rule
    failed: str | None


class Failure(Value):
    """An example sentence that another rule than its own took, and what was understood."""

    file: Path
    line: int
    sentence: str
    expected: str
    got: str
    matter: Matter


class _RulesFile(Entry):
    rules: list[Any] = Field(min_length=1)


class Rules:
    """All rules of one city, checked; read them with `Rules.load`."""

    def __init__(self, city: City, rules: tuple[Rule, ...], lines: yaml.Lines) -> None:
        self.city = city
        self.rules = rules
        self._lines = lines

    @classmethod
    def load(cls, city: City) -> "Rules":
        """Read the city's rules.yaml; raise `ConfigError` with every mistake as `file:line: what to do`."""
        path = city.folder / "rules.yaml"
        entries = yaml.load(path, _RulesFile).rules
        _, lines = yaml.read(path)
        rules: dict[int, Rule] = {}
        mistakes: list[str] = []
        for number, entry in enumerate(entries):
            try:
                rules[number] = Rule.model_validate(entry, context=city)
            except ValidationError as error:
                mistakes += yaml.complaints(path, lines, error, Rule, ("rules", number))
        for place, what in _misplaced(rules, last=len(entries) - 1):
            mistakes.append(f"{path}:{yaml.line_of(lines, place)}: {what}")
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        return cls(city, tuple(rules.values()), lines)

    def named(self, name: str | None) -> Rule | None:
        """The rule of this name, or None where there is none any more."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def route(self, matter: Matter, without: Collection[str] = ()) -> Route:
        """Who must act on `matter`: the first rule that applies and sends to no department in `without`.

        Where every such rule is left out, the last one says who is asked anyway.
        """
        able = (rule for rule in self.rules if rule.send_to not in without)
        rule = next((rule for rule in able if rule.when.failed(matter) is None), self.rules[-1])
        return Route(department=rule.send_to, rule=rule.name, because=rule.because, hold=rule.hold)

    def trace(self, matter: Matter) -> list[Trial]:
        """Every rule that was asked about `matter`, in order; the last one of the list applies."""
        trials: list[Trial] = []
        for rule in self.rules:
            trials.append(Trial(rule=rule, failed=rule.when.failed(matter)))
            if trials[-1].failed is None:
                break
        return trials

    def check_examples(self, understand: Callable[[str], Matter]) -> list[Failure]:
        """The example sentences that, once understood, do not go by the rule they stand in."""
        return list(self._failures(understand))

    def _failures(self, understand: Callable[[str], Matter]) -> Iterator[Failure]:
        for number, rule in enumerate(self.rules):
            for index, sentence in enumerate(rule.examples):
                matter = understand(sentence).model_copy(update=rule.when.surroundings())
                got = self.route(matter).rule
                if got != rule.name:
                    yield Failure(
                        file=self.city.folder / "rules.yaml",
                        line=yaml.line_of(self._lines, ("rules", number, "examples", index)),
                        sentence=sentence,
                        expected=rule.name,
                        got=got,
                        matter=matter,
                    )


def _misplaced(rules: dict[int, Rule], last: int) -> Iterator[tuple[yaml.Place, str]]:
    for number, rule in rules.items():
        earlier = [other for place, other in rules.items() if place < number]
        if rule.name in {other.name for other in earlier}:
            yield ("rules", number, "name"), f"another rule is called {rule.name!r}; choose a new name"
        taker = next((other for other in earlier if other.when in (When(), rule.when)), None)
        if taker:
            yield (
                ("rules", number),
                f"never reached: {taker.name!r} above takes all of it; put this rule higher",
            )
    if last in rules and rules[last].when != When():
        yield ("rules", last, "when"), "the last rule must take everything that is left; write when: {}"
