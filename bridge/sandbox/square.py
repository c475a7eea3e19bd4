"""The page "Marktplatz zum Ausprobieren": write as a citizen, watch the city answer."""

from secrets import token_hex
from typing import NamedTuple

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bridge.sandbox import content
from bridge.sandbox.api import base_url, network
from bridge.sandbox.network import CITY
from bridge.sandbox.records import Account, Draft, Media, RefusalError, Status

CONVERSATIONS = 50
GREETING = f"@{CITY} "
EXAMPLES = {
    "Ampel": "Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus.",
    "Müll": "Am Glascontainer in der Karl-Heine-Straße liegen seit Tagen ein Sofa und vier Autoreifen.",
    "Frage": "Wie lange hat das Bürgeramt am Samstag offen?",
    "Notfall": "In der Georg-Schumann-Straße 120 riecht es im ganzen Haus stark nach Gas!",
    "Beleidigung": "Ihr seid doch alle faule Nichtsnutze, ihr Idioten.",
}
_GERMAN = {
    "can't be blank": "Bitte schreiben Sie einen Text oder hängen Sie ein Foto an.",
    "character limit": f"Der Text ist zu lang. Es passen höchstens {content.LIMIT} Zeichen hinein.",
    "8 MB": "Das Foto ist zu groß. Es darf höchstens 8 MB haben.",
    "contents": "Das ist kein Foto, das wir zeigen können. Bitte nehmen Sie JPEG oder PNG.",
    "reply to": "Der Beitrag, auf den Sie antworten wollten, ist nicht mehr da.",
}
_STARTED = token_hex(4)

square = Blueprint("square", __name__)


class Composer(NamedTuple):
    """What stands in the box to write in, and what will become of it."""

    text: str = GREETING
    direct: bool = False
    answers: Status | None = None
    edits: Status | None = None
    error: str = ""


class Card(NamedTuple):
    """One post as the page shows it, `depth` answers below the beginning of its conversation."""

    status: Status
    author: Account
    depth: int
    html: Markup
    pictures: list[Media]


def persona() -> Account:
    """Who looks and writes: the first persona unless the page says another."""
    return network().named(request.values.get("als", "")) or network().personas[0]


@square.errorhandler(RefusalError)
def gone(refusal: RefusalError) -> ResponseReturnValue:
    """A page for what is not there or not for this persona."""
    return render_template("gone.html", viewer=persona()), refusal.code


@square.get("/")
def timeline() -> ResponseReturnValue:
    """All conversations the chosen persona may see."""
    with network().lock:
        return _page(network().newest_roots(persona(), CONVERSATIONS), persona())


@square.get("/@<username>")
def profile(username: str) -> ResponseReturnValue:
    """The square as that persona sees it."""
    return redirect(url_for("square.timeline", als=username))


@square.get("/@<username>/<status_id>")
def conversation(username: str, status_id: str) -> ResponseReturnValue:
    """The one conversation a post belongs to, as its author sees it unless the page says otherwise."""
    viewer = persona() if "als" in request.args else network().named(username) or abort(404)
    with network().lock:
        status = network().seen(status_id, viewer)
        return _page([*network().ancestors(status, viewer), status][:1], viewer)


@square.post("/beitraege")
def write() -> ResponseReturnValue:
    """Post what stands in the composer."""
    text, direct = _typed(), request.form.get("sichtbarkeit") == "direct"
    answers = request.form.get("antwort", "")
    try:
        draft = Draft(
            status=text,
            visibility="direct" if direct else "public",
            in_reply_to_id=answers or None,
            media_ids=_uploaded(),
        )
        return _to(network().write(persona(), draft))
    except RefusalError as refusal:
        composer = Composer(text, direct, network().statuses.get(answers), error=_in_german(refusal))
        return _all_of(composer), 422


@square.post("/beitraege/<status_id>")
def edit(status_id: str) -> ResponseReturnValue:
    """Put the composer's text in place of one's own post."""
    status = network().own(persona(), status_id)
    try:
        draft = status.draft.model_copy(update={"status": _typed()})
        return _to(network().rewrite(persona(), status_id, draft))
    except RefusalError as refusal:
        return _all_of(Composer(_typed(), edits=status, error=_in_german(refusal))), 422


@square.post("/beitraege/<status_id>/loeschen")
def delete(status_id: str) -> ResponseReturnValue:
    """Take one's own post back."""
    network().remove(persona(), status_id)
    return redirect(url_for("square.timeline", als=persona().username), 303)


def _typed() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _uploaded() -> tuple[str, ...]:
    photo = request.files.get("foto")
    return (network().upload(persona(), photo.read()).id,) if photo else ()


def _in_german(refusal: RefusalError) -> str:
    return next((german for part, german in _GERMAN.items() if part in str(refusal)), str(refusal))


def _to(status: Status) -> ResponseReturnValue:
    return redirect(url_for("square.timeline", als=persona().username, _anchor=f"b{status.id}"), 303)


def _composer(viewer: Account) -> Composer:
    """The box as the address asks for it: an answer, an edit, an example, or empty."""
    answer, edited = request.args.get("antwort", ""), request.args.get("bearbeiten", "")
    if edited:
        status = network().own(viewer, edited)
        return Composer(status.draft.status, edits=status)
    if answer:
        status = network().seen(answer, viewer)
        return Composer(_greeting(status, viewer), status.draft.visibility == "direct", answers=status)
    return Composer(GREETING + EXAMPLES.get(request.args.get("beispiel", ""), ""))


def _greeting(status: Status, viewer: Account) -> str:
    """Everybody the answer must mention to reach them, first the one answered."""
    ids = dict.fromkeys([status.account_id, *status.mentions, network().city.id])
    return "".join(f"@{network().accounts[i].username} " for i in ids if i != viewer.id)


def _all_of(composer: Composer) -> str:
    roots = network().newest_roots(persona(), CONVERSATIONS)
    return _rendered(roots, persona(), composer)


def _page(roots: list[Status], viewer: Account) -> ResponseReturnValue:
    """The page, or 304 where nothing happened since the browser asked last; hold the network's lock."""
    version = f"{_STARTED}-{network().version}"
    if request.if_none_match.contains_weak(version):
        return "", 304
    response = make_response(_rendered(roots, viewer, _composer(viewer)))
    response.set_etag(version, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _rendered(roots: list[Status], viewer: Account, composer: Composer) -> str:
    people = network().personas
    return render_template(
        "square.html",
        alone=request.endpoint == "square.conversation",
        city=network().city,
        composer=composer,
        conversations=[_conversation(root, viewer) for root in roots],
        examples=EXAMPLES,
        limit=content.LIMIT,
        people=people if viewer in people else [*people, viewer],
        viewer=viewer,
        accounts=network().accounts,
    )


def _conversation(root: Status, viewer: Account) -> list[Card]:
    depths = {root.id: 0}
    cards = [_card(root, 0)]
    for status in network().descendants(root, viewer):
        depths[status.id] = depths.get(status.draft.in_reply_to_id or "", 0) + 1
        cards.append(_card(status, depths[status.id]))
    return cards


def _card(status: Status, depth: int) -> Card:
    # Everything `content.html` does not write itself, it escapes.
    html = Markup(content.html(status.draft.status, network().named, base_url()))  # noqa: S704
    pictures = [network().media[media_id] for media_id in status.draft.media_ids]
    return Card(status, network().accounts[status.account_id], min(depth, 3), html, pictures)
