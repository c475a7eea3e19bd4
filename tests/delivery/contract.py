"""What every channel to a department promises; a channel's tests inherit this and say how to look at it."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr

from bridge import delivery
from bridge.delivery.base import Channel
from bridge.domain import (
    AnswerLink,
    Change,
    ConfigError,
    Handover,
    Kind,
    Location,
    PermanentError,
    Photo,
    Precision,
    TemporaryError,
    UnknownOutcomeError,
)

HOSTILE = {
    "a new line": "a\r\nBcc: alle@stadt.example\r\n\r\nb",
    "a bare return": "a\rBcc: alle@stadt.example",
    "a line separator": "a\u2028Bcc: alle@stadt.example\u2029b\x85c\x0bd\x0ce",
    "nothing": "a\x00b",
    "half a character": "a\ud800b\udfff",
    "turned letters": "a\u202egnp.exe\u2066b\u2069\u200f",
    "an escape": "\x1b[2J\x9b31m",
    "a long one": "Müll " * 2000,
    "one endless word": "ß" * 10_000,
    "a script": '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;</td></table>',
    "a template": "{{ 7 * 7 }}{% raw %}${7*7}%(x)s",
    "a dot on a line": "a\r\n.\r\nQUIT\r\n",
    "a coded word": "=?utf-8?q?=0d=0aBcc:_alle=40stadt.example?=",
    "a family": "👨‍👩‍👧‍👦🇩🇪",
}


def picture(kind: str, colour: str) -> bytes:
    """A small picture for maps and photos."""
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, kind)
    return written.getvalue()


def handover(**changes: Any) -> Handover:
    """A whole ticket as a department gets it, with `changes`."""
    usual: dict[str, Any] = {
        "reference": "LE-2026-00042",
        "revision": 0,
        "department": "verkehr",
        "department_name": "Amt für Verkehr",
        "address": "verkehr@stadt.example",
        "sender": "bruecke@stadt.example",
        "city_name": "Leipzig",
        "category": "traffic_light",
        "category_name": "Ampel defekt",
        "kind": Kind.REPORT,
        "text": "Die Ampel ist aus.\nSeit heute früh.",
        "reported_at": datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        "platform": "mastodon",
        "location": Location(
            label="Könneritzstraße / Holbeinstraße",
            precision=Precision.INTERSECTION,
            district="Schleußig",
            lat=51.322124,
            lon=12.345,
        ),
        "map_png": picture("PNG", "white"),
        "photos": (Photo(name="a.jpg", content=picture("JPEG", "red"), description="Dunkle Ampel"),),
        "because": "Ampeln gehören zum Amt für Verkehr.",
        "links": (
            AnswerLink(answer="accepted", label="Wir kümmern uns", url="https://b.example/a/1?x=1&y=2"),
            AnswerLink(answer="not_ours", label="Nicht unsere Sache", url="https://b.example/a/2"),
        ),
        "message_id": "LE-2026-00042.verkehr.0.k3yk3y",
        "secrets": (SecretStr("whsec_" + "c2NobHVlc3NlbA" * 3),),
    }
    return Handover(**(usual | changes))


class ChannelContract(ABC):
    """Inherit, fill in the five abstract methods, and every promise below is tested for your channel."""

    @pytest.fixture
    @abstractmethod
    def channel(self) -> Channel:
        """The channel, wired to a real receiver on this machine that takes everything."""

    @abstractmethod
    def received(self) -> list[str]:
        """Everything that arrived so far, one readable text for each delivery, pictures left out."""

    @abstractmethod
    def received_ids(self) -> list[str]:
        """The id by which the receiver recognises a repeat, one for each delivery."""

    @abstractmethod
    def received_pictures(self) -> list[bytes]:
        """The pictures of the last delivery."""

    def handover(self, **changes: Any) -> Handover:
        """A whole ticket to the good address, with `changes`."""
        return handover(**{"address": self.good_address, **changes})

    @abstractmethod
    def misbehave(self, how: str) -> None:
        """Make the receiver answer `temporary`, `permanent`, be `absent`, or be `silent` after taking all."""

    good_address = "verkehr@stadt.example"
    pictures: tuple[str, ...] = ("PNG", "JPEG")
    """The formats of the pictures that travel with a whole ticket; none where only their addresses do."""
    bad_addresses: tuple[str, ...] = ("", " ", "\n")

    def test_its_name_is_the_name_of_its_file(self, channel: Channel) -> None:
        assert delivery.load(channel.name) is type(channel)
        assert channel.name in delivery.names()

    def test_it_accepts_a_good_address(self, channel: Channel) -> None:
        channel.check_address(self.good_address)

    def test_it_says_which_address_is_wrong(self, channel: Channel) -> None:
        for address in self.bad_addresses:
            with pytest.raises(ConfigError) as caught:
                channel.check_address(address)
            assert repr(address) in str(caught.value)

    def test_an_address_that_is_none_gets_nothing(self, channel: Channel) -> None:
        for address in self.bad_addresses:
            with pytest.raises(PermanentError):
                channel.deliver(self.handover(address=address))
        assert self.received() == []

    def test_everything_a_department_needs_arrives(self, channel: Channel) -> None:
        ticket = self.handover()
        channel.deliver(ticket)
        [text] = self.received()
        assert ticket.location
        needed = [
            ticket.reference,
            ticket.category_name,
            "Die Ampel ist aus.",
            "Seit heute früh.",
            ticket.location.label,
            "Schleußig",
            "51.32212",
            "12.34500",
            ticket.because,
            *(link.url for link in ticket.links),
        ]
        assert [each for each in needed if each not in text] == []
        assert [Image.open(BytesIO(each)).format for each in self.received_pictures()] == [*self.pictures]

    def test_a_ticket_of_little_knowledge_arrives_too(self, channel: Channel) -> None:
        channel.deliver(
            self.handover(
                location=None, map_png=None, photos=(), because="", links=(), category="", category_name=""
            )
        )
        assert "LE-2026-00042" in self.received()[0]
        assert self.received_pictures() == []

    def test_the_same_delivery_twice_is_recognised_as_one(self, channel: Channel) -> None:
        first, second = channel.deliver(self.handover()), channel.deliver(self.handover())
        assert first.external_id == second.external_id
        assert len(set(self.received_ids())) == 1

    def test_another_delivery_is_recognised_as_another(self, channel: Channel) -> None:
        channel.deliver(self.handover())
        channel.deliver(self.handover(message_id="LE-2026-00042.verkehr.1.k3yk3y", revision=1))
        assert len(set(self.received_ids())) == 2

    @pytest.mark.parametrize(
        ("how", "error"),
        [
            ("temporary", TemporaryError),
            ("absent", TemporaryError),
            ("permanent", PermanentError),
            ("silent", UnknownOutcomeError),
        ],
    )
    def test_each_trouble_has_its_name(self, channel: Channel, how: str, error: type[Exception]) -> None:
        self.misbehave(how)
        with pytest.raises(error):
            channel.deliver(self.handover())

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
    def test_hostile_words_arrive_as_mere_words(self, channel: Channel, hostile: str) -> None:
        place = self.handover().location
        assert place
        channel.deliver(
            self.handover(
                text=hostile,
                because=hostile,
                category_name=hostile,
                department_name=hostile,
                city_name=hostile,
                platform=hostile,
                location=place.model_copy(update={"label": hostile, "district": hostile}),
                photos=(Photo(name=hostile, content=picture("JPEG", "red"), description=hostile),),
                revision=1,
                changes=(Change(what="Ort", before=hostile, now=hostile),),
                added=hostile,
                left_out=(hostile,),
                links=(AnswerLink(answer="a", label=hostile, url="https://b.example/a"),),
            )
        )
        [text] = self.received()
        self.assert_inert(text)

    def assert_inert(self, text: str) -> None:
        """No control, no direction, no half character of a stranger got through."""
        forbidden = [
            *map(chr, range(9)),
            "\x0b",
            "\x0c",
            "\x1b",
            "\x85",
            "\x9b",
            *"\u2028\u2029\u202e\u2066\u200f",
        ]
        assert [repr(each) for each in forbidden if each in text] == []
        text.encode()
