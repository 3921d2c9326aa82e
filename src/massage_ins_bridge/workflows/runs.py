"""The durable runs, on DBOS. They carry ids only; what they do stands in the other modules.

Each run's id is the id of what it deals with, so that starting it twice is starting it once. A
run whose process dies is taken up again at the next start. One that ended without having done
its work (its own record could not be written, say) is followed by a run under a fresh id. The
exactly-once part is the row that the deciding transaction writes with its id.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID

from .effects import Planned
from .enforce import carry_out
from .faults import describe
from .intake import Taken, take_in
from .reconcile import reconcile
from .redecide import give_to_staff, redecide
from .running import RUNNING
from .service import Service

log = structlog.get_logger(__name__)
#: Looking for changes has a queue of its own, one at a time: it must not keep outcomes waiting.
RECONCILE_QUEUE = "mib:reconcile"
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
#: After so many tries to decide a client's bookings again staff is told; the bridge goes on.
TELL_AFTER = 6
#: A run that the record calls running, that this process took up at least so many seconds ago and
#: does not know, has died without a word.
SETTLED = 60.0
_ACTIVE = ("PENDING", "ENQUEUED", "DELAYED")


def _service() -> Service:
    if RUNNING.service is None:
        raise RuntimeError("no service is running")
    return RUNNING.service


def queue_of(account: str) -> str:
    return f"mib-{account}"


@DBOS.step(name="mib.take-in")
def _take_in(delivery_id: str, attempt: int) -> dict[str, Any]:
    return _guarded(lambda: take_in(_service(), delivery_id, attempt))


@DBOS.step(name="mib.redecide-once")
def _redecide(wakeup_id: str) -> dict[str, Any]:
    return _guarded(lambda: redecide(_service(), wakeup_id))


@DBOS.step(name="mib.give-to-staff")
def _give_to_staff(wakeup_id: str) -> dict[str, Any]:
    return _guarded(lambda: give_to_staff(_service(), wakeup_id))


@DBOS.step(name="mib.carry-out")
def _carry_out(effect_id: str) -> dict[str, Any]:
    def act() -> Taken:
        carry_out(_service(), effect_id)
        return Taken()

    return _guarded(act)


@DBOS.step(name="mib.reconcile-once")
def _reconcile(account: str) -> dict[str, Any]:
    return _guarded(lambda: reconcile(_service(), account))


def _guarded(act: Callable[[], Taken]) -> dict[str, Any]:
    """A step's result as plain values; whatever is raised means another try, since a run that
    ends in an error would be over for good."""
    try:
        taken = act()
    except Exception as error:  # noqa: BLE001 - see above
        log.error("a run will try again", error=describe(error))
        taken = Taken(again=True)
    return {
        "again": taken.again,
        "planned": [[p.effect, p.account, p.run] for p in taken.planned],
    }


def _pause(attempt: int) -> None:
    DBOS.sleep(PAUSES[min(attempt, len(PAUSES)) - 1])


def _enforce_all(result: dict[str, Any]) -> None:
    for effect, account, run in result["planned"]:
        start_effect(Planned(effect, account, run))


@contextlib.contextmanager
def _dealing_with(item: str) -> Iterator[bool]:
    """Whether this run is the one of the process that deals with the item."""
    run = str(DBOS.workflow_id)
    try:
        yield RUNNING.under_way.claim(item, run)
    finally:
        RUNNING.under_way.leave(item, run)


@DBOS.workflow(name="mib.intake", max_recovery_attempts=None)
def intake_run(delivery_id: str) -> None:
    """One delivery."""
    try:
        with _dealing_with(delivery_id) as mine:
            attempt = 1
            while mine and (result := _take_in(delivery_id, attempt))["again"]:
                RUNNING.slots.give_back(delivery_id)  # others go on while this one waits
                _pause(attempt)
                attempt += 1
            if mine:
                _enforce_all(result)
    finally:
        RUNNING.slots.give_back(delivery_id)


@DBOS.workflow(name="mib.redecide", max_recovery_attempts=None)
def redecide_run(wakeup_id: str) -> None:
    """One wakeup: a client's standing bookings are decided again."""
    with _dealing_with(wakeup_id) as mine:
        attempt = 1
        while mine and (result := _redecide(wakeup_id))["again"]:
            if attempt == TELL_AFTER:
                _give_to_staff(wakeup_id)
            _pause(attempt)
            attempt += 1
        if mine:
            _enforce_all(result)


@DBOS.workflow(name="mib.enforce", max_recovery_attempts=None)
def enforce_run(effect_id: str) -> None:
    """One try of one effect; a later try is a run of its own (see ``Planned.run``)."""
    try:
        with _dealing_with(effect_id) as mine:
            attempt = 1
            while mine and _carry_out(effect_id)["again"]:
                _pause(attempt)
                attempt += 1
    finally:
        RUNNING.written(str(DBOS.workflow_id))


@DBOS.workflow(name="mib.reconcile", max_recovery_attempts=None)
def reconcile_run(account: str) -> None:
    """One look at what changed on an account's platform."""
    with _dealing_with(f"reconcile:{account}") as mine:
        if mine:
            _enforce_all(_reconcile(account))


def start_intake(delivery_id: str) -> bool:
    """Whether a run of it was started: none is where one is under way, or recorded as such."""
    return _start(intake_run, delivery_id)


def start_redecide(wakeup_id: str) -> bool:
    return _start(redecide_run, wakeup_id)


def _start(run: Callable[[str], None], item: str) -> bool:
    unused = _unused(item, item)
    if unused is None:
        return False
    with SetWorkflowID(unused):
        DBOS.start_workflow(run, item)
    return True


def start_effect(planned: Planned) -> None:
    """Directly where there is room: a queue is looked at only now and then."""
    unused = _unused(planned.effect, planned.run)
    if unused is None:
        return
    slots = RUNNING.writing(planned.account)
    with SetWorkflowID(unused):
        if not slots.try_take(unused):
            DBOS.enqueue_workflow(queue_of(planned.account), enforce_run, planned.effect)
            return
        try:
            handle = DBOS.start_workflow(enforce_run, planned.effect)
            begun = handle.get_status().status in _ACTIVE
        except BaseException:
            slots.give_back(unused)
            raise
    if not begun:  # asked again by a run that was taken up: this one was over before
        slots.give_back(unused)


def _unused(item: str, run: str) -> str | None:
    """The id for a run of the item, a fresh one where the last run ended without doing its work;
    ``None`` where one is still to run or running."""
    if RUNNING.under_way.has(item):
        return None
    found = DBOS.get_workflow_status(run)
    if found is None:
        return run
    return None if found.status in _ACTIVE else f"{run}~{uuid.uuid4().hex[:12]}"


def start_reconcile(account: str, slot: str) -> None:
    with SetWorkflowID(f"reconcile:{account}:{slot}"):
        DBOS.enqueue_workflow(RECONCILE_QUEUE, reconcile_run, account)


def bury_the_dead(executor: str) -> int:
    """Strike from the record the runs that this process is said to carry out and does not: their
    end could not be written. What they dealt with is started anew. Returns how many."""
    long_ago = (time.time() - SETTLED) * 1000
    dead = [
        run.workflow_id
        for run in DBOS.list_workflows(
            status="PENDING", executor_id=executor, load_input=False, load_output=False
        )
        if (run.updated_at or 0) < long_ago and not RUNNING.under_way.carries(run.workflow_id)
    ]
    for run_id in dead:
        log.warning("a run had died without a word", run=run_id)
        DBOS.cancel_workflow(run_id)
        RUNNING.written(run_id)
    return len(dead)
