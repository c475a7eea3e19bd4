"""What a Mastodon server sends, as far as we read it, and how it becomes a message; missing is null."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError

from bridge.domain import (
    Attachment,
    Author,
    InboundMessage,
    PermanentError,
    Visibility,
    Withdrawal,
    storable,
)
from bridge.platforms.mastodon._text import account_of, to_text

VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}
SENT_AS = {ours: theirs for theirs, ours in VISIBILITIES.items()}
LONGEST_URL = 2000
_KINDS: dict[str, Literal["image", "video", "audio"]] = {
    "image": "image",
    "gifv": "video",
    "video": "video",
    "audio": "audio",
}


def _only_web(url: str | None) -> str | None:
    return url if url and len(url) <= LONGEST_URL and url.startswith(("https://", "http://")) else None


WebUrl = Annotated[str | None, AfterValidator(_only_web)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Profile(_Wire):
    """An account, ours or a citizen's."""

    id: str
    acct: str
    display_name: str | None = None
    bot: bool | None = None


class _Named(_Wire):
    id: str


class _Mention(_Wire):
    id: str | None = None
    url: str | None = None


class _Media(_Wire):
    type: str | None = None
    url: WebUrl = None
    remote_url: WebUrl = None
    description: str | None = None


class Status(_Wire):
    """One post."""

    id: str
    account: Profile
    created_at: AwareDatetime
    visibility: str
    content: str | None = None
    edited_at: AwareDatetime | None = None
    url: WebUrl = None
    in_reply_to_id: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    reblog: dict[str, Any] | None = None
    mentions: tuple[_Mention, ...] | None = None
    media_attachments: tuple[_Media, ...] | None = None


class Posted(_Wire):
    """As much of a post as tells whether it is a reply of ours."""

    id: str
    url: str | None = None
    account: _Named | None = None
    in_reply_to_id: str | None = None
    content: str | None = None


class Context(_Wire):
    """What stands below a post."""

    descendants: tuple[Posted, ...] = ()


class Envelope(_Wire):
    """What the poll stores: the post as it came, and what the poll alone could find out."""

    type: Literal["mention", "own", "seen_again", "gone"]
    status: dict[str, Any] | None = None
    notification: dict[str, Any] | None = None
    ancestors: tuple[str, ...] = ()


class _StatusRules(_Wire):
    max_characters: int | None = None
    characters_reserved_per_url: int | None = None


class _Configuration(_Wire):
    statuses: _StatusRules | None = None


class Instance(_Wire):
    """A server's word about itself."""

    version: str | None = None
    source_url: str | None = None
    api_versions: dict[str, Any] | None = None
    configuration: _Configuration | None = None

    @property
    def rules(self) -> _StatusRules:
        """What it says about posts, perhaps nothing."""
        return (self.configuration and self.configuration.statuses) or _StatusRules()

    @property
    def keeps_keys(self) -> bool:
        """Whether this is Mastodon itself, or a close fork, so that it honours an Idempotency-Key.

        Others name themselves in the version, as "2.7.2 (compatible; Pleroma 2.6.0)", or are not at 4 yet.
        """
        bare = re.fullmatch(r"([4-9]|\d\d)\.\d+\.\d+([-+][\w.+-]+)?", self.version or "")
        named = "mastodon" in (self.source_url or "").lower() or "mastodon" in (self.api_versions or {})
        return bare is not None and named


def read(payload: str, our_id: str) -> list[InboundMessage | Withdrawal]:
    """The message of one stored envelope, none where it carries no post.

    Raises `PermanentError` where it cannot be read.
    """
    try:
        envelope = Envelope.model_validate(storable(json.loads(payload)))
        if not envelope.status:
            return []
        if envelope.type == "gone":
            return [Withdrawal(external_id=_Named.model_validate(envelope.status).id)]
        return [_message(Status.model_validate(envelope.status), envelope.ancestors, our_id)]
    except ValidationError as error:
        raise PermanentError(f"unreadable event: {_wrong(error)}") from None
    except (ValueError, RecursionError) as error:
        raise PermanentError(f"unreadable event, no JSON: {type(error).__name__}") from None


def _wrong(error: ValidationError) -> str:
    """What is wrong where, without the words somebody wrote."""
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:3])


def _message(status: Status, ancestors: tuple[str, ...], our_id: str) -> InboundMessage:
    mentions_of_us = [mention for mention in status.mentions or () if mention.id == our_id]
    words = to_text(status.content or "", {account_of(mention.url or "") for mention in mentions_of_us})
    return InboundMessage(
        external_id=status.id,
        conversation_id=ancestors[0] if ancestors else status.id,
        author=_author(status.account),
        text="\n\n".join(part for part in (status.spoiler_text, words) if part),
        # What we do not know may be as narrow as can be: an answer is never wider.
        visibility=VISIBILITIES.get(status.visibility, Visibility.DIRECT),
        written_at=status.created_at,
        url=status.url,
        in_reply_to=status.in_reply_to_id,
        edited_at=status.edited_at,
        language=status.language,
        spoiler_text=status.spoiler_text or "",
        sensitive=bool(status.sensitive),
        attachments=_attachments(status.media_attachments or ()),
        addressed=bool(mentions_of_us) and status.reblog is None,
        by_us=status.account.id == our_id,
    )


def _author(account: Profile) -> Author:
    return Author(
        external_id=account.id,
        handle=account.acct,
        display_name=account.display_name or "",
        bot=bool(account.bot),
    )


def _attachments(media: tuple[_Media, ...]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(url=url, kind=_KINDS.get(one.type or "", "other"), description=one.description or "")
        for one in media
        if (url := one.url or one.remote_url)
    )
