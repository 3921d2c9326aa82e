"""Office hours: what a line says."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from massage_ins_bridge.domain.office_hours import read_office_hours

ZONE = ZoneInfo("America/Los_Angeles")
WRAPPED = "Sat-Mon 10:00-24:00"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is no days and times"),
        ("9 to 5", "is no days and times"),
        ("Mon-Fri", "names days without times"),
        ("Mon 09:00-17:00, Tue", "names days without times"),
        ("Mo-Fr 09:00-17:00", "is no day of the week"),
        ("Mon 17:00-09:00", "ends before it begins"),
        ("Mon 09:00-25:00", "is no time between"),
        ("Mon 09:00-24:30", "is no time between"),
        ("Mon 9-17", "is no time between"),
        ("Mon-Fri 09:00-17:00, Tue 16:00-18:00", "Tue has two spans that overlap"),
    ],
)
def test_a_wrong_line_is_told_with_its_cure(line: str, said: str) -> None:
    with pytest.raises(ValueError, match="such as 'Mon-Fri 09:00-17:00'") as caught:
        read_office_hours(line)
    assert said in str(caught.value)


def test_which_days_have_hours() -> None:
    wrapped = read_office_hours(WRAPPED)
    found = [[(s.start, s.end) for s in wrapped.on(date(2026, 12, day))] for day in (5, 6, 7, 8)]
    assert found == [[(600, 1440)], [(600, 1440)], [(600, 1440)], []]


def test_times_of_a_day_are_the_clinics() -> None:
    (span,) = read_office_hours("Sun 00:30-24:00").on(date(2026, 11, 1))
    opens, closes = (at.astimezone(UTC) for at in span.times(date(2026, 11, 1), ZONE))
    assert (closes - opens).total_seconds() == 24.5 * 3600  # the hour after 1 comes twice
