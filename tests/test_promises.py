"""Each promise of the documents is kept by a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "promises.md").read_text("utf-8"))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_promise_names_a_test_that_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")


def test_every_promise_names_a_test() -> None:
    told = (ROOT / "docs" / "promises.md").read_text("utf-8").partition("## Not promised")[0]
    promises = re.split(r"^\*\*\d\.", told, flags=re.MULTILINE)[1:]
    assert len(promises) == 8
    assert all("::test_" in promise for promise in promises)
