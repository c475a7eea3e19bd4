"""The sandbox network as the contract needs it; the city's account is `stadt`, the citizen is `ada`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from bridge.domain import Visibility
from bridge.platforms.base import Account
from bridge.sandbox.records import Draft, Faults
from bridge.sandbox.serve import Running, running
from tests.platforms.stand_in import COMMITS, PostFault, StandIn

TOKEN = "token-der-stadt-0816"
HANG_SECONDS = 0.8
PATIENCE = 10.0


class SquareServer(StandIn):
    """The sandbox in this process, spoken to by the adapter over real HTTP."""

    def __init__(self, square: Running) -> None:
        self._url = square.url
        self._network = square.network
        self._ada = square.network.join("ada", "Ada")
        self._fault: PostFault | None = None

    @property
    def account(self) -> Account:
        return Account(platform="mastodon", base_url=self._url, token=SecretStr(TOKEN))

    def say(self, text: str, visibility: Visibility = Visibility.PUBLIC, answers: str | None = None) -> str:
        reach = "private" if visibility is Visibility.FOLLOWERS else visibility.value
        draft = Draft.model_validate(
            {"status": f"@stadt {text}", "visibility": reach, "in_reply_to_id": answers}
        )
        return self._network.write(self._ada, draft).id

    def say_as_city(self, text: str, answers: str) -> str:
        return self._network.write(
            self._network.city, Draft(status=f"@ada {text}", in_reply_to_id=answers)
        ).id

    def edit(self, message_id: str, text: str) -> None:
        self._network.rewrite(self._ada, message_id, Draft(status=f"@stadt {text}"))

    def delete(self, message_id: str) -> None:
        self._network.remove(self._ada, message_id)

    def posts(self) -> list[str]:
        return [status.id for status in self._network.written_by(self._network.city, self._network.city)]

    def break_posting(self, fault: PostFault | None) -> None:
        self._fault = fault
        shares = {fault.value: 1.0} if fault else {}
        self._network.set_faults(Faults.model_validate({**shares, "hang_seconds": HANG_SECONDS}))

    def settle(self) -> None:
        waited = threading.Event()
        for _ in range(int(PATIENCE / 0.02)):
            if self._fault not in COMMITS or self.posts():
                return
            waited.wait(0.02)
        raise AssertionError("the late post never came")


@contextmanager
def on_the_square(folder: Path) -> Iterator[SquareServer]:
    """The sandbox with its memory in `folder`, as long as the context lasts."""
    with running(folder, TOKEN) as square:
        yield SquareServer(square)
