"""Asks a Bluesky server: one session, kept among processes, renewed when it ran out, rarely made anew."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError

from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError
from bridge.platforms._http import Door, RefusedError
from bridge.platforms.base import Account
from bridge.platforms.bluesky._wire import Session

Model = TypeVar("Model", bound=BaseModel)

_STALE = {"ExpiredToken", "InvalidToken"}
"""How a server refuses an access token: with 400, not 401."""
_TO_CHAT = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
"""Direct messages are a service of their own, to which the account's server hands on."""


class Secret(BaseModel):
    """What is stored as the account's token: its app password, and the session made with it."""

    password: str = Field(repr=False)
    server: str = ""
    """Who gave the session; no other gets to see it."""
    home: str = ""
    """The server on which the account lives, which that one named."""
    access: str = Field(default="", repr=False)
    refresh: str = Field(default="", repr=False)


class Client:
    """One account's way to its server; `renewed` is told every token that is to be stored."""

    def __init__(self, account: Account, renewed: Callable[[SecretStr], None]) -> None:
        self._server, self._who = account.base_url, account.external_id or account.handle.removeprefix("@")
        self._renewed = renewed
        self._secret = _opened(account)
        self._door = self._opened_door()

    @property
    def host(self) -> str:
        """Whom an error is about."""
        return self._door.host

    def get(self, method: str, model: type[Model], **params: Any) -> Model:
        """Ask a question, without the `params` that are None; raises `TemporaryError` or `RefusedError`."""
        answer = self._ask("GET", method, params=params)
        try:
            return model.model_validate(answer)
        except ValidationError:
            raise TemporaryError(f"{self.host} answered {method} with something unreadable") from None

    def post(self, method: str, body: dict[str, Any]) -> Any:
        """Have something done; raises `UnknownOutcomeError` where it may have been."""
        return self._ask("POST", method, body=body)

    def set(self, method: str, body: dict[str, Any]) -> None:
        """Have something done that may be done again, so that an unclear outcome is only a delay."""
        try:
            self.post(method, body)
        except UnknownOutcomeError as error:
            raise TemporaryError(str(error)) from None

    def log_in(self) -> Session:
        """Make a session with the app password; a server allows 30 in five minutes and 300 a day."""
        if not self._who:
            raise PermanentError("the handle of the Bluesky account is missing")
        credentials = {"identifier": self._who, "password": self._secret.password}
        try:
            return self._begin(Door(self._server, SecretStr("")), "createSession", credentials)
        except RefusedError as error:
            # What else the server says may hold the password.
            why = error.reason if error.reason.isalpha() else f"status {error.status}"
            raise PermanentError(
                f"{self._who} cannot log in ({why}): take the full handle and an app password"
            ) from None

    def _ask(self, verb: str, method: str, **what: Any) -> Any:
        if not self._secret.access:
            self.log_in()
        headers = _TO_CHAT if method.startswith("chat.") else {}
        try:
            return self._door.ask(verb, f"/xrpc/{method}", headers=headers, **what)
        except RefusedError as error:
            if error.reason not in _STALE and error.status != 401:
                raise
        self._refresh()
        return self._door.ask(verb, f"/xrpc/{method}", headers=headers, **what)

    def _refresh(self) -> None:
        try:
            self._begin(Door(self._server, SecretStr(self._secret.refresh)), "refreshSession", None)
        except RefusedError:
            self.log_in()

    def _begin(self, door: Door, method: str, body: dict[str, str] | None) -> Session:
        try:
            answer = door.ask("POST", f"/xrpc/com.atproto.server.{method}", body=body)
            session = Session.model_validate(answer)
        except (UnknownOutcomeError, ValidationError):
            raise TemporaryError(f"{door.host} gave no clear answer to {method}") from None
        self._secret = Secret(
            password=self._secret.password,
            server=self._server,
            home=session.home(self._server),
            access=session.access,
            refresh=session.refresh,
        )
        self._door = self._opened_door()
        self._renewed(SecretStr(self._secret.model_dump_json()))
        return session

    def _opened_door(self) -> Door:
        return Door(self._secret.home or self._server, SecretStr(self._secret.access))


def _opened(account: Account) -> Secret:
    """The stored secret; before the first session it is the bare app password."""
    token = account.token.get_secret_value()
    try:
        secret = Secret.model_validate_json(token)
    except ValidationError:
        return Secret(password=token)
    return secret if secret.server == account.base_url else Secret(password=secret.password)
