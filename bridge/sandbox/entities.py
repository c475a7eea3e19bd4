"""The network's memory in the shapes of the Mastodon API."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bridge.sandbox import content
from bridge.sandbox.network import MAX_MEDIA, Network
from bridge.sandbox.pictures import MAX_BYTES, MAX_PIXELS, TYPES
from bridge.sandbox.records import Account, Media, Notification, Policy, Status

Json = dict[str, Any]


def time_text(at: datetime) -> str:
    """A time as Mastodon writes it: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def profile_url(account: Account, base: str) -> str:
    """Where an account's page is; `base` is the server's address without a slash at the end."""
    return f"{base}/@{account.username}"


def status_url(network: Network, status: Status, base: str) -> str:
    """Where a status can be read."""
    return f"{profile_url(network.accounts[status.account_id], base)}/{status.id}"


def account(network: Network, who: Account, base: str) -> Json:
    """An Account; pictures are one and the same drawing for everybody."""
    drawing = f"{base}/static/avatar.svg"
    url = profile_url(who, base)
    return {
        "id": who.id,
        "username": who.username,
        "acct": who.username,
        "display_name": who.display_name,
        "locked": False,
        "bot": who.bot,
        "group": False,
        "discoverable": False,
        "indexable": False,
        "created_at": time_text(who.created_at),
        "note": "",
        "url": url,
        "uri": f"{base}/users/{who.username}",
        "avatar": drawing,
        "avatar_static": drawing,
        "header": drawing,
        "header_static": drawing,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": network.status_count(who),
        "emojis": [],
        "fields": [],
    }


def credential_account(network: Network, who: Account, base: str) -> Json:
    """A CredentialAccount: what somebody may know about themselves."""
    source = {
        "privacy": "public",
        "sensitive": False,
        "language": "de",
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
        "indexable": False,
    }
    role = {"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": False}
    return account(network, who, base) | {"source": source, "role": role}


def media(item: Media, base: str) -> Json:
    """A MediaAttachment of type image."""
    url = f"{base}/media/{item.name}"
    size = f"{item.width}x{item.height}"
    shape = {"width": item.width, "height": item.height, "size": size, "aspect": item.width / item.height}
    return {
        "id": item.id,
        "type": "image",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "description": item.description or None,
        "blurhash": None,
        "meta": {"original": shape, "small": shape},
    }


def status(network: Network, item: Status, base: str) -> Json:
    """A Status; an answer to a deleted one answers nothing."""
    draft, above = item.draft, network.parent(item)
    author = network.accounts[item.account_id]
    return {
        "id": item.id,
        "created_at": time_text(item.created_at),
        "edited_at": time_text(item.edited_at) if item.edited_at else None,
        "in_reply_to_id": above.id if above else None,
        "in_reply_to_account_id": above.account_id if above else None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.spoiler_text,
        "visibility": draft.visibility,
        "language": draft.language,
        "uri": f"{base}/users/{author.username}/statuses/{item.id}",
        "url": status_url(network, item, base),
        "replies_count": network.answer_count(item),
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "favourited": False,
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "content": content.html(draft.status, network.named, base),
        "reblog": None,
        "application": None,
        "account": account(network, author, base),
        "media_attachments": [media(network.media[media_id], base) for media_id in draft.media_ids],
        "mentions": [_mention(network.accounts[i], base) for i in item.mentions],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _mention(who: Account, base: str) -> Json:
    return {"id": who.id, "username": who.username, "acct": who.username, "url": profile_url(who, base)}


def notification(network: Network, item: Notification, base: str) -> Json:
    """A Notification of type mention."""
    about = network.statuses[item.status_id]
    return {
        "id": item.id,
        "type": "mention",
        "created_at": time_text(item.created_at),
        "group_key": f"ungrouped-{item.id}",
        "account": account(network, network.accounts[about.account_id], base),
        "status": status(network, about, base),
    }


def policy(choice: Policy, told: Sequence[Notification], statuses: Mapping[str, Status]) -> Json:
    """A NotificationPolicy with what it has held back so far."""
    held = [n for n in told if n.filtered]
    people = {statuses[n.status_id].account_id for n in held}
    summary = {"pending_requests_count": min(100, len(people)), "pending_notifications_count": len(held)}
    return choice.model_dump() | {"summary": summary}


def instance(base: str, host: str) -> Json:
    """An Instance with the limits this network keeps."""
    return {
        "domain": host,
        "title": "Marktplatz zum Ausprobieren",
        "version": "4.6.0",
        "source_url": base,
        "description": "Übungsplatz. Nichts hier verlässt diesen Rechner.",
        "usage": {"users": {"active_month": 0}},
        "thumbnail": {"url": f"{base}/static/avatar.svg"},
        "icon": [],
        "languages": ["de"],
        "configuration": _configuration(),
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "api_versions": {"mastodon": 8},
        "contact": {"email": f"niemand@{content.DOMAIN}", "account": None},
        "rules": [],
    }


def _configuration() -> Json:
    return {
        "urls": {},
        "accounts": {"max_featured_tags": 0, "max_pinned_statuses": 0},
        "statuses": {
            "max_characters": content.LIMIT,
            "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": content.CHARACTERS_PER_URL,
        },
        "media_attachments": {
            "supported_mime_types": list(TYPES.values()),
            "image_size_limit": MAX_BYTES,
            "image_matrix_limit": MAX_PIXELS,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": 0,
            "max_characters_per_option": 0,
            "min_expiration": 0,
            "max_expiration": 0,
        },
        "translation": {"enabled": False},
    }
