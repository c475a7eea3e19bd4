"""What the servers told us as events to be stored, and what a stored event says."""

import json
from typing import Any

from pydantic import ValidationError

from bridge.domain import (
    Attachment,
    Author,
    InboundMessage,
    PermanentError,
    PlatformEvent,
    Visibility,
    Withdrawal,
    storable,
)
from bridge.platforms.bluesky import _text
from bridge.platforms.bluesky._wire import ChatMessage, EmbedView, Envelope, PostView, Profile

_BOT = "bot"
_SENSITIVE = {"porn", "sexual", "nudity", "graphic-media", "gore", "!warn", "!hide"}


def post(view: dict[str, Any]) -> PlatformEvent:
    """A post as it stands; it cannot be changed, so it has the same key whenever it is seen."""
    return _event(f"post {view['uri']} {view['cid']}", type="post", post=view)


def gone(uri: str) -> PlatformEvent:
    """A post we know that is there no more."""
    return _event(f"post {uri} gone", type="gone", uri=uri)


def chat(
    convo: str, message: dict[str, Any], author: dict[str, Any] | None, answers: str | None
) -> PlatformEvent:
    """A direct message, with who wrote it and which message it answers."""
    key = f"chat {convo}/{message['id']}"
    return _event(key, type="chat", convo=convo, message=message, author=author, answers=answers)


def read(payload: str, our_id: str) -> list[InboundMessage | Withdrawal]:
    """The message of one stored envelope, none where it carries nothing.

    Raises `PermanentError` where it cannot be read.
    """
    try:
        envelope = Envelope.model_validate(storable(json.loads(payload)))
        if envelope.type == "gone":
            return [Withdrawal(external_id=envelope.uri)] if envelope.uri else []
        if envelope.type == "post" and envelope.post:
            return [_posted(PostView.model_validate(envelope.post), our_id)]
        if envelope.type == "chat" and envelope.message:
            return [_told(ChatMessage.model_validate(envelope.message), envelope, our_id)]
        return []
    except ValidationError as error:
        raise PermanentError(f"unreadable event: {_wrong(error)}") from None
    except (ValueError, RecursionError) as error:
        raise PermanentError(f"unreadable event, no JSON: {type(error).__name__}") from None


def web_address(uri: str) -> str:
    """Where people read a post."""
    did, _, key = uri.removeprefix("at://").partition("/app.bsky.feed.post/")
    return f"https://bsky.app/profile/{did}/post/{key}"


def _event(key: str, **envelope: Any) -> PlatformEvent:
    return PlatformEvent(key=key, payload=json.dumps(envelope))


def _wrong(error: ValidationError) -> str:
    """What is wrong where, without the words somebody wrote."""
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:3])


def _posted(view: PostView, our_id: str) -> InboundMessage:
    record, above = view.record, view.record.reply
    embed = view.embed or EmbedView()
    return InboundMessage(
        external_id=view.uri,
        conversation_id=above.root.uri if above else view.uri,
        author=_author(view.author),
        text=_with_card(_text.plain(record.text, record.facets or (), our_id), embed),
        visibility=Visibility.PUBLIC,
        # Only the network's time can be shown to staff: the author's may be any.
        written_at=view.indexed_at,
        url=web_address(view.uri),
        in_reply_to=above.parent.uri if above else None,
        language=record.langs[0] if record.langs else None,
        sensitive=any(label.val in _SENSITIVE for label in view.labels or ()),
        attachments=_attachments(embed),
        addressed=_speaks_to_us(view, our_id),
        by_us=view.author.did == our_id,
    )


def _told(message: ChatMessage, envelope: Envelope, our_id: str) -> InboundMessage:
    did, convo = message.sender.did, envelope.convo
    shared = message.embed.get("record") if message.embed else None
    uri = shared.get("uri") if isinstance(shared, dict) else None
    text = _text.plain(message.text, message.facets or (), our_id)
    return InboundMessage(
        external_id=f"{convo}/{message.id}",
        conversation_id=convo,
        author=_author(envelope.author or Profile(did=did, handle=did)),
        text=f"{text}\n\n{web_address(uri)}".strip() if isinstance(uri, str) else text,
        visibility=Visibility.DIRECT,
        written_at=message.sent_at,
        in_reply_to=envelope.answers,
        by_us=did == our_id,
    )


def _speaks_to_us(view: PostView, our_id: str) -> bool:
    """Whether it mentions us, or answers or quotes a post of ours; its author alone says so."""
    record, ours = view.record, f"at://{our_id}/"
    mentioned = {feature.did for facet in record.facets or () for feature in facet.features}
    answers = record.reply.parent.uri if record.reply else ""
    told = our_id in mentioned or answers.startswith(ours) or record.quoted.startswith(ours)
    return told and view.author.did != our_id


def _author(profile: Profile) -> Author:
    return Author(
        external_id=profile.did,
        handle=profile.handle,
        display_name=profile.name or "",
        bot=any(label.val == _BOT for label in profile.labels or ()),
    )


def _with_card(text: str, embed: EmbedView) -> str:
    card = (embed.external and embed.external.uri) or ""
    return text if card in text else f"{text}\n\n{card}".strip()


def _attachments(embed: EmbedView) -> tuple[Attachment, ...]:
    pictures = [*(embed.images or ()), *(embed.items or ())]
    found = [Attachment(url=one.url, description=one.alt or "") for one in pictures if one.url]
    if embed.playlist:
        found.append(Attachment(url=embed.playlist, kind="video", description=embed.alt or ""))
    return (*found, *(_attachments(embed.media) if embed.media else ()))
