"""Stamps."""

from datetime import date, datetime

from massage_ins_bridge.calendars.model import Stamp


def test_a_day_is_its_midnight() -> None:
    assert Stamp(date(2026, 12, 1)).is_day
    assert Stamp(date(2026, 12, 1)).wall == datetime(2026, 12, 1)  # noqa: DTZ001 - a wall has no zone


def test_a_time_is_what_the_clock_shows() -> None:
    when = datetime(2026, 12, 1, 10)  # noqa: DTZ001 - a wall has no zone
    assert not Stamp(when).is_day
    assert Stamp(when, "UTC").wall == when
