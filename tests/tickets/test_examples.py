"""What staff correct becomes an example to learn from, for as long as the citizen's words are kept."""

import pytest

from bridge.domain import Withdrawal
from bridge.tickets.book import desk, examples
from bridge.tickets.book.examples import Example
from tests.factories import make_location
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
VERA = "staff:vera"


def test_the_last_correction_of_a_category_is_the_example() -> None:
    case = story.open_ticket(story.connect(), id="1")
    desk.correct(case.id, VERA, category="road_damage")
    desk.correct(case.id, VERA, category="path_damage")
    desk.correct(case.id, VERA, location=make_location())
    assert examples.corrections() == [Example("Die Ampel ist aus", "path_damage")]


def test_what_nobody_corrected_is_no_example() -> None:
    case = story.open_ticket(story.connect(), id="1")
    desk.correct(case.id, VERA, location=make_location())
    assert examples.corrections() == []


def test_words_taken_back_are_no_example_any_more() -> None:
    account = story.connect()
    case = story.open_ticket(account, id="1")
    desk.correct(case.id, VERA, category="road_damage")
    story.enter(account, Withdrawal(external_id="1"))
    assert examples.corrections() == []
