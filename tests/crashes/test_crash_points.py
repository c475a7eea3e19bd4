"""A process that ends before or after any commit or any send loses nothing and says nothing twice.

With `-s` a table is printed: what became of the story for each step and point.
"""

import os
import random
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from tests.crashes import plot
from tests.crashes.conftest import Town
from tests.crashes.outcome import Outcome
from tests.crashes.outside import Manner, Square
from tests.crashes.points import CRASHED

Point = tuple[str, str]
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.parametrize(
        "case_book", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
    ),
]
AROUND = ("before the reply", "after the reply")
ANSWERABLE = [manner for manner in Manner if manner is not Manner.NOTHING]
"""On these platforms nothing is left to a person: they keep keys or show what was said, in time."""


@pytest.mark.parametrize("manner", [Manner.KEY, pytest.param(Manner.READ_BACK, marks=pytest.mark.long)])
def test_a_crash_at_any_kind_of_point_loses_and_doubles_nothing(town: Town, manner: Manner) -> None:
    points = town.points(manner)
    report(manner, crash_at_each(town, manner, sorted(points.index(point) for point in set(points))))


@pytest.mark.parametrize("manner", [Manner.LAG, Manner.BROKEN_WORD, Manner.NOTHING])
def test_a_crash_around_a_reply_doubles_nothing_on_a_difficult_platform(town: Town, manner: Manner) -> None:
    points = town.points(manner)
    report(manner, crash_at_each(town, manner, [points.index(("reply", what)) for what in AROUND]))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("manner", Manner)
def test_a_crash_at_every_point_loses_and_doubles_nothing(town: Town, manner: Manner) -> None:
    report(manner, crash_at_each(town, manner, range(len(town.points(manner)))))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("manner", ANSWERABLE)
def test_a_crash_while_recovering_from_a_crash_loses_and_doubles_nothing(town: Town, manner: Manner) -> None:
    count = len(town.points(manner))
    chance = random.Random(manner)
    for first in range(1, count + 1):
        town.begin(manner)
        assert town.live(crash_at=first) == CRASHED
        town.live(crash_at=chance.randint(1, max(2, count - first)))
        assert town.live() == 0
        kept(manner, town.outcome())


def test_a_story_without_a_crash_does_nothing_twice(town: Town) -> None:
    town.points(Manner.READ_BACK)
    assert town.outcome() == Outcome(at_rest=True)


def test_a_process_stopped_before_its_send_sends_nothing_once_another_took_over(town: Town) -> None:
    town.begin(Manner.READ_BACK)
    stopped = town.start(lambda: live_and_stop(town))
    assert os.WIFSTOPPED(os.waitpid(stopped, os.WUNTRACED)[1])
    assert town.live() == 0
    os.kill(stopped, signal.SIGCONT)
    assert town.wait(stopped) == 0
    kept(Manner.READ_BACK, town.outcome())


def live_and_stop(town: Town) -> None:
    """Live until the first reply has been begun and is about to leave, and stop there."""
    address = Square.address

    def stopping(self: Square, text: str, reply_to: str) -> str:
        if town.outside.points.step == "reply":
            Square.address = address  # type: ignore[method-assign]
            os.kill(os.getpid(), signal.SIGSTOP)
        return address(self, text, reply_to)

    Square.address = stopping  # type: ignore[method-assign]
    plot.live(town.outside)


def crash_at_each(town: Town, manner: Manner, points: list[int] | range) -> Iterator[tuple[Point, Outcome]]:
    """Let the story end at each point (counted from 0), then let it be lived to its end."""
    for at in points:
        town.begin(manner)
        assert town.live(crash_at=at + 1) == CRASHED
        point = town.outside.points.passed()[-1]
        assert town.live() == 0
        yield point, town.outcome()


def kept(manner: Manner, outcome: Outcome) -> None:
    """Whether every promise was kept."""
    assert outcome.clean, outcome
    assert manner is Manner.NOTHING or outcome.to_a_person == 0


def report(manner: Manner, found: Iterator[tuple[Point, Outcome]]) -> None:
    """Check every outcome, and print a table of them."""
    table: dict[Point, Counter[str]] = defaultdict(Counter)
    for point, outcome in found:
        kept(manner, outcome)
        told = outcome.model_dump(include={"mails_twice", "notices_twice", "to_a_person"})
        table[point].update(crashes=1, **told)
    print(f"\n\nThe platform: {manner}\n\n| step | point | crashes | clean | to a person | mail twice |")
    print("|---|---|---|---|---|---|")
    for (step, what), row in sorted(table.items()):
        numbers = row["crashes"], row["crashes"], row["to_a_person"], row["mails_twice"]
        print("|", " | ".join([step, what, *map(str, numbers)]), "|")
