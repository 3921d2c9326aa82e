"""Counting visits against the plainest way to do the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.domain.facts import Upcoming, Visit
from massage_ins_bridge.domain.payer import Payer, PayerIndex
from massage_ins_bridge.gate.counting import (
    Entry,
    booked_before,
    by_claim,
    by_days,
    completed_before,
    same_claim,
    together,
)

BACK = st.lists(st.integers(0, 400), max_size=15)
DAY = date(2026, 12, 8)
START = datetime(2026, 12, 8, 18, tzinfo=UTC)
INDEX = PayerIndex([Payer("regence", "Regence", "regence", ("Regence BlueShield",))])
ZONE = "America/Los_Angeles"


def entries(back: list[int]) -> list[Entry]:
    days = sorted(DAY - timedelta(days=days) for days in back)
    return [Entry(day, "regence", here=True, claim_number=None, done=True) for day in days]


@given(BACK, st.integers(1, 120))
def test_an_episode_is_the_longest_unbroken_run(back: list[int], gap: int) -> None:
    episode = by_days(entries(back), DAY, gap)
    run, last = 0, 0
    for days in sorted(back):
        if days - last > gap:
            break
        run, last = run + 1, days
    assert episode.number == run + 1
    assert episode.first == DAY - timedelta(days=last)
    assert len(episode.entries) == run


@pytest.mark.parametrize(("back", "number"), [(89, 2), (90, 2), (91, 1)])
def test_day_90_continues_and_day_91_does_not(back: int, number: int) -> None:
    assert by_days(entries([back]), DAY, 90).number == number


@given(BACK)
def test_a_claim_never_starts_anew(back: list[int]) -> None:
    episode = by_claim(entries(back), DAY)
    assert episode.number == len(back) + 1
    assert episode.first == DAY - timedelta(days=max(back, default=0))


@given(BACK, st.integers(1, 120), st.integers(0, 400))
def test_one_more_visit_never_lowers_the_number(back: list[int], gap: int, more: int) -> None:
    before = by_days(entries(back), DAY, gap).number
    assert by_days(entries([*back, more]), DAY, gap).number >= before


def test_a_visit_belongs_to_the_claim_unless_it_names_another() -> None:
    entry = Entry(DAY, "lni", here=True, claim_number="AB12345", done=True)
    assert same_claim(entry, "AB12345")
    assert same_claim(entry, None)
    assert not same_claim(entry, "AB12346")


@given(st.integers(-48, 48))
def test_a_standing_booking_at_the_same_start_counts_as_before(hours: int) -> None:
    other = Upcoming(START + timedelta(hours=hours), "regence", "massage", "this-clinic")
    found = booked_before((other,), START, ZONE, INDEX)
    assert found is not None
    assert len(found) == (hours <= 0)


def test_the_same_start_in_another_zone_is_the_same_start() -> None:
    other = Upcoming(datetime.fromisoformat("2026-12-08T10:00:00-08:00"), "regence", "massage")
    found = booked_before((other,), START, ZONE, INDEX)
    assert found is not None
    assert [entry.day for entry in found] == [DAY]


@given(st.integers(-3, 3))
def test_completed_visits_count_up_to_the_day_of_service(days: int) -> None:
    visit = Visit(DAY + timedelta(days=days), "Regence BlueShield", "massage", "this-clinic")
    found = completed_before((visit,), DAY, INDEX)
    assert found is not None
    assert [entry.payer for entry in found] == ["regence"] * (days <= 0)


def test_nothing_can_be_counted_where_a_list_or_a_day_is_unknown() -> None:
    assert completed_before(None, DAY, INDEX) is None
    assert completed_before((Visit(None, "regence"),), DAY, INDEX) is None
    assert booked_before((Upcoming(None, "regence"),), START, ZONE, INDEX) is None
    assert together(None, ()) is None
    assert together((), None) is None


def test_other_care_is_no_massage_and_massage_is_massage_however_it_is_written() -> None:
    elsewhere = (Visit(DAY, "regence", care, "other") for care in ("chiropractic", "massage"))
    here = Visit(DAY, "regence", "Massage", "this-clinic")
    found = completed_before((*elsewhere, here), DAY, INDEX)
    assert found is not None
    assert [entry.here for entry in found] == [False, True]
