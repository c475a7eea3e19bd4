"""Direct messages: a log of what happened in all conversations, and requests from people who are new."""

from datetime import UTC, datetime
from itertools import dropwhile
from typing import Any

from pydantic import BaseModel, Field

from bridge.domain import PermanentError, PlatformEvent, Receipt, Reply, UnknownOutcomeError
from bridge.platforms._http import RefusedError
from bridge.platforms.bluesky import _events, _text
from bridge.platforms.bluesky._client import Client
from bridge.platforms.bluesky._feed import LOOK_BACK, written_at

Message = dict[str, Any]

_MOST_PAGES = 10
"""How much of the log is read in one poll."""
_MESSAGES = 100
"""How far back a conversation is read."""
_CREATED = "chat.bsky.convo.defs#logCreateMessage"
_REFUSED = {
    "AccountSuspended": "an account is suspended",
    "BlockedActor": "this person and the city's account block each other",
    "BlockedSubject": "this person and the city's account block each other",
    "ConvoLocked": "the conversation is closed",
    "InvalidConvo": "the conversation is no longer there",
    "MessagesDisabled": "this person takes no direct messages",
    "NotFollowedBySender": "this person takes direct messages only from people they follow",
    "RecipientNotFound": "this person is no longer there",
    "ReplyTargetNotFound": "the message answered is no longer there",
}


class Mark(BaseModel):
    """How far the log was read, and the last message seen of each request."""

    log: str | None = None
    requests: dict[str, str] = {}


class _Log(BaseModel):
    logs: tuple[dict[str, Any], ...] = ()
    cursor: str | None = None


class _Messages(BaseModel):
    messages: tuple[Message, ...] = ()


class _Last(BaseModel):
    id: str = ""


class _Convo(BaseModel):
    id: str
    members: tuple[dict[str, Any], ...] = ()
    last: _Last | None = Field(default=None, alias="lastMessage")


class _OneConvo(BaseModel):
    convo: _Convo


class _Convos(BaseModel):
    convos: tuple[_Convo, ...] = ()


class _Requests(BaseModel):
    convos: tuple[_Convo, ...] = Field(default=(), alias="requests")


class Chat:
    """The direct messages of one account."""

    def __init__(self, client: Client, our_id: str) -> None:
        self._client, self._our_id = client, our_id
        self._people: dict[str, dict[str, Any]] = {}

    def news(self, mark: Mark) -> tuple[list[PlatformEvent], Mark]:
        """What was written since `mark`, each message once, and the mark after it."""
        events: dict[str, PlatformEvent] = {}
        if mark.log is None:
            unread = self._client.get("chat.bsky.convo.listConvos", _Convos, readState="unread")
            self._read_whole(unread.convos, events)
        log = self._read_log(mark.log, events)
        asked = self._client.get("chat.bsky.convo.listConvoRequests", _Requests, limit=100)
        last = {convo.id: convo.last.id for convo in asked.convos if convo.last}
        changed = [one for one in asked.convos if last.get(one.id, "") != mark.requests.get(one.id, "")]
        self._read_whole(tuple(changed), events)
        return list(events.values()), Mark(log=log, requests=last)

    def send(self, reply: Reply) -> Receipt:
        """Answer in the conversation; a request is accepted by it."""
        try:
            convo, answered = self._where(reply)
            message = _text.rich(reply.text, {})
            if answered:
                message["replyTo"] = {"messageId": answered}
            self._client.set("chat.bsky.convo.acceptConvo", {"convoId": convo})
            body = {"convoId": convo, "message": message}
            answer = self._client.post("chat.bsky.convo.sendMessage", body)
        except RefusedError as error:
            raise PermanentError(_REFUSED.get(error.reason, str(error))) from None
        if not isinstance(answer, dict) or not answer.get("id"):
            raise UnknownOutcomeError(f"{self._client.host} took the message but did not name it")
        return Receipt(external_id=f"{convo}/{answer['id']}")

    def find(self, reply: Reply) -> Receipt | None:
        """Look among the latest messages of the conversation for one of ours with the same words."""
        convo, answered = self._where(reply)
        said = _text.rich(reply.text, {})["text"]
        for message in self._messages(convo):
            ours = _sender(message) == self._our_id and message.get("text") == said
            if ours and (not answered or _answered(message) == answered):
                return Receipt(external_id=f"{convo}/{message['id']}")
        return None

    def _where(self, reply: Reply) -> tuple[str, str]:
        """The conversation to write in, and the message answered; to a public post there is none."""
        convo, _, answered = reply.in_reply_to.partition("/")
        if not reply.in_reply_to.startswith("at://"):
            return convo, answered
        members = [reply.recipient.external_id]
        found = self._client.get("chat.bsky.convo.getConvoForMembers", _OneConvo, members=members)
        return found.convo.id, ""

    def _read_log(self, cursor: str | None, events: dict[str, PlatformEvent]) -> str:
        for _ in range(_MOST_PAGES):
            page = self._client.get("chat.bsky.convo.getLog", _Log, cursor=cursor or None)
            for entry in page.logs:
                if entry.get("$type") == _CREATED and isinstance(entry.get("message"), dict):
                    self._know(entry.get("relatedProfiles"))
                    self._note(str(entry.get("convoId")), entry["message"], events)
            before, cursor = cursor, page.cursor or cursor
            if not page.logs or cursor == before:
                break
        return cursor or ""

    def _read_whole(self, convos: tuple[_Convo, ...], events: dict[str, PlatformEvent]) -> None:
        for convo in convos:
            self._know(convo.members)
            for message in reversed(self._messages(convo.id)):
                self._note(convo.id, message, events)

    def _note(self, convo: str, message: Message, events: dict[str, PlatformEvent]) -> None:
        """Keep one message, if it is one: deleted ones have no text."""
        recent = written_at({"indexedAt": message.get("sentAt")}) >= datetime.now(UTC) - LOOK_BACK
        if not (recent and message.get("id") and "text" in message):
            return
        answered = _answered(message)
        if not answered and _sender(message) == self._our_id:
            answered = self._heard_before(convo, message)
        person = self._person(convo, _sender(message))
        event = _events.chat(convo, message, person, f"{convo}/{answered}" if answered else None)
        events.setdefault(event.key, event)

    def _heard_before(self, convo: str, ours: Message) -> str:
        """The id of the last message of somebody else before ours, which a colleague wrote in the app."""
        older = dropwhile(lambda one: one.get("id") != ours["id"], self._messages(convo))
        return next((str(one["id"]) for one in older if _sender(one) not in {"", self._our_id}), "")

    def _messages(self, convo: str) -> tuple[Message, ...]:
        """The latest messages of a conversation, newest first."""
        method = "chat.bsky.convo.getMessages"
        return self._client.get(method, _Messages, convoId=convo, limit=_MESSAGES).messages

    def _person(self, convo: str, did: str) -> dict[str, Any] | None:
        if did not in self._people:
            found = self._client.get("chat.bsky.convo.getConvo", _OneConvo, convoId=convo)
            self._know(found.convo.members)
        return self._people.get(did)

    def _know(self, profiles: Any) -> None:
        for profile in profiles if isinstance(profiles, list | tuple) else ():
            if isinstance(profile, dict):
                self._people[str(profile.get("did"))] = profile


def _sender(message: Message) -> str:
    return _inside(message.get("sender"), "did")


def _answered(message: Message) -> str:
    return _inside(message.get("replyTo"), "id")


def _inside(found: Any, name: str) -> str:
    return str(found.get(name) or "") if isinstance(found, dict) else ""
