"""The channel to trackers: against our own server, and against one that speaks other dialects by script."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bridge.delivery.base import Channel
from bridge.delivery.open311 import Adapter, Tracker, _wire, tracker
from bridge.delivery.open311.states import means
from bridge.domain import (
    Change,
    GoneError,
    Handover,
    PermanentError,
    Purpose,
    TemporaryError,
    TicketStatus,
    Tracked,
    UnknownOutcomeError,
)
from bridge.settings import Settings
from bridge.tickets.book import secrets
from bridge.tickets.tables import MessageRow
from tests.delivery.contract import ChannelContract, handover
from tests.delivery.served import Served, serving
from tests.tickets import story
from tests.web import seed

S = TicketStatus
NUMBERED = (
    "<service_requests><request><service_request_id>{}</service_request_id></request></service_requests>"
)
TOKEN = "<service_requests><request><token>t/1</token></request></service_requests>"
TAKEN = "<service_request_updates><request_update><update_id>1</update_id></request_update>%s"
TAKEN %= "</service_request_updates>"


def settings_for(**more: Any) -> Settings:
    return Settings.model_validate({"BRIDGE_FETCH_PRIVATE_HOSTS": True, **more})


class TestContract(ChannelContract):
    """The department's tracker is another Stadtbrücke."""

    pictures = ()
    bad_addresses = ("", " ", "amt@stadt.example", "ftp://amt.example/", "https://amt.example/\n", "https://")

    @pytest.fixture
    def channel(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
        app = seed.make_client(tmp_path, monkeypatch).application
        self.key = secrets.make("streets", Purpose.UPDATES)
        with serving(app) as self.served:
            self.good_address = self.served.base
            yield Adapter(settings_for())
        seed.end()

    def handover(self, **changes: Any) -> Handover:
        ours = {"secrets": (SecretStr(self.key),), "tracked": Tracked(service_code="noise")}
        return super().handover(**ours | changes)

    def received(self) -> list[str]:
        return [f"{row.text}\n{row.lat or 0:.5f}\n{row.lon or 0:.5f}" for row in story.rows(MessageRow)]

    def received_ids(self) -> list[str]:
        return [row.external_id for row in story.rows(MessageRow)]

    def received_pictures(self) -> list[bytes]:
        return []

    def misbehave(self, how: str) -> None:
        if how == "absent":
            with socket.create_server(("127.0.0.1", 0)) as closed:
                self.good_address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            return
        self.served.script.append({"temporary": (503, ""), "permanent": (400, "")}.get(how, "hang up"))

    def test_what_may_have_arrived_is_known_again_by_its_own_number(self, channel: Channel) -> None:
        first = channel.deliver(self.handover())
        tracked = Tracked(service_code="noise", perhaps_there=True)
        assert channel.deliver(self.handover(tracked=tracked)) == first
        assert len(self.received()) == 1


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(tracker, "PAUSE_SECONDS", 0.0)
    with serving() as running:
        running.pages["POST", "requests.xml"] = 200, NUMBERED.format("77")
        yield running


def deliver(served: Served, **changes: Any) -> str:
    tracked = Tracked(**{"service_code": "SC1", "jurisdiction": "amt.example"} | changes.pop("tracked", {}))
    given = handover(address=served.base, secrets=(SecretStr("geheim"),), tracked=tracked, **changes)
    return Adapter(settings_for()).deliver(given).external_id


def test_a_request_is_posted_as_the_specification_says(served: Served) -> None:
    assert deliver(served) == "77"
    (asked,) = served.seen
    description = asked.words.pop("description")
    assert description.startswith(
        "LE-2026-00042 · Ampel defekt\nDie Ampel ist aus.\nSeit heute früh.\n\nOrt: "
    )
    assert asked.words == {
        "api_key": "geheim",
        "jurisdiction_id": "amt.example",
        "service_code": "SC1",
        "lat": "51.322124",
        "long": "12.345000",
        "address_string": "Könneritzstraße / Holbeinstraße",
        "email": "bruecke@stadt.example",
        "attribute[reference]": "LE-2026-00042",
        "attribute[message_id]": "LE-2026-00042.verkehr.0.k3yk3y",
    }


def test_a_description_fits_however_long_the_words_are(served: Served) -> None:
    deliver(served, text="Müll " * 2000)
    words = served.seen[0].words["description"]
    assert len(words) <= 4000
    assert "…" in words
    assert words.endswith("https://b.example/a/2")


@pytest.mark.parametrize("looks", [1, 3])
def test_a_token_is_asked_for_its_number(served: Served, looks: int) -> None:
    served.script.extend([(200, TOKEN), *[(404, "")] * (looks - 1), (200, NUMBERED.format("9"))])
    assert deliver(served) == "9"
    assert [each.path for each in served.seen[1:]] == ["/open311/v2/tokens/t/1.xml"] * looks


def test_a_token_without_a_number_is_kept_and_resolved_later(served: Served) -> None:
    served.script.extend([(200, TOKEN), *[(404, "")] * 5])
    assert deliver(served) == "token:t/1"
    assert len(served.seen) == 6
    known = Tracker(settings_for(), served.base, "", None)
    with pytest.raises(TemporaryError):
        known.number("token:t/1")
    served.script.append((200, NUMBERED.format("9")))
    assert known.number("token:t/1") == "9"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, PermanentError),
        (400, PermanentError),
        (403, PermanentError),
        (404, PermanentError),
        (408, TemporaryError),
        (410, GoneError),
        (429, TemporaryError),
        (500, UnknownOutcomeError),
        (502, UnknownOutcomeError),
        (503, TemporaryError),
    ],
)
def test_each_answer_to_a_post_has_its_meaning(served: Served, status: int, error: type[Exception]) -> None:
    said = "<errors><error><code>9</code><description>no\x07 such</description></error></errors>"
    served.pages["POST", "requests.xml"] = status, said.replace("\x07", "")
    with pytest.raises(error, match=f"answered {status}: no such") as caught:
        deliver(served)
    assert type(caught.value) is error


@pytest.mark.parametrize("said", ["", "<a", "<service_requests/>", "[]", "<!DOCTYPE a><a/>"])
def test_taken_without_a_number_is_an_unknown_outcome(served: Served, said: str) -> None:
    served.pages["POST", "requests.xml"] = 200, said
    with pytest.raises(UnknownOutcomeError):
        deliver(served)


@pytest.mark.parametrize(
    "said",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<?xml version="1.0" encoding="nonsense"?><a/>',
        "<a><b></a>",
        "<a>&nbsp;</a>",
        "\x00",
        "",
    ],
)
def test_no_document_type_and_no_broken_answer_is_read(said: str) -> None:
    with pytest.raises(PermanentError, match="no XML that is taken"):
        _wire.parse(said.encode())


def test_an_answer_of_a_million_depths_does_no_harm() -> None:
    root = _wire.parse(b"<a>" * 200_000 + b"</a>" * 200_000)
    assert sum(1 for _ in root.iter("a")) == 200_000


LISTED = """<service_requests>
<request><service_request_id>1</service_request_id><description>LE-2026-000421 · Ampel</description></request>
<request><service_request_id>2</service_request_id><description>LE-2026-00042 · Ampel</description></request>
</service_requests>"""


def test_what_may_have_arrived_is_looked_for_before_it_is_posted_again(served: Served) -> None:
    served.pages["GET", "requests.xml"] = 200, LISTED
    assert deliver(served, tracked={"perhaps_there": True}) == "2"
    assert served.asked("POST", "requests.xml") == []
    assert served.seen[0].words["service_code"] == "SC1"


def test_what_has_not_arrived_is_posted_again(served: Served) -> None:
    served.pages["GET", "requests.xml"] = 200, "<service_requests/>"
    assert deliver(served, tracked={"perhaps_there": True}) == "77"


@pytest.mark.parametrize(
    ("status", "error"), [(404, PermanentError), (403, PermanentError), (500, TemporaryError)]
)
def test_where_nobody_can_look_a_person_decides(served: Served, status: int, error: type[Exception]) -> None:
    served.pages["GET", "requests.xml"] = status, ""
    with pytest.raises(error):
        deliver(served, tracked={"perhaps_there": True})
    assert served.asked("POST", "requests.xml") == []


def test_a_correction_or_reminder_is_added_to_the_request_there_is(served: Served) -> None:
    served.pages["POST", "servicerequestupdates.xml"] = 200, TAKEN
    changes = (Change(what="Ort", before="A-Straße", now="B-Straße"),)
    assert deliver(served, revision=1, changes=changes, tracked={"known_as": "77"}) == "77"
    (asked,) = served.seen
    assert (asked.words["service_request_id"], asked.words["status"]) == ("77", "OPEN")
    assert asked.words["update_id"] == "LE-2026-00042.verkehr.0.k3yk3y"
    assert asked.words["description"].startswith("LE-2026-00042 · Korrektur · Ampel defekt\n")
    assert "Ort: B-Straße statt A-Straße" in asked.words["description"]
    assert deliver(served, reason="reminder", tracked={"known_as": "77"}) == "77"
    assert "· Erinnerung ·" in served.seen[1].words["description"]


@pytest.mark.parametrize(
    ("answer", "posts"),
    [
        ((404, ""), 1),
        ((400, "<errors/>"), 1),
        ((400, "<e><description>update_id already exists</description></e>"), 0),
    ],
)
def test_what_cannot_be_added_becomes_a_request_of_its_own(
    served: Served, answer: tuple[int, str], posts: int
) -> None:
    served.pages["POST", "servicerequestupdates.xml"] = answer
    assert deliver(served, tracked={"known_as": "77"}) == "77"
    assert len(served.asked("POST", "requests.xml")) == posts


def test_nobody_real_is_written_to_by_accident() -> None:
    with pytest.raises(PermanentError, match="BRIDGE_MAIL_REAL_DOMAINS"):
        Adapter(Settings()).deliver(handover(address="https://stadt.de/open311/v2"))


UPDATES = """<service_requests_updates>
<request_update><update_id>2</update_id><service_request_id>77</service_request_id><status>FIXED</status>
<description>Neue\x1fLampe</description><updated_datetime>2026-11-02T10:00:00Z</updated_datetime></request_update>
<request_update><update_id>1</update_id><service_request_id>77</service_request_id><status>IN_PROGRESS</status>
<description/><updated_datetime>2026-11-01T10:00:00Z</updated_datetime></request_update>
<request_update><update_id/><service_request_id>77</service_request_id><status>OPEN</status></request_update>
</service_requests_updates>""".replace("\x1f", "\n")


def test_updates_are_read_oldest_first(served: Served) -> None:
    served.pages["GET", "servicerequestupdates.xml"] = 200, UPDATES
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    asking = Tracker(settings_for(), served.base, "amt.example", SecretStr("geheim"))
    said = asking.updates(start, end)
    assert said
    assert [(each.id, each.number, each.status, each.words) for each in said] == [
        ("1", "77", "IN_PROGRESS", ""),
        ("2", "77", "FIXED", "Neue\nLampe"),
    ]
    assert served.seen[0].words == {
        "jurisdiction_id": "amt.example",
        "api_key": "geheim",
        "start_date": "2026-11-01T00:00:00Z",
        "end_date": "2026-11-02T00:00:00Z",
    }


@pytest.mark.parametrize(
    ("said", "now", "words", "means_"),
    [
        ("OPEN", S.DELIVERED, "", S.DELIVERED),
        ("open", S.DELIVERED, "Wir sehen nach.", S.ACCEPTED),
        ("open", S.IN_PROGRESS, "Wir sehen nach.", S.IN_PROGRESS),
        ("open", S.RESOLVED, "", S.REOPENED),
        ("INVESTIGATING", S.DELIVERED, "", S.ACCEPTED),
        ("FOR_TRIAGE", S.DELIVERED, "", S.ACCEPTED),
        ("INTERNAL_REFERRAL", S.DELIVERED, "", S.ACCEPTED),
        ("IN_PROGRESS", S.DELIVERED, "", S.IN_PROGRESS),
        ("ACTION_SCHEDULED", S.DELIVERED, "", S.SCHEDULED),
        ("FIXED", S.DELIVERED, "", S.RESOLVED),
        ("fixed - council", S.DELIVERED, "", S.RESOLVED),
        ("CLOSED", S.DELIVERED, "", S.RESOLVED),
        ("closed", S.REJECTED, "", S.REJECTED),
        ("DUPLICATE", S.DELIVERED, "", S.DUPLICATE),
        ("NOT_COUNCILS_RESPONSIBILITY", S.DELIVERED, "", S.NEEDS_DECISION),
        ("NO_FURTHER_ACTION", S.DELIVERED, "", S.REJECTED),
        ("CANCELLED", S.DELIVERED, "", S.REJECTED),
        ("REOPEN", S.RESOLVED, "", S.REOPENED),
        ("wird geprüft", S.DELIVERED, "", None),
        ("", S.DELIVERED, "", None),
    ],
)
def test_every_state_of_the_dialects_has_its_meaning(
    said: str, now: TicketStatus, words: str, means_: TicketStatus | None
) -> None:
    assert means(said, now, words) is means_
