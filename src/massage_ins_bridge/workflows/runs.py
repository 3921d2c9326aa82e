"""The durable runs, on DBOS. They carry ids only; what they do stands in the other modules.

Each run's id is the id of what it deals with, so that starting it twice is starting it once. A
run whose process dies is taken up again at the next start; the exactly-once part is the row that
the deciding transaction writes with its id.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from .effects import Planned
from .enforce import carry_out
from .faults import describe
from .intake import Taken, take_in
from .reconcile import reconcile
from .redecide import redecide
from .service import Service

log = structlog.get_logger(__name__)
#: Looking for changes has a queue of its own, one at a time: it must not keep outcomes waiting.
RECONCILE_QUEUE = "mib:reconcile"
#: Runs of intake that this process starts at once; the rest wait their turn in memory.
AT_ONCE = 4
#: Effects of one account that this process writes at once without waiting until the queue is
#: looked at; the rest go through the queue.
DIRECTLY = 4
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


class Slots:
    """At most so many intakes started by this process at once."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)
        self._lock = threading.Lock()
        self._taken: set[str] = set()

    def take(self, run: str, stop: threading.Event) -> bool:
        """Wait for a slot; ``False`` where the run is already under way, or all is stopping."""
        with self._lock:
            if run in self._taken:
                return False
        while not self._free.acquire(timeout=0.2):
            if stop.is_set():
                return False
        with self._lock:
            self._taken.add(run)
        return True

    def try_take(self, run: str) -> bool:
        """A slot, if one is free at this moment and the run is not under way."""
        with self._lock:
            if run in self._taken or not self._free.acquire(blocking=False):
                return False
            self._taken.add(run)
        return True

    def give_back(self, run: str) -> None:
        with self._lock:
            if run not in self._taken:
                return
            self._taken.discard(run)
        self._free.release()


class Running:
    """The one service of this process, which runs taken up from the database find here."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self.slots = Slots(AT_ONCE)
        self._writing: dict[str, Slots] = {}

    def writing(self, account: str) -> Slots:
        """The slots for effects of one account."""
        return self._writing.setdefault(account, Slots(DIRECTLY))

    def written(self, run: str) -> None:
        """A try of an effect is over."""
        for slots in list(self._writing.values()):
            slots.give_back(run)


RUNNING = Running()


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
    """A step's result as plain values; a database that does not answer means another try."""
    try:
        taken = act()
    except SQLAlchemyError as error:
        log.error("the database did not answer", error=describe(error))
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


@DBOS.workflow(name="mib.intake", max_recovery_attempts=None)
def intake_run(delivery_id: str) -> None:
    """One delivery: its run id is the delivery's id."""
    try:
        attempt = 1
        while (result := _take_in(delivery_id, attempt))["again"]:
            RUNNING.slots.give_back(delivery_id)  # others go on while this one waits
            _pause(attempt)
            attempt += 1
        _enforce_all(result)
    finally:
        RUNNING.slots.give_back(delivery_id)


@DBOS.workflow(name="mib.redecide", max_recovery_attempts=None)
def redecide_run(wakeup_id: str) -> None:
    """One wakeup: a client's standing bookings are decided again."""
    attempt = 1
    while (result := _redecide(wakeup_id))["again"]:
        _pause(attempt)
        attempt += 1
    _enforce_all(result)


@DBOS.workflow(name="mib.enforce", max_recovery_attempts=None)
def enforce_run(effect_id: str) -> None:
    """One try of one effect; a later try is a run of its own (see ``Planned.run``)."""
    try:
        attempt = 1
        while _carry_out(effect_id)["again"]:
            _pause(attempt)
            attempt += 1
    finally:
        RUNNING.written(str(DBOS.workflow_id))


@DBOS.workflow(name="mib.reconcile", max_recovery_attempts=None)
def reconcile_run(account: str) -> None:
    """One look at what changed on an account's platform."""
    result = _reconcile(account)
    _enforce_all(result)


def start_effect(planned: Planned) -> None:
    """Directly where there is room: a queue is looked at only now and then."""
    with SetWorkflowID(planned.run):
        if not RUNNING.writing(planned.account).try_take(planned.run):
            DBOS.enqueue_workflow(queue_of(planned.account), enforce_run, planned.effect)
            return
        handle = DBOS.start_workflow(enforce_run, planned.effect)
    if handle.get_status().status not in ("PENDING", "ENQUEUED"):
        RUNNING.written(planned.run)  # it was finished before; nothing was started


def start_reconcile(account: str, slot: str) -> None:
    with SetWorkflowID(f"reconcile:{account}:{slot}"):
        DBOS.enqueue_workflow(RECONCILE_QUEUE, reconcile_run, account)
