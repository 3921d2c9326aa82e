"""What a delivery costs in the writing transaction where its client has 40 standing bookings, which
are all decided anew."""

from __future__ import annotations

import itertools
import logging
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformPerson
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import Installation as Bridge
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.installation import ACCOUNT, Installation
from massage_ins_bridge.web.door.logs import configure_logs

from .decide import decider
from .deliveries import MEDICAL
from .rounds import Act, Report, Spread, progress

ROUNDS, STANDING, DECISIONS = 15, 40, 200


def run(rounds: int = ROUNDS) -> Report:
    """Book 40 visits of one client, then one of them anew in each round."""
    configure_logs(logging.WARNING)
    spent, single = [], []
    decide = decider()
    with tempfile.TemporaryDirectory(prefix="mib-bench-") as name:
        installation = Installation(Path(name))
        installation.write_settings()
        made = build_installation(load_settings(installation.config, environ={}), SystemClock())
        try:
            with made.write() as record:  # as where the platform was looked through
                look = record.looks.begin_first(ACCOUNT, "calcom")
                look.done_at = record.now
            go_live(made)
            bookings = [_booking(number) for number in range(STANDING)]
            for booking in bookings:
                _observe(made, booking)
            for number, booking in zip(range(rounds), itertools.cycle(bookings), strict=False):
                progress(f"standing: round {number + 1} of {rounds}")
                later = booking.start + timedelta(minutes=5 * (number + 1))
                moved = replace(booking, start=later, version=str(number + 2))
                spent.append(_observe(made, moved))
                single.append(_clocked(decide))
        finally:
            made.close()
    report = Report(
        "standing",
        f"thread time in the writing transaction of a delivery whose client has {STANDING} "
        "standing bookings, over that of one decision",
        "under 40 ms",
    )
    report.ratios["of one decision"] = Spread.of(
        [a / b for a, b in zip(spent, single, strict=True)]
    )
    report.times["the transaction"] = (Spread.of([1e3 * one for one in spent]), "ms")
    report.times["a decision"] = (Spread.of([1e6 * one for one in single]), "µs")
    return report


def _observe(made: Bridge, booking: PlatformBooking) -> float:
    now = datetime.now(UTC)
    with made.write() as record:
        before = time.thread_time()
        observe(made, record, made.accounts[ACCOUNT], booking, Look(looked_at=now), "benchmark")
        record.session.flush()
        return time.thread_time() - before


def _clocked(decide: Act) -> float:
    before = time.thread_time()
    for _ in range(DECISIONS):
        decide()
    return (time.thread_time() - before) / DECISIONS


def _booking(number: int) -> PlatformBooking:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    start += timedelta(days=number + 3)
    return PlatformBooking(
        ref=f"standing{number:02}",
        status="pending",
        start=start,
        end=start + timedelta(hours=1),
        service_ref=str(MEDICAL),
        person=PlatformPerson(None, "Person Forty", "forty@patients.example"),
        version="1",
        answers={"payer": "Regence BlueShield"},
    )
