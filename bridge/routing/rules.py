"""A city's rules: ordered, the first that applies wins, the last one takes all that is left."""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from bridge.city import City, Entry, yaml
from bridge.domain import ConfigError, Matter, Route, Value
from bridge.routing.moments import moments
from bridge.routing.order import half_taken, misplaced
from bridge.routing.rule import Rule

_MOST_MOMENTS = 400
"""How many moments an example is tried at: about every day of a year that suits its rule."""


class Trial(Value):
    """One rule that was asked, and the first condition that failed; None where the rule applies."""

    rule: Rule
    failed: str | None


class Example(Value):
    """One example sentence, its rule, and where it is written."""

    rule: Rule
    sentence: str
    file: Path
    line: int


class Failure(Value):
    """An example sentence that another rule than its own took, and what was understood."""

    example: Example
    got: str
    matter: Matter


class _RulesFile(Entry):
    rules: list[Any] = Field(min_length=1)


class Rules:
    """All rules of one city, checked; read them with `Rules.load`."""

    def __init__(self, city: City, rules: tuple[Rule, ...], lines: yaml.Lines) -> None:
        self.city = city
        self.rules = rules
        self.file = city.folder / "rules.yaml"
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
        for place, what in [*misplaced(rules, last=len(entries) - 1), *_timeless(rules, city)]:
            mistakes.append(f"{path}:{yaml.line_of(lines, place)}: {what}")
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        return cls(city, tuple(rules.values()), lines)

    def route(self, matter: Matter, without: Collection[str] = ()) -> Route:
        """Who must act on `matter`, by the first rule that applies.

        Rules for the departments in `without` are passed over; the last rule takes what is left even so.
        """
        *upper, last = self.rules
        asked = (rule for rule in upper if rule.send_to not in without)
        return next((rule for rule in asked if rule.when.failed(matter, self.city) is None), last).route

    def trace(self, matter: Matter) -> list[Trial]:
        """Every rule that was asked about `matter`, in order; the last one of the list applies."""
        trials: list[Trial] = []
        for rule in self.rules:
            trials.append(Trial(rule=rule, failed=rule.when.failed(matter, self.city)))
            if trials[-1].failed is None:
                break
        return trials

    def warnings(self) -> list[str]:
        """What a clerk may not have meant, as `file:line: what`."""
        found = [f"{self.line(place)}: {what}" for place, what in half_taken(self.rules)]
        reached = {name for rule in self.rules for name in (rule.send_to, *rule.copies)}
        file = self.city.folder / "departments.yaml"
        _, lines = yaml.read(file)
        for slug in self.city.departments:
            if slug not in reached:
                line = yaml.line_of(lines, ("departments", slug))
                found.append(f"{file}:{line}: no rule sends anything to {slug!r}")
        return found

    def line(self, place: yaml.Place) -> str:
        """Where something is written, as `file:line`; a place is like `("rules", 3, "channel")`."""
        return f"{self.file}:{yaml.line_of(self._lines, place)}"

    def examples(self) -> list[Example]:
        """All example sentences, in the order of the file."""
        return [
            Example(
                rule=rule,
                sentence=sentence,
                file=self.file,
                line=yaml.line_of(self._lines, ("rules", number, "examples", index)),
            )
            for number, rule in enumerate(self.rules)
            for index, sentence in enumerate(rule.examples)
        ]

    def failure(self, example: Example, understand: Callable[[str], Matter]) -> Failure | None:
        """What goes wrong with an example once it is understood; None where it goes by its own rule.

        It counts as written where and when its rule asks for, where no sentence can say so.
        """
        rule, matter = example.rule, understand(example.sentence)
        matter = matter.model_copy(update=rule.when.surroundings(matter))
        taken: list[str] = []
        for at in islice(moments(rule.when, self.city), _MOST_MOMENTS):
            taken.append(self.route(matter.model_copy(update={"at": at})).rule)
            if taken[-1] == rule.name:
                return None
        return Failure(example=example, got=taken[0], matter=matter)

    def check_examples(self, understand: Callable[[str], Matter]) -> list[Failure]:
        """The example sentences that, once understood, do not go by the rule they stand in."""
        tried = (self.failure(example, understand) for example in self.examples())
        return [failure for failure in tried if failure]


def _timeless(rules: dict[int, Rule], city: City) -> Iterator[tuple[yaml.Place, str]]:
    for number, rule in rules.items():
        if not any(True for _ in moments(rule.when, city)):
            yield ("rules", number, "when"), "never applies: no day meets both the time and the season"
