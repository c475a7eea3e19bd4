"""What every platform must keep; a platform's test inherits this and brings a server to speak to."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import platforms
from bridge.domain import (
    BridgeError,
    InboundMessage,
    PermanentError,
    PlatformEvent,
    Reply,
    TemporaryError,
    UnknownOutcomeError,
    Visibility,
    Withdrawal,
)
from bridge.platforms.base import Platform
from tests.platforms.stand_in import COMMITS, PostFault, StandIn

WIDTH = list(Visibility)


class PlatformContract:
    """Inherit and give `platform` and `stand_in` as fixtures; `platform` is connected."""

    can_repeat = False
    """Whether the stand-in honours a key, so that a repeat is safe."""

    @pytest.fixture
    def message(self, platform: Platform, stand_in: StandIn) -> InboundMessage:
        stand_in.say("Die Ampel ist aus")
        return messages(platform, platform.poll(None).events)[0]

    def reply_to(self, platform: Platform, message: InboundMessage, **changed: Any) -> Reply:
        given: dict[str, Any] = {
            "text": platform.address("Vielen Dank, wir kümmern uns darum.", message.author.handle),
            "in_reply_to": message.external_id,
            "recipient": message.author,
            "visibility": message.visibility.of_answer,
            "idempotency_key": "answer-1",
            "first_attempt_at": datetime.now(UTC),
        }
        return Reply(**(given | changed))

    def test_it_is_found_by_its_name(self, platform: Platform) -> None:
        assert platforms.load(platform.name) is type(platform)
        assert platform.label

    def test_connecting_tells_who_we_are(self, stand_in: StandIn) -> None:
        account = platforms.connected(stand_in.account).connect()
        assert account.external_id
        assert account.handle

    def test_a_wrong_token_needs_a_person_and_is_never_told(self, stand_in: StandIn) -> None:
        wrong = stand_in.account.model_copy(update={"token": type(stand_in.account.token)("falsch-4711")})
        with pytest.raises(PermanentError) as caught:
            platforms.connected(wrong).connect()
        assert "falsch-4711" not in str(caught.value)

    def test_a_mention_comes_in_with_its_words_and_its_author(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        message_id = stand_in.say("Die Ampel ist aus")
        (message,) = messages(platform, platform.poll(None).events)
        assert (message.external_id, message.text) == (message_id, "Die Ampel ist aus")
        assert message.conversation_id == message_id
        assert message.addressed
        assert not message.by_us
        assert message.author.external_id
        assert message.author.handle

    def test_nothing_new_brings_no_event(self, platform: Platform, stand_in: StandIn) -> None:
        stand_in.say("Die Ampel ist aus")
        assert platform.poll(platform.poll(None).cursor).events == ()

    def test_every_message_of_many_pages_comes_in_order_and_once(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        cursor = platform.poll(None).cursor
        wanted = [stand_in.say(f"Meldung {number}") for number in range(200)]
        events: list[PlatformEvent] = []
        while (page := platform.poll(cursor)).events:
            events, cursor = [*events, *page.events], page.cursor
        assert [message.external_id for message in messages(platform, tuple(events))] == wanted
        assert len({event.key for event in events}) == len(events)

    def test_a_message_further_down_belongs_to_the_conversation_above(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        root = stand_in.say("Die Ampel ist aus")
        answer = stand_in.say_as_city("Wo genau?", answers=root)
        last = stand_in.say("An der Ecke", answers=answer)
        found = {one.external_id: one for one in messages(platform, platform.poll(None).events)}
        assert [found[one].conversation_id for one in (root, answer, last)] == [root] * 3
        assert found[last].in_reply_to == answer

    def test_an_answer_a_colleague_wrote_elsewhere_is_seen_as_ours(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        root = stand_in.say("Die Ampel ist aus")
        answer = stand_in.say_as_city("Schon repariert", answers=root)
        (ours,) = [one for one in messages(platform, platform.poll(None).events) if one.by_us]
        assert (ours.external_id, ours.in_reply_to) == (answer, root)

    def test_an_edit_is_seen_on_looking_again(self, platform: Platform, stand_in: StandIn) -> None:
        message_id = stand_in.say("Die Ampel ist aus")
        (before,) = platform.look_again([message_id]).events
        stand_in.edit(message_id, "Die Ampel blinkt")
        (after,) = platform.look_again([message_id]).events
        (message,) = messages(platform, (after,))
        assert message.text == "Die Ampel blinkt"
        assert message.edited_at
        assert before.key != after.key

    def test_an_unchanged_message_has_the_same_key_each_time(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        message_id = stand_in.say("Die Ampel ist aus")
        assert platform.look_again([message_id]).events == platform.look_again([message_id]).events

    def test_a_deletion_is_seen_on_looking_again(self, platform: Platform, stand_in: StandIn) -> None:
        kept, gone = stand_in.say("Die Ampel ist aus"), stand_in.say("Falsch, sie geht wieder")
        stand_in.delete(gone)
        found = [
            one for event in platform.look_again([kept, gone]).events for one in platform.parse(event.payload)
        ]
        assert [one.external_id for one in found] == [kept, gone]
        assert isinstance(found[1], Withdrawal)

    def test_many_messages_are_looked_at_in_their_order(self, platform: Platform, stand_in: StandIn) -> None:
        wanted = [stand_in.say(f"Meldung {number}") for number in range(45)]
        stand_in.delete(wanted[30])
        events = platform.look_again(wanted).events
        found = [one for event in events for one in platform.parse(event.payload)]
        assert [one.external_id for one in found] == wanted
        assert [one.external_id for one in found if isinstance(one, Withdrawal)] == [wanted[30]]

    @pytest.mark.parametrize("payload", ["", "null", "[]", "{}", "{", '"x"', '{"type": "news"}', "\x00"])
    def test_an_event_that_says_nothing_becomes_no_message(self, platform: Platform, payload: str) -> None:
        with suppress(PermanentError):
            assert platform.parse(payload) == []

    def test_a_damaged_event_is_read_or_refused_and_nothing_else(
        self, platform: Platform, message: InboundMessage
    ) -> None:
        whole = platform.look_again([message.external_id]).events[0].payload

        @given(st.dictionaries(st.integers(0, len(whole) - 1), st.text(max_size=3), min_size=1, max_size=8))
        @settings(max_examples=60, deadline=None, database=None)
        def parse_damaged(changes: dict[int, str]) -> None:
            with suppress(PermanentError):
                platform.parse("".join(changes.get(place, letter) for place, letter in enumerate(whole)))

        parse_damaged()

    @pytest.mark.parametrize("sign", [r"\u0000", r"\ud800", r"\udfff"])
    def test_a_sign_no_database_takes_does_not_cost_the_message(
        self, platform: Platform, stand_in: StandIn, sign: str
    ) -> None:
        (event,) = platform.look_again([stand_in.say("Die Ampel ist aus")]).events
        (found,) = messages(
            platform, (event.model_copy(update={"payload": event.payload.replace("Ampel", f"Am{sign}pel")}),)
        )
        assert found.text in {"Die Am\ufffdpel ist aus", "Die Ampel ist aus"}

    def test_a_direct_message_is_never_answered_in_public(
        self, platform: Platform, stand_in: StandIn
    ) -> None:
        stand_in.say("Mein Nachbar parkt falsch", visibility=Visibility.DIRECT)
        (message,) = messages(platform, platform.poll(None).events)
        assert message.visibility is Visibility.DIRECT
        platform.reply(self.reply_to(platform, message))
        (ours,) = [one for one in messages(platform, platform.poll(None).events) if one.by_us]
        assert ours.visibility is Visibility.DIRECT

    def test_a_reply_stands_below_the_message_it_answers(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        reply = self.reply_to(platform, message)
        receipt = platform.reply(reply)
        assert stand_in.posts() == [receipt.external_id]
        assert platform.find_reply(reply) == receipt

    def test_a_reply_to_a_deleted_message_needs_a_person(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        stand_in.delete(message.external_id)
        with pytest.raises(PermanentError):
            platform.reply(self.reply_to(platform, message))
        assert platform.find_reply(self.reply_to(platform, message)) is None
        assert stand_in.posts() == []

    def test_a_reply_that_is_too_long_is_not_sent(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        with pytest.raises(PermanentError):
            platform.reply(self.reply_to(platform, message, text="ä" * (platform.limit() + 1)))
        assert stand_in.posts() == []

    def test_a_reply_of_just_the_limit_is_sent(self, platform: Platform, message: InboundMessage) -> None:
        start = platform.address("", message.author.handle)
        text = start + "ä" * (platform.limit() - platform.count(start))
        assert platform.count(text) == platform.limit()
        assert platform.reply(self.reply_to(platform, message, text=text)).external_id

    @pytest.mark.parametrize("fault", PostFault)
    def test_a_failed_post_says_honestly_what_may_have_happened(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage, fault: PostFault
    ) -> None:
        reply = self.reply_to(platform, message)
        stand_in.break_posting(fault)
        expected: type[BridgeError] = (
            TemporaryError if fault is PostFault.RATE_LIMITED else UnknownOutcomeError
        )
        with pytest.raises(expected) as caught:
            platform.reply(reply)
        assert stand_in.account.token.get_secret_value() not in repr(caught.value)
        stand_in.settle()
        found = platform.find_reply(reply)
        assert [found.external_id] if found else stand_in.posts() == []
        assert (found is not None) == (fault in COMMITS)

    @pytest.mark.parametrize("fault", PostFault)
    def test_repeating_where_it_is_safe_never_posts_twice(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage, fault: PostFault
    ) -> None:
        reply = self.reply_to(platform, message, first_attempt_at=datetime.now(UTC))
        assert platform.repeat_is_safe(reply) is self.can_repeat
        stand_in.break_posting(fault)
        with pytest.raises((TemporaryError, UnknownOutcomeError)):
            platform.reply(reply)
        stand_in.settle()
        stand_in.break_posting(None)
        if platform.repeat_is_safe(reply) or platform.find_reply(reply) is None:
            platform.reply(reply)
        assert len(stand_in.posts()) == 1

    def test_a_rate_limit_says_when_to_come_back(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        stand_in.break_posting(PostFault.RATE_LIMITED)
        with pytest.raises(TemporaryError) as caught:
            platform.reply(self.reply_to(platform, message))
        assert caught.value.retry_after is not None

    def test_another_answer_is_not_taken_for_ours(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        reply = self.reply_to(platform, message)
        stand_in.say_as_city("Etwas ganz anderes", answers=message.external_id)
        stand_in.say("Vielen Dank, wir kümmern uns darum.", answers=message.external_id)
        assert platform.find_reply(reply) is None

    def test_what_is_said_does_not_depend_on_the_server_being_there(
        self, platform: Platform, stand_in: StandIn, message: InboundMessage
    ) -> None:
        event = platform.look_again([message.external_id]).events[0]
        away = platform.account.model_copy(update={"base_url": "http://127.0.0.1:1"})
        assert type(platform)(away).parse(event.payload) == [message]

    def test_a_server_that_is_away_is_only_a_delay(self, platform: Platform, message: InboundMessage) -> None:
        away = type(platform)(platform.account.model_copy(update={"base_url": "http://127.0.0.1:1"}))
        reply, known = self.reply_to(platform, message), [message.external_id]
        for call in (lambda: away.poll(None), lambda: away.look_again(known), lambda: away.reply(reply)):
            with pytest.raises(TemporaryError):
                call()

    def test_payloads_are_json_and_keys_are_short(self, platform: Platform, message: InboundMessage) -> None:
        for event in platform.look_again([message.external_id]).events:
            assert json.loads(event.payload)
            assert 0 < len(event.key) <= 200


def messages(platform: Platform, events: tuple[PlatformEvent, ...]) -> list[InboundMessage]:
    """The messages of some events, in their order."""
    found = [one for event in events for one in platform.parse(event.payload)]
    return [one for one in found if isinstance(one, InboundMessage)]
