"""The durable runs, on DBOS. They carry ids only; what they do stands in the other modules.

Each run's id is the id of what it deals with, so that starting it twice is starting it once. A
run whose process dies is taken up again at the next start; the exactly-once part is the row that
the deciding transaction writes with its id.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from ..store.database import Store
from .effects import Planned
from .enforce import carry_out
from .intake import Taken, take_in
from .reconcile import reconcile
from .redecide import redecide
from .service import Service

log = structlog.get_logger(__name__)
RUNS_FILE = "runs.sqlite3"
#: Not a hash of the code: runs left by an older build are taken up by a newer one.
RUNS_VERSION = "1"
#: Runs of intake that this process starts at once; the rest wait their turn in memory.
AT_ONCE = 16
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)

_current: Service | None = None


def _service() -> Service:
    if _current is None:
        raise RuntimeError("no service is running")
    return _current


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
        log.error("the database did not answer", error=type(error).__name__)
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
            _pause(attempt)
            attempt += 1
        _enforce_all(result)
    finally:
        _slots.give_back(delivery_id)


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
    attempt = 1
    while _carry_out(effect_id)["again"]:
        _pause(attempt)
        attempt += 1


@DBOS.workflow(name="mib.reconcile", max_recovery_attempts=None)
def reconcile_run(account: str) -> None:
    """One look at what changed on an account's platform."""
    result = _reconcile(account)
    _enforce_all(result)


def start_effect(planned: Planned) -> None:
    with SetWorkflowID(planned.run):
        DBOS.enqueue_workflow(queue_of(planned.account), enforce_run, planned.effect)


class _Slots:
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

    def give_back(self, run: str) -> None:
        with self._lock:
            if run not in self._taken:
                return
            self._taken.discard(run)
        self._free.release()


_slots = _Slots(AT_ONCE)


class Runner:
    """DBOS, started for one service, and the thread that starts runs for those who may not wait.

    One process has one: DBOS is one engine per process.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wanted: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="mib-starter", daemon=True)

    def start(self) -> None:
        """Start the engine; runs that an earlier process left behind go on."""
        global _current, _slots
        _current, _slots = self._service, _Slots(AT_ONCE)
        logging.getLogger("dbos").setLevel(logging.WARNING)
        DBOS(config=_config(self._service))
        DBOS.launch()
        for account in self._service.accounts:
            DBOS.register_queue(
                queue_of(account),
                worker_concurrency=4,
                polling_interval_sec=0.2,
                on_conflict="always_update",
            )
        self._thread.start()
        self._service.on_work = self.want

    def want(self, kind: str, item: str) -> None:
        """Have a run started soon: ``intake`` of a delivery, ``redecide`` of a wakeup."""
        self._wanted.put((kind, item))

    def stop(self) -> None:
        """Stop taking up work. What is cut short goes on at the next start."""
        global _current
        self._stop.set()
        self._thread.join(timeout=5)
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _current = None

    def _serve(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(Empty):
                kind, item = self._wanted.get(timeout=0.2)
                try:
                    self._start(kind, item)
                except Exception as error:  # noqa: BLE001 - the next sweep starts it again
                    log.error("a run could not be started", kind=kind, error=type(error).__name__)
                    _slots.give_back(item)

    def _start(self, kind: str, item: str) -> None:
        if kind == "intake" and not _slots.take(item, self._stop):
            return
        run = {"intake": intake_run, "redecide": redecide_run}[kind]
        with SetWorkflowID(item):
            handle = DBOS.start_workflow(run, item)
        if kind == "intake" and handle.get_status().status not in ("PENDING", "ENQUEUED"):
            _slots.give_back(item)  # it was finished before; nothing was started


def start_reconcile(account: str, slot: str) -> None:
    with SetWorkflowID(f"reconcile:{account}:{slot}"):
        DBOS.enqueue_workflow(queue_of(account), reconcile_run, account)


def forget_finished_runs(before: datetime, limit: int = 1000) -> int:
    """Delete the record of runs that ended before then; returns how many."""
    done = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=before.astimezone(UTC).isoformat(),
        limit=limit,
        load_input=False,
        load_output=False,
    )
    if done:
        DBOS.delete_workflows([run.workflow_id for run in done])
    return len(done)


def _config(service: Service) -> DBOSConfig:
    url, engine = _database(service)
    return {
        "name": "massage-ins-bridge",
        "system_database_url": url,
        "system_database_engine": engine,
        "application_version": RUNS_VERSION,
        "executor_id": service.settings.worker_name,
        "log_level": "WARNING",
        "max_executor_threads": 64,
    }


def _database(service: Service) -> tuple[str, Engine | None]:
    """PostgreSQL: the same database, a schema of the engine's own. SQLite: a file of its own, so
    that two writers do not share one lock."""
    store: Store = service.store
    if not store.sqlite:
        return store.engine.url.render_as_string(hide_password=False), None
    folder = store.file.parent if store.file else Path()
    url = f"sqlite:///{folder / RUNS_FILE}"
    engine = create_engine(
        url, connect_args={"check_same_thread": False}, pool_size=20, max_overflow=60
    )
    event.listen(engine, "connect", _connect)
    return url, engine


def _connect(connection: Any, _record: Any) -> None:
    """As DBOS opens its own SQLite files, with WAL besides. What a power cut may take from this
    file the sweep starts again, so commits need not wait for the disk."""
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
