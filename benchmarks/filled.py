"""An installation with many bookings, each of another client, decided."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformPerson
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.installation import ACCOUNT
from massage_ins_bridge.web.door.logs import configure_logs

from .deliveries import MEDICAL
from .rounds import progress

#: So many bookings of the past week; all others are still to come.
PAST = 300
AT_ONCE = 250


def fill(config: Path, bookings: int, past: int = PAST) -> None:
    """Take in so many bookings of as many clients, ``past`` of them of the past week."""
    configure_logs(logging.WARNING)
    made = build_installation(load_settings(config, environ={}), SystemClock())
    account, now = made.accounts[ACCOUNT], datetime.now(UTC)
    try:
        for first in range(0, bookings, AT_ONCE):
            progress(f"booking {first + 1} of {bookings:,}")
            with made.write() as record:
                for number in range(first, first + AT_ONCE):
                    booking = _booking(number, now, past)
                    observe(made, record, account, booking, Look(looked_at=now), "benchmark")
    finally:
        made.close()


def _booking(number: int, now: datetime, past: int) -> PlatformBooking:
    hours = number - past + 1 if number >= past else -1 - number % 160
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    return PlatformBooking(
        ref=f"filled{number:05}",
        status="pending",
        start=start,
        end=start + timedelta(hours=1),
        service_ref=str(MEDICAL),
        person=PlatformPerson(None, f"Person {number:05}", f"person{number:05}@patients.example"),
        version="1",
        answers={"payer": "Regence BlueShield"},
    )
