"""The short way through the whole bridge on PostgreSQL; the long tests go all of it."""

from pathlib import Path

from tests.database import Copies
from tests.journey.whole import answer_links, press_done, running, until


def test_a_report_its_mail_and_its_end_on_postgresql(postgresql: Copies, tmp_path: Path) -> None:
    with (
        postgresql(empty=True) as url,
        running(tmp_path / "var", port=18_300, DATABASE_URL=url) as whole,
    ):
        post = whole.write("ada", "@stadt Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus")
        until(lambda: whole.answers(post["id"]))
        press_done(answer_links(until(whole.mails)[0]), "")
        assert len(until(lambda: whole.answers(post["id"])[1:])) == 1
        assert whole.rows("SELECT status FROM ticket") == [("resolved",)]
        assert not (tmp_path / "var" / "bridge.db").exists()
        # Two for the web process and one for each of the others would do; every thread may have one.
        backends = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stadtbruecke'"
        assert whole.rows(backends)[0][0] < 20
