"""The values that travel keep what they promise."""

import pytest

from bridge.domain import Visibility

WIDTH = list(Visibility)


@pytest.mark.parametrize("incoming", WIDTH)
def test_an_answer_is_never_wider_than_the_message(incoming: Visibility) -> None:
    assert WIDTH.index(incoming.of_answer) >= WIDTH.index(incoming)


def test_what_only_followers_could_read_is_answered_directly() -> None:
    assert Visibility.FOLLOWERS.of_answer is Visibility.DIRECT
