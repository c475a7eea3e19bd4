"""Posts of our own account: what we sent is known, and a colleague's answer stops ours."""

import pytest

from bridge.domain import (
    Cause,
    SendState,
    Step,
)
from bridge.tickets import claims
from bridge.tickets.book import replies
from bridge.tickets.claims import LostClaimError
from bridge.tickets.tables import (
    DeliveryRow,
    MessageRow,
    SentReplyRow,
)
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def account() -> int:
    return story.connect()


def answered(account: int, text: str, **changed: object) -> None:
    own = {"author": story.US, "by_us": True, "conversation_id": "1", "in_reply_to": "1"}
    story.enter(account, story.post(text, **own | changed))


def test_a_reply_we_sent_is_not_taken_for_a_colleagues(account: int) -> None:
    case = story.open_ticket(account, id="1")
    case = story.route(case, story.draft(case))
    claim = story.only(Step.REPLY)
    assert replies.begin(claim)
    replies.sent(claim, story.receipt("55"))
    answered(account, "@ada " + case.replies[0].text, id="55")
    assert len(story.again(case).messages) == 1


@pytest.mark.parametrize("unknown", [False, True], ids=["while sending", "when unknown"])
def test_our_reply_seen_in_the_thread_is_settled_and_never_sent_again(account: int, unknown: bool) -> None:
    case = story.open_ticket(account, id="1")
    case = story.route(case, story.draft(case))
    claim = story.only(Step.REPLY)
    assert replies.begin(claim)
    if unknown:
        replies.unknown(claim, "time-out")
    answered(account, f"@ada  {case.replies[0].text}\n", id="55", url="https://marktplatz.example/55")
    (reply,) = story.again(case).replies
    assert (reply.state, reply.url) == (SendState.SENT, "https://marktplatz.example/55")
    with pytest.raises(LostClaimError):
        replies.unknown(claim, "time-out")
    assert Step.REPLY not in claims.due_steps()
    assert len(story.again(case).messages) == 1


def test_a_colleagues_answer_is_shown_and_stops_automatic_replies(account: int) -> None:
    case = story.open_ticket(account, id="1")
    drafts = [story.draft(case, cause, cause_id=cause) for cause in Cause]
    case = story.route(case, *drafts)
    answered(account, "Wir kümmern uns!", id="77")
    case = story.again(case)
    assert [m.text for m in case.messages if m.by_us] == ["Wir kümmern uns!"]
    dropped = {reply.cause for reply in case.replies if reply.state is SendState.DROPPED}
    assert dropped == {Cause.ACKNOWLEDGEMENT, Cause.QUESTION}


def test_a_colleague_who_is_quicker_than_we_stops_replies_not_yet_written(account: int) -> None:
    case = story.open_ticket(account, id="1")
    answered(account, "Wir kümmern uns!", id="77")
    case = story.route(case, story.draft(case))
    assert [reply.state for reply in case.replies] == [SendState.DROPPED]


def test_a_colleague_who_goes_on_below_our_own_reply_is_shown(account: int) -> None:
    case = story.open_ticket(account, id="1")
    story.route(case, story.draft(case))
    claim = story.only(Step.REPLY)
    replies.begin(claim)
    replies.sent(claim, story.receipt("55"))
    answered(account, "Morgen kommt jemand.", id="78", in_reply_to="55")
    assert [m.text for m in story.again(case).messages if m.by_us] == ["Morgen kommt jemand."]


def test_other_words_of_ours_do_not_hold_up_the_rest_of_an_event(account: int) -> None:
    case = story.open_ticket(account, id="1")
    story.route(case, story.draft(case))
    replies.begin(story.only(Step.REPLY))
    own = story.post("Anderes", author=story.US, by_us=True, in_reply_to="1", conversation_id="1")
    assert story.enter(account, own, story.post("Neues von jemand anderem", author=story.BEN))
    assert [row.state for row in story.rows(SentReplyRow)] == [SendState.SENDING]


def test_posts_of_ours_outside_of_known_threads_are_no_matter(account: int) -> None:
    answered(account, "Guten Morgen!", in_reply_to=None)
    answered(account, "Anderswo", in_reply_to="unknown", conversation_id="unknown")
    assert story.rows(MessageRow) == []
    assert story.rows(DeliveryRow) == []


def test_a_reply_the_platform_shows_twice_is_news_for_staff(account: int) -> None:
    case = story.open_ticket(account, id="1")
    case = story.route(case, story.draft(case))
    claim = story.only(Step.REPLY)
    assert replies.begin(claim)
    replies.sent(claim, story.receipt("55"))
    for number in ("55", "56"):
        answered(account, "@ada " + case.replies[0].text, id=number)
    told = story.again(case)
    assert [entry.what for entry in told.history].count("said twice") == 1
    assert (told.news_at is not None, len(told.messages)) == (True, 1)
