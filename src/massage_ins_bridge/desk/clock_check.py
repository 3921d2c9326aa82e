"""Whether the clock can be believed.

A clock that jumped would let deadlines pass that have not. So it is compared with the platforms'
own, and with the newest time on record, and where it is more than an hour apart nothing passes and
nothing is written until it is right again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from ..store.bookings import LIVE
from ..store.models import BookingRow, DecisionRow, MetaRow
from ..store.record import Record
from ..store.task_models import WakeupRow
from .accounts import Account
from .clock import DemoClock
from .health import in_words
from .installation import Installation
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: Clocks that are no further apart agree.
APART = timedelta(hours=1)
#: For how many seconds a platform's word of the time is good. A machine that sleeps stops counting
#: them, so an old word says nothing.
GOOD_FOR = 900.0
_SEEN, _WRONG, _PASSED = "clock", "clock-wrong", "clock-passed-over"


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock was found. ``wrong`` says by what it is wrong; ``unsure`` that it ran on while
    nobody watched, and that no platform has answered since to compare it with. Empty: it is not."""

    wrong: str = ""
    unsure: str = ""

    @property
    def trouble(self) -> str:
        return self.wrong or self.unsure


def clock_is_wrong(installation: Installation) -> bool:
    """Whether it is known by now that the clock is wrong; cheap enough to be asked at each step."""
    if _by_hand(installation):
        return False
    heard = list(_platforms(installation.accounts.values()))
    return bool(_wrong(installation.clock.now(), heard)) or (not heard and installation.clock_wrong)


def look_at_clock(installation: Installation, record: Record) -> Clock:
    """How the clock is now."""
    if _by_hand(installation):
        return Clock()
    now, heard = installation.clock.now(), list(_platforms(installation.accounts.values()))
    if heard:
        return Clock(wrong=_wrong(now, heard))
    newest = _newest(record)
    if newest is None:
        return Clock()
    if newest - now > APART:
        return Clock(wrong=f"the newest entry on record lies {in_words(newest - now)} ahead of it")
    askable = [a for a in installation.accounts.values() if _can_be_asked(a)]
    if now - newest > APART and askable and not any(map(_answered, askable)):
        return Clock(
            unsure=f"it is {in_words(now - newest)} ahead of the newest entry on record, and no "
            "platform has answered yet to compare it with"
        )
    return Clock()


def apart_from(account: Account, now: datetime) -> str:
    """By what the clock is wrong, by that of a platform that answered lately; empty: by nothing."""
    return _wrong(now, list(_platforms([account])))


def watch_clock(installation: Installation) -> Clock:
    """Look at the clock, tell staff where it is wrong, and have everything decided again once it is
    right."""
    with installation.read() as record:
        found = look_at_clock(installation, record)
        told = record.session.get(MetaRow, (record.clinic, _WRONG)) is not None
    installation.clock_wrong = bool(found.wrong)
    if found.wrong:
        log.error("the clock is wrong", found=found.wrong)
    with installation.write() as record:
        if told and found.wrong and _staff_says_it_is_right(installation, record):
            installation.clock_wrong, found = False, Clock()
        if found.wrong:
            _keep(record, _WRONG)
            ask(record, TaskKind.CLOCK_WRONG, "clock", why=found.wrong)
        elif not found.unsure:
            _keep(record, _SEEN)
            if told:
                _right_again(record)
    return found


def _staff_says_it_is_right(installation: Installation, record: Record) -> bool:
    """Whether staff marked the task as done: what was put on record from the future meanwhile then
    tells nothing of the time any more. A platform's clock is not overruled."""
    newest = _newest(record)
    done = not record.tasks.is_open(TaskKind.CLOCK_WRONG, "clock")
    if newest is None or not done or list(_platforms(installation.accounts.values())):
        return False
    record.session.merge(MetaRow(clinic=record.clinic, name=_PASSED, value=newest.isoformat()))
    return True


def _right_again(record: Record) -> None:
    """What was held back by the clock is decided again."""
    record.tasks.close((TaskKind.CLOCK_WRONG, "clock"))
    record.session.delete(record.session.get_one(MetaRow, (record.clinic, _WRONG)))
    standing = select(BookingRow.patient_id).where(
        BookingRow.clinic == record.clinic,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.start_at > record.now,
    )
    for patient_id in record.session.scalars(standing.distinct()).all():
        record.wake(patient_id, "clock")


def _keep(record: Record, name: str) -> None:
    row = MetaRow(clinic=record.clinic, name=name, value=record.now.isoformat())
    record.session.merge(row)


def _newest(record: Record) -> datetime | None:
    """The newest time at which the clock was believed, or something decided, or a client looked
    through whose bookings all seemed to be over; none of these that staff has passed over."""
    over = _kept(record, _PASSED)
    done = (
        select(func.max(DecisionRow.decided_at)).where(DecisionRow.clinic == record.clinic),
        select(func.max(WakeupRow.done_at)).where(WakeupRow.clinic == record.clinic),
    )
    times = [time for query in done if (time := record.session.scalar(query)) is not None]
    times = [time for time in times if over is None or time > over]
    return max((*times, *filter(None, [_kept(record, _SEEN)])), default=None)


def _kept(record: Record, name: str) -> datetime | None:
    row = record.session.get(MetaRow, (record.clinic, name))
    return datetime.fromisoformat(row.value) if row is not None else None


def _by_hand(installation: Installation) -> bool:
    return installation.settings.demo_clock or isinstance(installation.clock, DemoClock)


def _platforms(accounts: Iterable[Account]) -> Iterator[tuple[str, datetime]]:
    """What the clocks of the platforms say now that answered lately."""
    ticks = time.monotonic()
    for account in accounts:
        client = account.client
        said = client.platform_time if client is not None else None
        heard_at = client.platform_time_heard_at if client is not None else None
        if said is not None and heard_at is not None and ticks - heard_at <= GOOD_FOR:
            yield account.name, said + timedelta(seconds=ticks - heard_at)


def _wrong(now: datetime, heard: list[tuple[str, datetime]]) -> str:
    """Whether any platform's clock says another time."""
    for name, theirs in heard:
        if abs(now - theirs) > APART:
            way = "ahead of" if now > theirs else "behind"
            apart = in_words(abs(now - theirs))
            return f"it is {apart} {way} the clock of the platform of the account {name!r}"
    return ""


def _can_be_asked(account: Account) -> bool:
    return any(account.can(capability) for capability in ("fetch", "changes", "upcoming"))


def _answered(account: Account) -> bool:
    at = account.connector.answered_at
    return at is not None and time.monotonic() - at <= GOOD_FOR
