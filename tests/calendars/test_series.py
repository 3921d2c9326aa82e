"""Series: what is left out, added, changed and called off."""

from datetime import timedelta
from typing import Any

import pytest
from tests.calendars.written import PACIFIC, at, event, only, read

from massage_ins_bridge.calendars.model import Occurrence

TEN = f"DTSTART;TZID={PACIFIC}:20261201T100000"
HOUR = "DURATION:PT1H"
DAILY = "RRULE:FREQ=DAILY;COUNT=4"


def of(*parts: str, **options: Any) -> list[Occurrence]:
    found = read(*parts, **options)
    assert found.problems == ()
    return list(found.occurrences)


def days(found: list[Occurrence]) -> list[int]:
    return [one.start.day for one in found]


def change(day: int, *lines: str, hour: int = 10) -> str:
    return event(f"RECURRENCE-ID;TZID={PACIFIC}:202612{day:02}T{hour}0000", *lines)


def test_a_series_is_its_occurrences() -> None:
    found = of(event(TEN, HOUR, DAILY))
    assert days(found) == [1, 2, 3, 4]
    assert [one.recurrence_id for one in found] == [f"2026120{n}T180000Z" for n in (1, 2, 3, 4)]
    assert all(one.recurring and one.doubt is None for one in found)
    assert {one.end - one.start for one in found} == {timedelta(hours=1)}


def test_the_same_hour_on_both_sides_of_a_change_of_the_clock() -> None:
    start = f"DTSTART;TZID={PACIFIC}:20261030T100000"
    found = of(event(start, HOUR, DAILY), window=(at(29, 0, month=10), at(5, 0, month=11)))
    assert [one.start.hour for one in found] == [10] * 4
    assert len({one.start.utcoffset() for one in found}) == 2


def test_days_are_left_out_and_added() -> None:
    found = of(
        event(
            TEN,
            HOUR,
            DAILY,
            f"EXDATE;TZID={PACIFIC}:20261202T100000",
            "EXDATE:20261203T180000Z",
            "RDATE;VALUE=PERIOD:20261210T180000Z/PT2H",
            f"RDATE;TZID={PACIFIC}:20261211T090000",
        )
    )
    assert days(found) == [1, 4, 10, 11]
    assert found[2].end == at(10, 12)
    assert found[3].end == at(11, 10)


def test_one_is_moved_and_keeps_its_name() -> None:
    found = of(
        event(TEN, HOUR, DAILY, "SUMMARY:a"),
        change(2, f"DTSTART;TZID={PACIFIC}:20261209T150000", "DURATION:PT2H", "SUMMARY:b"),
    )
    assert days(found) == [1, 3, 4, 9]
    moved = found[-1]
    assert (moved.recurrence_id, moved.summary) == ("20261202T180000Z", "b")
    assert (moved.start, moved.end) == (at(9, 15), at(9, 17))
    assert moved.version != found[0].version
    assert moved.recurring


def test_one_is_called_off_and_not_the_others() -> None:
    found = of(event(TEN, HOUR, DAILY), change(2, TEN.replace("01T", "02T"), "STATUS:CANCELLED"))
    assert [one.status for one in found] == [None, "CANCELLED", None, None]


def test_the_newer_of_two_changes_counts() -> None:
    changes = [
        change(2, TEN.replace("01T10", f"02T{hour}"), HOUR, f"SEQUENCE:{number}")
        for number, hour in ((3, 16), (2, 12))
    ]
    found = of(event(TEN, HOUR, DAILY), *changes)
    assert [one.start.hour for one in found] == [10, 16, 10, 10]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([change(2, TEN, "SUMMARY:a"), change(2, TEN, "SUMMARY:b")], "two different"),
        ([change(2, TEN), event(TEN, DAILY, "EXDATE:20261202T180000Z")], "leaves it out"),
        ([change(7, TEN), event(TEN, DAILY)], "does not have"),
        ([event(TEN, "RRULE:FREQ=DAILY;UNTIL=20261202")], "last day"),
        ([event(TEN, "EXDATE;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=1")], "leaves out its"),
        ([event("DTSTART:20260701T180000Z", "RRULE:FREQ=MONTHLY")], "UTC"),
        ([event(TEN, "SUMMARY:a"), event(TEN, "SUMMARY:b")], "two different"),
        ([event(TEN, f"DTEND;TZID={PACIFIC}:20261201T090000")], "ends before"),
        ([event(TEN, "DTEND;TZID=Nowhere:20261201T110000")], "not known"),
    ],
)
def test_what_contradicts_itself_is_kept_and_doubted(parts: list[str], said: str) -> None:
    doubts = [one.doubt for one in of(*parts) if one.doubt]
    assert doubts
    assert all(said in doubt for doubt in doubts)


def test_a_change_for_all_that_follow_moves_them() -> None:
    """RFC 5545, 3.8.4.4: by the same difference, and with the same length."""
    later = f"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID={PACIFIC}:20261203T100000"
    found = of(
        event(TEN, HOUR, DAILY),
        event(later, f"DTSTART;TZID={PACIFIC}:20261203T130000", "DURATION:PT30M"),
    )
    assert [one.start for one in found] == [at(1, 10), at(2, 10), at(3, 13), at(4, 13)]
    assert found[-1].end == at(4, 13, 30)
    assert found[-1].version != found[0].version


def test_changes_without_their_series_are_taken_by_themselves() -> None:
    found = of(change(2, TEN.replace("01T", "02T"), HOUR), change(3, TEN.replace("01T", "05T")))
    assert [(one.recurrence_id, one.start.day) for one in found] == [
        ("20261202T180000Z", 2),
        ("20261203T180000Z", 5),
    ]


def test_the_last_moment_of_a_series_counts() -> None:
    assert days(of(event(TEN, "RRULE:FREQ=DAILY;UNTIL=20261203T180000Z"))) == [1, 2, 3]
    assert days(of(event(TEN, "RRULE:FREQ=DAILY;UNTIL=20261203T100000"))) == [1, 2, 3]
    days_only = event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;UNTIL=20261203T000000Z")
    assert days(of(days_only)) == [1, 2, 3]


def test_whole_days() -> None:
    found = of(event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=2"))
    assert [(one.recurrence_id, one.start, one.end) for one in found] == [
        ("20261201", at(1, 0), at(2, 0)),
        ("20261202", at(2, 0), at(3, 0)),
    ]
    assert all(one.all_day for one in found)


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["DTSTART;VALUE=DATE:20261201"], at(2, 0)),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261201"], at(2, 0)),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261204"], at(4, 0)),
        (["DTSTART;VALUE=DATE:20261201", "DURATION:P2D"], at(3, 0)),
        ([TEN], at(1, 10)),
        ([TEN, "DTEND:20261201T191500Z"], at(1, 11, 15)),
        ([TEN, "DURATION:P1DT1H"], at(2, 11)),
        ([TEN, f"DTEND;TZID={PACIFIC}:20261201T100000"], at(1, 10)),
    ],
)
def test_ends(lines: list[str], end: object) -> None:
    one = only(event(*lines))
    assert one.end == end
    assert one.doubt is None


def test_a_long_one_that_began_before_the_window_is_seen() -> None:
    start = f"DTSTART;TZID={PACIFIC}:20261020T100000"
    found = of(event(start, "DURATION:P20D", "RRULE:FREQ=YEARLY"))
    assert [one.start for one in found] == [at(20, 10, month=10)]
