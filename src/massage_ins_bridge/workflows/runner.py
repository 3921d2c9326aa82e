"""DBOS, started and stopped for one service; one process has one."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine, create_engine, event

from .faults import describe
from .running import RUNNING
from .runs import RECONCILE_QUEUE, queue_of, start_intake, start_redecide
from .service import Service

log = structlog.get_logger(__name__)
RUNS_FILE = "runs.sqlite3"
#: Not a hash of the code: runs left by an older build are taken up by a newer one.
RUNS_VERSION = "1"
#: Deciding goes on beside so few deliveries at once, and waits so many seconds for more.
FEW, PATIENCE = 2, 1.0


class Runner:
    """The engine, and the thread that starts runs for those who may not wait."""

    def __init__(self, service: Service) -> None:
        #: Deliveries that are being received at this moment; the web application counts them.
        self.receiving = 0
        self._service = service
        self._wanted: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="mib-starter", daemon=True)

    def start(self) -> None:
        """Start the engine; runs that an earlier process left behind go on."""
        if RUNNING.service is not None:
            raise RuntimeError("this process runs a service already; one process has one")
        RUNNING.begin(self._service)
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
        DBOS.register_queue(
            RECONCILE_QUEUE,
            worker_concurrency=1,
            polling_interval_sec=1.0,
            on_conflict="always_update",
        )
        self._thread.start()
        self._service.on_work = self.want

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def want(self, kind: str, item: str) -> None:
        """Have a run started soon: ``intake`` of a delivery, ``redecide`` of a wakeup."""
        self._wanted.put((kind, item))

    def stop(self) -> None:
        """Stop taking up work. What is cut short goes on at the next start."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        if RUNNING.service is self._service:
            DBOS.destroy(workflow_completion_timeout_sec=0)
            RUNNING.service = None

    def _serve(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(Empty):
                kind, item = self._wanted.get(timeout=0.2)
                try:
                    self._start(kind, item)
                except Exception as error:  # noqa: BLE001 - the next sweep starts it again
                    log.error("a run could not be started", kind=kind, error=describe(error))
                    if not RUNNING.under_way.has(item):
                        RUNNING.slots.give_back(item)

    def _let_in(self) -> None:
        """While many deliveries arrive at once, store them before deciding any: platforms wait
        for their answer, and a decision may come a moment later."""
        if self.receiving <= FEW:
            return
        patience = time.monotonic() + PATIENCE
        while self.receiving > FEW and time.monotonic() < patience and not self._stop.is_set():
            time.sleep(0.01)

    def _start(self, kind: str, item: str) -> None:
        if kind == "redecide":
            start_redecide(item)
            return
        if RUNNING.under_way.has(item):
            return
        self._let_in()
        if RUNNING.slots.take(item, self._stop) and not start_intake(item):
            RUNNING.slots.give_back(item)


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
    store = service.store
    if not store.sqlite:
        return store.engine.url.render_as_string(hide_password=False), None
    folder = store.file.parent if store.file else Path()
    url = f"sqlite:///{folder / RUNS_FILE}"
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False},
        pool_size=20,
        max_overflow=60,
        hide_parameters=True,
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
