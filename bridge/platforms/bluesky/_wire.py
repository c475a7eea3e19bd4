"""What Bluesky's servers send, as far as we read it; a record is its author's own and may hold anything."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

LONGEST_URL = 2000


def _only_web(url: str | None) -> str | None:
    return url if url and len(url) <= LONGEST_URL and url.startswith(("https://", "http://")) else None


WebUrl = Annotated[str | None, AfterValidator(_only_web)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Service(_Wire):
    id: str = ""
    endpoint: Any = Field(default=None, alias="serviceEndpoint")


class _Document(_Wire):
    service: tuple[_Service, ...] = ()


class Session(_Wire):
    """Two tokens, and whose they are."""

    did: str
    handle: str
    access: str = Field(alias="accessJwt", min_length=1, repr=False)
    refresh: str = Field(alias="refreshJwt", min_length=1, repr=False)
    document: _Document | None = Field(default=None, alias="didDoc")

    def home(self, server: str) -> str:
        """The server on which the account lives; `server` where none is named, or none that is secure."""
        for service in self.document.service if self.document else ():
            endpoint = str(service.endpoint).rstrip("/")
            if service.id.endswith("#atproto_pds") and endpoint.startswith("https://"):
                return endpoint
        return server


class Ref(_Wire):
    """One version of a record."""

    uri: str
    cid: str


class ReplyRefs(_Wire):
    """What a post answers, and the post at the top of its thread."""

    root: Ref
    parent: Ref


class Label(_Wire):
    """What its author or somebody else says about an account or a post."""

    val: str = ""


class Profile(_Wire):
    """An account."""

    did: str
    handle: str
    name: str | None = Field(default=None, alias="displayName")
    labels: tuple[Label, ...] | None = None


class Slice(_Wire):
    """A half-open range of UTF-8 bytes."""

    start: int = Field(alias="byteStart")
    end: int = Field(alias="byteEnd")


class Feature(_Wire):
    """What a piece of text stands for: a person or an address."""

    did: str | None = None
    uri: str | None = None


class Facet(_Wire):
    """A piece of text that stands for something."""

    index: Slice
    features: tuple[Feature, ...] = ()


class Record(_Wire):
    """A post as its author wrote it."""

    text: str = ""
    facets: tuple[Facet, ...] | None = None
    reply: ReplyRefs | None = None
    langs: tuple[str, ...] | None = None
    embed: dict[str, Any] | None = None

    @property
    def quoted(self) -> str:
        """The address of the post it quotes, if any; with media it lies one level deeper."""
        found: Any = self.embed
        while isinstance(found, dict) and not isinstance(found.get("uri"), str):
            found = found.get("record")
        return str(found["uri"]) if isinstance(found, dict) else ""


class _Picture(_Wire):
    url: WebUrl = Field(default=None, alias="fullsize")
    alt: str | None = None


class _Card(_Wire):
    uri: WebUrl = None


class EmbedView(_Wire):
    """What is shown below a post."""

    images: tuple[_Picture, ...] | None = None
    items: tuple[_Picture, ...] | None = None
    playlist: WebUrl = None
    alt: str | None = None
    external: _Card | None = None
    media: "EmbedView | None" = None


class Viewer(_Wire):
    """What a post's author lets us do."""

    closed: bool | None = Field(default=None, alias="replyDisabled")


class PostView(_Wire):
    """A post as the network shows it."""

    uri: str
    cid: str
    author: Profile
    record: Record
    indexed_at: AwareDatetime = Field(alias="indexedAt")
    embed: EmbedView | None = None
    labels: tuple[Label, ...] | None = None
    viewer: Viewer | None = None


class _Named(_Wire):
    id: str


class _Sender(_Wire):
    did: str


class ChatMessage(_Wire):
    """A direct message."""

    id: str
    text: str
    sender: _Sender
    sent_at: AwareDatetime = Field(alias="sentAt")
    facets: tuple[Facet, ...] | None = None
    reply_to: _Named | None = Field(default=None, alias="replyTo")
    embed: dict[str, Any] | None = None


class Envelope(_Wire):
    """What the poll stores: a post or a message as it came, and what the poll alone could find out."""

    type: Literal["post", "gone", "chat"]
    post: dict[str, Any] | None = None
    uri: str = ""
    convo: str = ""
    message: dict[str, Any] | None = None
    author: Profile | None = None
    answers: str | None = None
