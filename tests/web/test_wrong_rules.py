"""Staff are told on every page that changed rules do not take effect, and why."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge import checks
from bridge.city import in_force
from tests.factories import FILES
from tests.web import seed

BROKEN = FILES["rules.yaml"].replace("send_to: streets", "send_to: strets")


def write(tmp_path: Path, **files: str) -> None:
    for name, text in files.items():
        (tmp_path / "musterstadt" / f"{name}.yaml").write_text(text, encoding="utf-8")
    in_force.judge(checks.mistakes)


@pytest.mark.parametrize("path", ["/", "/stoerungen", "/von-hand"])
def test_every_page_names_file_line_and_remedy(tmp_path: Path, client: FlaskClient, path: str) -> None:
    write(tmp_path, rules=BROKEN)
    page = client.get(path).text
    assert "Die geänderten Regeln gelten noch nicht." in page
    assert "<code>rules.yaml:10: send_to: unknown department &#39;strets&#39;; did you mean" in page
    write(tmp_path, rules=FILES["rules.yaml"])
    assert "gelten noch nicht" not in client.get(path).text


def test_nobody_outside_is_told(tmp_path: Path, client: FlaskClient) -> None:
    write(tmp_path, rules=BROKEN)
    client.delete_cookie("staff")
    assert "gelten noch nicht" not in client.get("/anmelden").text


def test_the_desk_shows_a_change_without_a_restart(tmp_path: Path, client: FlaskClient) -> None:
    seed.add_ticket()
    write(tmp_path)
    assert "Tiefbauamt" in client.get("/?sicht=all").text
    write(tmp_path, departments=FILES["departments.yaml"].replace("Tiefbauamt", "Straßenamt"))
    assert "Straßenamt" in client.get("/?sicht=all").text
    write(tmp_path, departments="departments: [")
    assert "Straßenamt" in client.get("/?sicht=all").text
