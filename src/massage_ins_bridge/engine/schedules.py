"""What is done again and again: once over all processes, by the engine's schedules.

Nothing here decides or writes back: it starts what a crash, a lost record or a passed deadline left
to do.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, WorkflowStatus
from sqlalchemy import func, select, update

from ..desk.daily import look_at_the_day
from ..desk.deadlines import pass_deadlines
from ..desk.digest import plan_digest
from ..desk.installation import Installation
from ..desk.look_again import run_of
from ..desk.looked import complete
from ..desk.reminders import plan_reminders
from ..desk.reservations import forget_questions
from ..domain.describe import describe
from ..store.chart_files import KEEP, forget_chart_files
from ..store.look_rows import LookRow
from ..store.models import DeliveryRow, MetaRow, WriteRow
from ..store.record import Work
from ..store.task_models import WakeupRow
from ..store.tries import forget_tries
from ..store.writes import first_run
from .runs import CURRENT, start, start_first_look, start_reconcile, subject_of

log = structlog.get_logger(__name__)
#: Younger rows are being started by whoever wrote them.
YOUNG = timedelta(seconds=10)
#: After how many seconds a run that did not end has lost its process, or its record, as where the
#: disk was full when it ended. None takes longer: a write asks a platform four times, each within
#: the minute of a call. One that does is begun a second time, which does no harm.
LOST_AFTER = 300.0
BATCH = 5_000
#: How many are looked up at once before they are started anew.
BITE = 100
_ACTIVE = ["ENQUEUED", "PENDING", "DELAYED"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


@DBOS.workflow(name="mib.sweep", max_recovery_attempts=None)
def sweep_run(_at: datetime, _context: Any) -> None:
    """Each minute, and whenever the clock was moved."""
    installation, CURRENT.swept_at = CURRENT.installation, time.monotonic()
    for act in (
        pass_deadlines,
        look_at_the_day,
        plan_reminders,
        plan_digest,
        start_what_is_lost,
        look_at_platforms,
        forget_once_a_day,
    ):
        try:
            act(installation)
        except Exception as error:  # noqa: BLE001 - the others go on; the next sweep may do better
            log.error("sweep failed", part=act.__name__, error=describe(error))


def undone(installation: Installation) -> list[Work]:
    """Everything that is still to be done, but for what was only just asked for, oldest first."""
    old = installation.clock.now() - YOUNG
    with installation.store.read() as session:
        deliveries = session.execute(
            select(DeliveryRow.id, DeliveryRow.account)
            .where(
                DeliveryRow.done_at.is_(None),
                DeliveryRow.raw_sealed.is_not(None),
                DeliveryRow.received_at < old,
            )
            .order_by(DeliveryRow.received_at)
            .limit(BATCH)
        ).all()
        wakeups = session.scalars(
            select(WakeupRow.id)
            .where(WakeupRow.done_at.is_(None), WakeupRow.created_at < old)
            .order_by(WakeupRow.created_at)
            .limit(BATCH)
        ).all()
        writes = session.scalars(
            select(WriteRow)
            .where(WriteRow.state == "queued", WriteRow.wanted_at < old)
            .order_by(WriteRow.wanted_at)
            .limit(BATCH)
        ).all()
        looks = session.scalars(
            select(LookRow).where(LookRow.due_at < old).order_by(LookRow.due_at).limit(BATCH)
        ).all()
    return [
        *(Work("wakeup", wakeup, wakeup) for wakeup in wakeups),
        *(Work("delivery", item, item, account) for item, account in deliveries),
        *(Work("write", w.id, first_run(w), w.account) for w in writes),
        *(Work("look", look.id, run_of(look), look.account) for look in looks),
    ]


def start_what_is_lost(installation: Installation) -> None:
    """Start anew whatever is undone and has no run in the engine's record. This is the one place
    that distrusts the record: everywhere else a run that was enqueued is believed to come."""
    if not undone(installation):
        return
    alive = _record_time(installation) - LOST_AFTER * 1000
    active = _active(alive)  # first: what ends from now on is undone no longer
    lost = [item for item in undone(installation) if item.run not in active]
    number = sum(_start_lost(lost[n : n + BITE], alive) for n in range(0, len(lost), BITE))
    if number:
        log.warning("what had no run was started anew", number=number)


def _record_time(installation: Installation) -> float:
    """Now, in milliseconds, as the engine's record counts: on PostgreSQL by the clock of the
    server's machine, which may be minutes away from ours."""
    if installation.store.sqlite:
        return time.time() * 1000
    with installation.store.read() as session:
        seconds = session.execute(select(func.extract("epoch", func.now()))).scalar_one()
    return float(seconds) * 1000


def _start_lost(items: list[Work], alive: float) -> int:
    """Start those that still have no run; how many had none. What never had one is started by the
    name that anybody gives it, for the door, or another sweep, may be doing so at this moment."""
    runs = DBOS.list_workflows(
        workflow_ids=[item.run for item in items], load_input=False, load_output=False
    )
    known = {run.workflow_id for run in runs}
    begun = {run.workflow_id for run in runs if _lives(run, alive)}
    lost = [item for item in items if item.run not in begun]
    for item in lost:
        start(item, anew=item.run in known)
    return len(lost)


def _active(alive: float) -> set[str]:
    """What the runs are about that wait, or are under way."""
    runs = DBOS.list_workflows(status=_ACTIVE, load_input=False, load_output=False)
    return {subject_of(run.workflow_id) for run in runs if _lives(run, alive)}


def _lives(run: WorkflowStatus, alive: float) -> bool:
    """Whether a run waits, or is under way and has not lost its process or its record: it was begun
    after ``alive``, in milliseconds of the record's time."""
    if run.status != "PENDING":
        return run.status in _ACTIVE
    return (run.updated_at or 0) > alive


def look_at_platforms(installation: Installation) -> None:
    """Have each platform asked for its changes when it is time, and for all of its bookings as long
    as they were not taken in."""
    now = installation.clock.now()
    with installation.read() as record:
        unseen = {n for n, a in installation.accounts.items() if not complete(record, a)}
    for name, account in installation.accounts.items():
        if name in unseen and account.can("upcoming"):
            start_first_look(name, f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        every = timedelta(minutes=account.settings.poll_minutes)
        if account.can("changes") and _is_time(installation, f"polled:{name}", every):
            start_reconcile(name, f"{now:%Y%m%dT%H%M%S}")


def forget_once_a_day(installation: Installation) -> None:
    """Forget runs that ended, bodies of deliveries long dealt with, what platforms asked, and
    files of charts."""
    if not _is_time(installation, "forgot", timedelta(days=1)):
        return
    keep = timedelta(days=installation.settings.retention_days)
    forget_finished_runs(datetime.now(UTC) - keep)
    forget_questions(installation)
    with installation.store.write() as session:
        forget_tries(session, installation.clock.now() - keep)
        forget_chart_files(session, installation.clock.now() - KEEP)
        session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.done_at < installation.clock.now() - keep,
                DeliveryRow.raw_sealed.is_not(None),
            )
            .values(raw_sealed=None)
        )


def forget_finished_runs(before: datetime, bite: int = 1000) -> int:
    """Delete the record of all runs that ended before then; their number."""
    number = 0
    while True:
        done = DBOS.list_workflows(
            status=_ENDED,
            end_time=before.astimezone(UTC).isoformat(),
            limit=bite,
            load_input=False,
            load_output=False,
        )
        if not done:
            return number
        DBOS.delete_workflows([run.workflow_id for run in done])
        number += len(done)


def _is_time(installation: Installation, name: str, every: timedelta) -> bool:
    """Whether ``every`` has passed since ``name`` was last done; it then counts as done now. It has
    passed as well where the clock was moved back."""
    now = installation.clock.now()
    with installation.store.write() as session:
        row = session.get(MetaRow, (installation.clinic, name))
        if row is not None and abs(now - datetime.fromisoformat(row.value)) < every:
            return False
        session.merge(MetaRow(clinic=installation.clinic, name=name, value=now.isoformat()))
    return True
