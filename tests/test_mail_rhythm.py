"""When mails leave for an office: by the city's clocks, on days on which somebody reads them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bridge.city.mail import MailFile
from bridge.domain import ConfigError
from bridge.hours import WorkingTime
from tests.factories import FILES, make_city

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingTime(BERLIN, {day: [(9 * 60, 17 * 60)] for day in range(5)}, state="SN")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "ready", "leaves"),
    [
        ("at_once", "2026-07-01 10:20:30", "2026-07-01 10:20:30"),
        ("hourly", "2026-07-01 10:20:30", "2026-07-01 11:00"),
        ("hourly", "2026-07-01 11:00", "2026-07-01 11:00"),
        ("hourly", "2026-07-01 23:59:59", "2026-07-02 00:00"),
        (["08:00", "13:00"], "2026-07-01 07:00", "2026-07-01 08:00"),
        (["13:00", "08:00"], "2026-07-01 08:00:01", "2026-07-01 13:00"),
        (["08:00", "13:00"], "2026-07-01 13:00", "2026-07-01 13:00"),
        (["08:00"], "2026-07-03 09:00", "2026-07-06 08:00"),
        (["08:00"], "2026-11-17 20:00", "2026-11-19 08:00"),
        (["08:00"], "2026-10-23 09:00", "2026-10-26 08:00"),
    ],
    ids=[
        "at once",
        "the next full hour",
        "the full hour itself",
        "over midnight",
        "the next time",
        "times in any order",
        "the time itself",
        "over a weekend",
        "over a holiday of the state",
        "over the change of the clocks",
    ],
)
def test_a_mail_leaves_at_the_next_time_its_office_wants(when: object, ready: str, leaves: str) -> None:
    mail = MailFile.model_validate({"when": when})
    assert mail.leaves(berlin(ready), OFFICE, BERLIN) == berlin(leaves)


@pytest.mark.parametrize("when", ["daily", "[08:00, 13:00]", '["8:00"]', "[]", '["24:00"]', "13:00", "3"])
def test_a_rhythm_nobody_knows_is_told_with_its_line(tmp_path: Path, when: str) -> None:
    offices = FILES["departments.yaml"].replace("streets: {", f"streets: {{mail: {{when: {when}}}, ")
    with pytest.raises(ConfigError, match=r"departments\.yaml:3: .*at_once, hourly, or times"):
        make_city(tmp_path, departments=offices)
