"""Mixed days from their beginning to their end, the clean one and the troubled one of a number."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from tests.databases import fresh_sqlite, memory_folder, settings_of
from tests.desk.bridge import AT_ONCE, HandClock
from tests.simulation.doors import ACCOUNTS, CONNECTORS
from tests.simulation.life import count_with
from tests.simulation.mixed import Day
from tests.simulation.mixed_acts import CURED
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.first_look import entered_by_hand, first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import Installation, build_installation
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import SECRET
from massage_ins_bridge.testing.platform import LIVE, PLATFORMS, FakePlatform


@dataclass(frozen=True)
class Ended:
    """How a day ended: on the platforms and at the desk, without what only counts or names
    (``state``); what the bridge must not have done (``harm``); the day in words (``said``)."""

    state: dict[str, Any]
    harm: list[str]
    said: list[str]


def lived(number: int, *, troubled: bool) -> Ended:
    """The day of that number."""
    with _clinic() as (installation, clock):
        day = Day(number, installation, clock, troubled)
        try:
            count_with(SimpleNamespace(monotonic=day.ticks))
            day.live()
        finally:
            count_with(time)
        return Ended(_state(day), list(_harm(day)), day.said)


def amiss(number: int) -> list[str]:
    """What is wrong with the days of a number: the troubled one ends as the clean one does, and the
    bridge does no harm on either."""
    clean, ended = lived(number, troubled=False), lived(number, troubled=True)
    found = [f"clean: {harm}" for harm in clean.harm] + [f"troubled: {harm}" for harm in ended.harm]
    found += [f"clean: {work} is left to be done" for work in clean.state["left"]]
    found += [
        f"{name}: {ended.state[name]}, on the clean day {clean.state[name]}"
        for name in clean.state
        if ended.state[name] != clean.state[name]
    ]
    return [*found, *ended.said] if found else []


@contextmanager
def _clinic() -> Iterator[tuple[Installation, HandClock]]:
    """A clinic with its four accounts, each looked at, and none with a booking yet."""
    with memory_folder() as folder:
        platforms = {name: str(folder / name) for name in ACCOUNTS}
        PLATFORMS.update({at: FakePlatform(at) for at in platforms.values()})
        installation, clock = _settled(folder, platforms)
        try:
            yield installation, clock
        finally:
            installation.close()
            for at in platforms.values():
                del PLATFORMS[at]


def _settled(folder: Path, platforms: dict[str, str]) -> tuple[Installation, HandClock]:
    fresh_sqlite(folder)
    accounts = [
        {
            "name": name,
            "connector": connector.name,
            "enforcement": "enforce",
            "base_url": "https://platform.example",
            "webhook_secret": SECRET,
            "options": {"platform": platforms[name]},
            "services": {"1": {"service": "medical-massage", "self_pay": False}},
            **AT_ONCE,
        }
        for name, connector in ACCOUNTS.items()
    ]
    clock = HandClock()
    host, made = two_rules_host(), settings_of(folder, None, accounts=accounts)
    installation = build_installation(made, clock, host, CONNECTORS)
    for name, account in installation.accounts.items():
        if account.can("upcoming"):
            first_look(installation, name)
        else:
            with installation.write() as record:
                entered_by_hand(record, account)
    go_live(installation)
    return installation, clock


def _state(day: Day) -> dict[str, Any]:
    with day.installation.read() as record:
        rows = record.session.scalars(select(BookingRow)).all()
        tasks = record.session.scalars(select(TaskRow).where(TaskRow.done_at.is_(None))).all()
        refs = {row.id: row.ref for row in rows}
        asked = sorted((refs.get(t.booking_id or "", ""), t.kind) for t in tasks)
    charts: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.ref):
        charts.setdefault(row.patient_id, []).append(row.ref)
    return {
        "platforms": {
            account: {
                ref: (found.status, found.start, found.person.name)
                for ref, found in sorted(day.platform(account).bookings.items())
            }
            for account in ACCOUNTS
        },
        "desk": {row.ref: _as_seen(row) for row in rows},
        "charts": sorted(charts.values()),
        "tasks": asked,
        "left": undone(day.installation),
    }


def _as_seen(row: BookingRow) -> tuple[str, datetime, str | None]:
    """A booking at the desk. One that was over when it was first seen was never decided."""
    return row.platform_status, row.start_at, row.outcome if row.platform_status in LIVE else None


def _harm(day: Day) -> Iterator[str]:
    for account in ACCOUNTS:
        seen: set[tuple[str, str]] = set()
        for change in day.platform(account).journal:
            client = day.platform(account).bookings[change.ref].person.name
            if account == "feed":
                yield f"{change.ref}: a feed was written to"
            if (change.ref, change.after) in seen:
                yield f"{change.ref}: it was {change.after} twice"
            seen.add((change.ref, change.after))
            if change.after == "accepted" and client not in CURED:
                yield f"{change.ref}: it was confirmed, and is not cured"
            if change.after in ("rejected", "cancelled") and change.ref not in day.late:
                yield f"{change.ref}: it was {change.after}, and could still be cured"
