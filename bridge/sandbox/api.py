"""The part of the Mastodon API that a city's account needs, with Mastodon's shapes and errors."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from bridge.sandbox import entities
from bridge.sandbox.faults import suffer
from bridge.sandbox.network import Network
from bridge.sandbox.paging import Item, Window, link_header
from bridge.sandbox.records import Account, Draft, Notification, Policy, RefusalError, Status

MOST_NOTIFICATIONS = 80
MOST_STATUSES = 40
OVERLAP = 5
MOST_AT_ONCE = 20
CITIZEN_PREFIX = "uebung-"
"""With a username behind it, a persona's bearer token: no secret, anybody here may write as anybody."""
_LISTS = {"media_ids"}

api = Blueprint("api", __name__)
Form = TypeVar("Form", bound=BaseModel)


def network() -> Network:
    """The network this app shows."""
    return cast(Network, current_app.extensions["network"])


def base_url() -> str:
    """The address this request came to, without a slash at the end."""
    return request.url_root.rstrip("/")


def read_form(form: type[Form]) -> Form:
    """The request's JSON, form and query as a model; unknown parameters are ignored as Mastodon does.

    Raises `RefusalError` 422 for values of the wrong kind.
    """
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        raise RefusalError(400, "Problems parsing JSON") from None
    sent: dict[str, Any] = body if isinstance(body, dict) else {}
    for name in request.values:
        plain = name.removesuffix("[]")
        sent[plain] = request.values.getlist(name) if plain in _LISTS else request.values[name]
    try:
        return form.model_validate(
            {name: sent[name] for name in form.model_fields if sent.get(name) is not None}
        )
    except ValidationError as error:
        wrong = ", ".join(str(e["loc"][0]) for e in error.errors())
        raise RefusalError(422, f"Validation failed: {wrong} is not included in the list") from None


def _account() -> Account:
    """Who asks; raises `RefusalError` 401 for a missing or unknown token."""
    account = _account_if_any()
    if account is None:
        raise RefusalError(401, "The access token is invalid")
    return account


def _account_if_any() -> Account | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return None
    if secrets.compare_digest(token.encode(), current_app.config["CITY_TOKEN"].encode()):
        return network().city
    person = network().named(token.removeprefix(CITIZEN_PREFIX))
    if not token.startswith(CITIZEN_PREFIX) or person is None or person == network().city:
        raise RefusalError(401, "The access token is invalid")
    return person


@api.errorhandler(RefusalError)
def refused(refusal: RefusalError) -> ResponseReturnValue:
    """Mastodon's way to say no."""
    response = jsonify(error=str(refusal))
    response.status_code = refusal.code
    if refusal.code == 429:
        reset = entities.time_text(datetime.now(UTC) + timedelta(seconds=1))
        response.headers.update(
            {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        )
    return response


@api.get("/api/v1/accounts/verify_credentials")
def verify_credentials() -> ResponseReturnValue:
    """Who am I."""
    return jsonify(entities.credential_account(network(), _account(), base_url()))


@api.get("/api/v2/instance")
def instance() -> ResponseReturnValue:
    """What this server is and what its limits are."""
    return jsonify(entities.instance(base_url(), request.host))


@api.get("/api/v1/notifications")
def notifications() -> ResponseReturnValue:
    """What happened to me; on this network only mentions."""
    with network().lock:
        return _listed(*_notifications_of(_account()))


def _notifications_of(account: Account) -> tuple[list[entities.Json], list[Notification]]:
    wanted, unwanted = request.args.getlist("types[]"), request.args.getlist("exclude_types[]")
    told = network().notifications(account)
    if (wanted and "mention" not in wanted) or "mention" in unwanted:
        told = []
    if request.args.get("include_filtered") not in {"true", "1"}:
        told = [n for n in told if not n.filtered]
    page = _cut(told, MOST_NOTIFICATIONS, overlapping=account == network().city)
    return [entities.notification(network(), n, base_url()) for n in page], page


@api.route("/api/v2/notifications/policy", methods=["GET", "PATCH"])
def notification_policy() -> ResponseReturnValue:
    """What I want to be told."""
    account = _account()
    if request.method == "PATCH":
        change = read_form(Policy).model_dump(exclude_unset=True)
        network().set_policy(account, network().policy(account).model_copy(update=change))
    with network().lock:
        told = network().notifications(account)
        return jsonify(entities.policy(network().policy(account), told, network().statuses))


@api.post("/api/v1/statuses")
def post_status() -> ResponseReturnValue:
    """Write; the one call that can be told to go wrong."""
    author, draft, key = _account(), read_form(Draft), request.headers.get("Idempotency-Key")

    def commit() -> Status:
        return network().write(author, draft, key)

    dice = network().dice
    fault = dice.post_fault() if author == network().city else None
    if fault:
        return suffer(fault, commit, dice.faults.hang_seconds)
    return _status(commit())


@api.get("/api/v1/statuses")
def statuses() -> ResponseReturnValue:
    """Several statuses at once; the missing ones are gone or not for me."""
    viewer = _account_if_any()
    ids = request.args.getlist("id[]")[:MOST_AT_ONCE]
    there = [network().seen(i, viewer) for i in ids if network().may_see(i, viewer)]
    return jsonify([entities.status(network(), s, base_url()) for s in there])


@api.get("/api/v1/statuses/<status_id>")
def one_status(status_id: str) -> ResponseReturnValue:
    """One status."""
    return _status(network().seen(status_id, _account_if_any()))


@api.get("/api/v1/statuses/<status_id>/context")
def context(status_id: str) -> ResponseReturnValue:
    """What a status answers and what answers it."""
    viewer = _account_if_any()
    about = network().seen(status_id, viewer)
    _fail_read_back(viewer)
    above, below = network().ancestors(about, viewer), _readable(network().descendants(about, viewer))
    return jsonify(
        ancestors=[entities.status(network(), s, base_url()) for s in above],
        descendants=[entities.status(network(), s, base_url()) for s in below],
    )


@api.put("/api/v1/statuses/<status_id>")
def edit_status(status_id: str) -> ResponseReturnValue:
    """Put a new version in place of my status."""
    return _status(network().rewrite(_account(), status_id, read_form(Draft)))


@api.delete("/api/v1/statuses/<status_id>")
def delete_status(status_id: str) -> ResponseReturnValue:
    """Take my status back; the answer carries its source text."""
    account = _account()
    gone = entities.status(network(), network().seen(status_id, account), base_url())
    return jsonify(gone | {"text": network().remove(account, status_id).draft.status})


@api.get("/api/v1/accounts/<account_id>/statuses")
def account_statuses(account_id: str) -> ResponseReturnValue:
    """What somebody wrote."""
    viewer, about = _account_if_any(), network().accounts.get(account_id)
    if about is None:
        raise RefusalError(404, "Record not found")
    _fail_read_back(viewer)
    written = _readable(network().written_by(about, viewer))
    if request.args.get("exclude_replies") in {"true", "1"}:
        written = [s for s in written if network().parent(s) is None]
    page = _cut(written, MOST_STATUSES, overlapping=False)
    return _listed([entities.status(network(), s, base_url()) for s in page], page)


@api.post("/api/v2/media")
def upload() -> ResponseReturnValue:
    """Store a picture, to be named in a status afterwards."""
    account, file = _account(), request.files.get("file")
    if file is None:
        raise RefusalError(422, "Validation failed: File can't be blank")
    stored = network().upload(account, file.read(), request.form.get("description", ""))
    return jsonify(entities.media(stored, base_url()))


@api.get("/media/<name>")
def picture(name: str) -> ResponseReturnValue:
    """The bytes of a picture."""
    found = network().media.get(name.partition(".")[0])
    if found is None or found.name != name:
        raise RefusalError(404, "Record not found")
    return send_file(network().picture_path(found).resolve(), mimetype=found.mime, max_age=3600)


def _cut(items: Sequence[Item], most: int, overlapping: bool) -> list[Item]:
    window = read_form(Window)
    if overlapping and network().dice.strikes("poll_overlap"):
        window = window.reaching_back(items, OVERLAP)
    return window.cut(items, most)


def _listed(rows: list[entities.Json], page: Sequence[Item]) -> Response:
    response = jsonify(rows)
    if page:
        response.headers["Link"] = link_header(request.base_url, request.args, page)
    return response


def _status(status: Status) -> Response:
    return jsonify(entities.status(network(), status, base_url()))


def _fail_read_back(viewer: Account | None) -> None:
    if viewer == network().city and network().dice.strikes("read_back_failure"):
        raise RefusalError(503, "Service unavailable")


def _readable(found: Sequence[Status]) -> list[Status]:
    city, dice = network().city, network().dice
    return [s for s in found if s.account_id != city.id or not dice.hidden_by_lag(s)]
