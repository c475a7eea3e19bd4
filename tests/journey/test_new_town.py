"""A town set up by `bridge init` hands its first ticket over."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge.cli import app
from bridge.settings import settings
from tests.cli.test_init import ANSWERS
from tests.factories import LEIPZIG
from tests.journey.whole import running, until

STREETS = "street,lat,lon\nBerliner Straße,51.150,14.979\nJakobstraße,51.150,14.982\n"


def test_from_the_first_answer_to_the_first_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(LEIPZIG.parent / "common", rules / "common")
    monkeypatch.setenv("BRIDGE_RULES", str(rules))
    settings.cache_clear()
    assert CliRunner().invoke(app, ["init", *ANSWERS]).exit_code == 0
    settings.cache_clear()
    (rules / "musterhausen" / "gazetteer.csv").write_text(STREETS, encoding="utf-8")
    with running(tmp_path / "var", port=18_500, BRIDGE_CITY="musterhausen") as whole:
        post = whole.write("ada", "@stadt In der Jakobstraße liegt ein Haufen Sperrmüll")
        (mail,) = until(whole.mails)
        assert mail["To"] == "bauhof@musterhausen.example"
        assert str(mail["Subject"]).startswith("[MH-")
        assert "Jakobstraße" in str(mail["Subject"])
        assert "MH-" in until(lambda: whole.answers(post["id"]))[0]["content"]
