"""When a refusal is carried out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.desk.open_days import OpenDays
from massage_ins_bridge.desk.pause import FACTS, Occasion, may_act, refusal_time
from massage_ins_bridge.domain.days import local_day
from massage_ins_bridge.domain.office_hours import read_office_hours
from massage_ins_bridge.settings import AccountSettings

ZONE = "America/Los_Angeles"
DAYS = OpenDays(read_office_hours("Mon-Fri 09:00-17:00"), ZONE)
CLOCK, WARNED = Occasion(by_clock=True), Occasion(by_clock=True, warned=True)


def settings(**values: Any) -> AccountSettings:
    return AccountSettings(name="desk", connector="fake", enforcement="enforce", **values)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-08:00")


@pytest.mark.parametrize(
    ("account", "occasion", "now", "due"),
    [
        ({}, FACTS, "2026-12-05T23:00", "2026-12-05T23:15"),
        ({"refuse_after_minutes": 0}, FACTS, "2026-12-05T23:00", "2026-12-05T23:00"),
        ({}, WARNED, "2026-12-07T00:01", "2026-12-07T09:15"),
        ({}, WARNED, "2026-12-04T16:50", "2026-12-07T09:15"),
        ({"refuse_in_office_hours": False}, WARNED, "2026-12-05T00:01", "2026-12-05T00:16"),
        # nobody was warned: staff has a whole open day first
        ({}, CLOCK, "2026-12-08T00:01", "2026-12-09T09:15"),
        ({}, CLOCK, "2026-12-05T00:01", "2026-12-08T09:15"),
        ({"refuse_in_office_hours": False}, CLOCK, "2026-12-05T00:01", "2026-12-06T00:15"),
    ],
)
def test_when(account: dict[str, Any], occasion: Occasion, now: str, due: str) -> None:
    moment = at(now)
    today = local_day(moment, ZONE)
    assert refusal_time(settings(**account), DAYS, moment, today, occasion) == at(due)


@given(
    st.integers(1_780_000_000, 1_830_000_000),
    st.integers(0, 600),
    st.booleans(),
)
def test_a_clock_refuses_while_somebody_is_there(seconds: int, minutes: int, warned: bool) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    today: date = local_day(now, ZONE)
    account = settings(refuse_after_minutes=minutes)
    due = refusal_time(account, DAYS, now, today, Occasion(by_clock=True, warned=warned))
    assert due >= now + (timedelta(minutes=minutes) if minutes < 480 else timedelta(0))
    assert may_act(account, DAYS, due, by_clock=True)
    assert warned or local_day(due, ZONE) > today
