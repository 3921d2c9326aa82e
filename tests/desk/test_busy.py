"""What is booked on one account is kept free in another one's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import CalendarEntry, PlatformError
from massage_ins_bridge.desk.accounts import Account
from massage_ins_bridge.desk.busy import keep_busy
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.hooks.platform_answers import CheckedConnector
from massage_ins_bridge.testing.bookings import START, account
from massage_ins_bridge.testing.fake_connector import FakeCalendar
from massage_ins_bridge.testing.platform import FakePlatform

MIRA: Any = {"host_refs": ("h1",)}


@pytest.fixture
def bridge(
    tmp_path: Path, database_url: str | None, fake_platform: FakePlatform
) -> Iterator[Bridge]:
    """The account ``desk``, and beside it ``diary``, which is Mira's calendar."""
    made = make_bridge(tmp_path, database_url, account={"practitioners": {"h1": "mira"}})
    desk = made.installation.accounts["desk"]
    settings = desk.settings.model_copy(
        update={"name": "diary", "practitioners": {"cal-m": "mira"}, "busy_times": True}
    )
    config = account(options={"platform": fake_platform.name})
    connector = CheckedConnector(FakeCalendar(config, None))  # type: ignore[arg-type] # calls nobody
    diary = Account(settings, connector)
    made.installation.accounts = {"desk": desk, "diary": diary}
    first_look(made.installation, "diary")
    yield made
    made.close()


def entries(platform: FakePlatform) -> list[CalendarEntry]:
    return sorted(platform.entries.values(), key=lambda entry: entry.start)


def test_a_booking_elsewhere_is_a_busy_time(bridge: Bridge, fake_platform: FakePlatform) -> None:
    row = bridge.take("b1", **MIRA)
    keep_busy(bridge.installation, "diary")
    [entry] = entries(fake_platform)
    assert (entry.uid, entry.title) == (f"{row.id}@massage-ins-bridge", "Busy")
    assert (entry.start, entry.end) == (START, START + timedelta(hours=1))
    assert (entry.status, entry.sequence, entry.host_ref) == ("TENTATIVE", 0, "cal-m")
    calls = fake_platform.calls["put"]
    keep_busy(bridge.installation, "diary")
    assert fake_platform.calls["put"] == calls


def test_it_moves_and_goes_with_the_booking(bridge: Bridge, fake_platform: FakePlatform) -> None:
    bridge.take("b1", **MIRA)
    keep_busy(bridge.installation, "diary")
    later = START + timedelta(days=1)
    bridge.take("b1", start=later, end=later + timedelta(hours=1), **MIRA)
    keep_busy(bridge.installation, "diary")
    assert [(entry.start, entry.sequence) for entry in entries(fake_platform)] == [(later, 1)]
    bridge.take("b1", "cancelled", status="cancelled", **MIRA)
    keep_busy(bridge.installation, "diary")
    assert entries(fake_platform) == []
    keep_busy(bridge.installation, "diary")
    assert fake_platform.calls["remove"] == 1


def test_nobody_elses_time_and_not_its_own_is_written(
    bridge: Bridge, fake_platform: FakePlatform
) -> None:
    bridge.take("b1", host_refs=("h2", "h1"))
    settings = bridge.installation.accounts["diary"].settings
    diary = bridge.installation.accounts["diary"]
    other = settings.model_copy(update={"practitioners": {"cal-x": "somebody"}})
    bridge.installation.accounts = {
        **bridge.installation.accounts,
        "diary": replace(diary, settings=other),
    }
    keep_busy(bridge.installation, "diary")
    keep_busy(bridge.installation, "desk")
    keep_busy(bridge.installation, "nobody")
    assert entries(fake_platform) == []


@pytest.mark.parametrize(
    "changed", [{"busy_times": False}, {"enforcement": "observe"}], ids=["not asked", "observes"]
)
def test_nothing_is_written_that_was_not_asked_for(
    bridge: Bridge, fake_platform: FakePlatform, changed: dict[str, object]
) -> None:
    bridge.take("b1", **MIRA)
    diary = bridge.installation.accounts["diary"]
    settings = diary.settings.model_copy(update=changed)
    bridge.installation.accounts = {
        **bridge.installation.accounts,
        "diary": replace(diary, settings=settings),
    }
    keep_busy(bridge.installation, "diary")
    assert entries(fake_platform) == []


def test_a_calendar_that_takes_none_is_told_and_tried_again(
    bridge: Bridge, fake_platform: FakePlatform
) -> None:
    bridge.take("b1", **MIRA)
    fake_platform.faults = [PlatformError("not allowed", True, 403)]
    keep_busy(bridge.installation, "diary")
    assert "busy-not-kept" in bridge.tasks()
    keep_busy(bridge.installation, "diary")
    assert len(entries(fake_platform)) == 1
    assert "busy-not-kept" not in bridge.tasks()


def test_a_few_are_written_at_a_time(bridge: Bridge, fake_platform: FakePlatform) -> None:
    """One by one, so that what was written is not written again after a fault."""
    for number in range(3):
        start = START + timedelta(days=number)
        bridge.take(f"b{number}", start=start, end=start + timedelta(hours=1), **MIRA)
    calls = 0

    def fail(method: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise PlatformError("lost")

    fake_platform.call = fail  # type: ignore[method-assign] # the second call fails
    keep_busy(bridge.installation, "diary")
    assert len(entries(fake_platform)) == 1
    keep_busy(bridge.installation, "diary")
    assert (len(entries(fake_platform)), calls) == (3, 4)
