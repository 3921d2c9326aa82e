"""The engine, started and stopped for one installation; one process has one."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import create_engine, event

from ..desk.clock import DemoClock
from ..desk.daily import look_where_others_decide
from ..desk.going_live import close_questions, go_live
from ..desk.installation import Installation
from ..desk.known_plugins import remember_plugins
from ..desk.newly_named import look_where_more_is_named
from ..domain.describe import describe
from ..gate.answer_days import is_holiday
from ..store.postgres import NETWORK
from ..store.record import Work
from ..store.same_file import SameFile
from .process_name import ProcessName
from .runs import CURRENT, DECIDING, PLATFORM, start
from .schedules import sweep_run

log = structlog.get_logger(__name__)
#: Not a hash of the code: runs left by an older build are taken up by a newer one. Another number
#: where runs cannot be: what they were to do is then started anew.
RUNS_VERSION = "3"
#: What one process decides at once, and how many calls it makes to one account's platform at once.
#: It is also what one look at a queue takes at most. Under load there are some twelve looks a
#: second (``nudge``): four at once would leave a processor idle while a backlog waits.
AT_ONCE, AT_ONCE_AND_ACCOUNT = 8, 8
#: How often the queues are looked at where nothing nudges: what another process put in.
POLL_SECONDS = 0.5
#: How long a stop waits for what is under way: a decision ends by then, a platform that hangs does
#: not, and is asked again at the next start.
STOP_SECONDS = 2
#: How long a run that could not be recorded counts: by then a sweep has tried again.
REFUSED_SECONDS = 90
_POSTGRES = {"connect_args": dict(NETWORK), "hide_parameters": True}


@DBOS.workflow(name="mib.recover", max_recovery_attempts=None)
def recover_run(_at: datetime, _context: Any) -> None:
    """Carry on what dead processes had begun. A short look, several times a minute."""
    engine = _RUNNING.get("engine")
    if engine is not None:
        engine.recover()


_RUNNING: dict[str, Engine] = {}


class Engine:
    """Durable runs over one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._name = ProcessName(installation.store, installation.settings.worker_name)
        self._started = False
        self._runs_file = SameFile(None)

    def start(self) -> None:
        """Take a name, launch the engine, carry on what was left. Raises ``StartError`` and
        whatever the engine's database raises."""
        self._name.hold()
        is_holiday(self._installation.clock.now().date())  # slow to load: in no plugin's time
        CURRENT.begin(self._installation)
        _RUNNING["engine"] = self
        logging.getLogger("dbos").setLevel(logging.WARNING)
        launched = DBOS(config=self._config())
        DBOS.launch()
        self._tidy_queues()
        _register_queues()
        CURRENT.nudge.install(launched)
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": "mib-sweep",
                    "workflow_fn": sweep_run,
                    "schedule": "0 * * * * *",
                    "context": None,
                },
                {
                    "schedule_name": "mib-recover",
                    "workflow_fn": recover_run,
                    "schedule": "*/15 * * * * *",
                    "context": None,
                },
            ]
        )
        self._runs_file = SameFile(self._installation.runs_file)
        self._started = True
        self._begin_work()

    def _begin_work(self) -> None:
        self._installation.start = self.begin
        if isinstance(self._installation.clock, DemoClock):
            self._installation.clock.on_change = self.sweep
        self.recover()
        go_live(self._installation)  # these five: settings and rules change only with a start
        remember_plugins(self._installation)
        look_where_more_is_named(self._installation)
        look_where_others_decide(self._installation)
        close_questions(self._installation)
        self.sweep()

    def begin(self, work: Sequence[Work]) -> None:
        """Start what a commit left to be done. What cannot be started now is found by the sweep."""
        for item in work:
            try:
                start(item)
            except Exception as error:  # noqa: BLE001 - see above
                log.error("a run could not be started", kind=item.kind, error=describe(error))

    def sweep(self) -> None:
        """Have everything that may wait looked at soon."""
        now = datetime.now(UTC)
        with SetWorkflowID(f"sweep:{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"):
            DBOS.start_workflow(sweep_run, now, None)

    def recover(self) -> None:
        """Carry on what processes had begun that live no longer."""
        if self._runs_file.gone:
            return  # noted here, for it may be put back before anybody asks for ``trouble``
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        names = {run.executor_id for run in pending if run.executor_id}
        dead = sorted(self._name.dead(names))
        if dead:
            # the one way that hands on only what is still under the dead name
            DBOS._recover_pending_workflows(dead)  # noqa: SLF001
            log.warning("carrying on what dead processes had begun", processes=len(dead))
            CURRENT.nudge(DECIDING)
            CURRENT.nudge(PLATFORM)

    @property
    def trouble(self) -> str:
        """Why the engine does not do its work; empty where it does."""
        if not self._started:
            return "durable runs: they are not started"
        if not self._name.held:
            return "database: it does not answer, so that other processes take this one for dead"
        if self._runs_file.gone:
            return f"durable runs: {self._runs_file.path} was removed; start the service anew"
        if self._refuses:
            return "durable runs: one could not be recorded: is the disk full?"
        try:
            DBOS.list_workflows(limit=1, load_input=False, load_output=False)
        except Exception as error:  # noqa: BLE001 - whatever it is, the record cannot be read
            return f"durable runs: their record cannot be read ({describe(error)})"
        return ""

    @property
    def _refuses(self) -> bool:
        """Whether a run could not be recorded lately, or no sweep has run since: where this process
        is alone, a record that takes no delivery takes no sweep either."""
        refused = CURRENT.refused_at
        if refused is None:
            return False
        alone = self._installation.runs_file is not None
        unswept = alone and CURRENT.swept_at < refused
        return unswept or time.monotonic() - refused < REFUSED_SECONDS

    def stop(self) -> None:
        """Stop taking up work. What is cut short goes on at the next start, or elsewhere."""
        self._started = False
        self._installation.start = lambda _work: None
        if _RUNNING.get("engine") is self:
            DBOS.destroy(workflow_completion_timeout_sec=STOP_SECONDS)
            _RUNNING.clear()
            CURRENT.end()
        self._name.let_go()

    def _tidy_queues(self) -> None:
        """Queues and runs of an older release are nobody's: no process takes from them any more."""
        for queue in DBOS.list_queues():
            if queue.name.startswith("mib") and queue.name not in (DECIDING, PLATFORM):
                DBOS.delete_queue(queue.name)
        left = DBOS.list_workflows(
            status=["ENQUEUED", "PENDING", "DELAYED"], load_input=False, load_output=False
        )
        old = [run.workflow_id for run in left if run.app_version not in (None, RUNS_VERSION)]
        if old:
            DBOS.delete_workflows(old)

    def _config(self) -> DBOSConfig:
        url, engine = _database(self._installation)
        return {
            "name": "massage-ins-bridge",
            "system_database_url": url,
            "system_database_engine": engine,
            "application_version": RUNS_VERSION,
            "executor_id": self._name.name,
            "db_engine_kwargs": {} if engine is not None else dict(_POSTGRES),
            "log_level": "WARNING",
        }


def _register_queues() -> None:
    DBOS.register_queue(
        DECIDING,
        worker_concurrency=AT_ONCE,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    DBOS.register_queue(
        PLATFORM,
        partition_worker_concurrency=AT_ONCE_AND_ACCOUNT,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


def _database(installation: Installation) -> tuple[str, SqlEngine | None]:
    """PostgreSQL: the same database, a schema of the engine's own. SQLite: a file of its own, so
    that two writers do not share one lock."""
    file = installation.runs_file
    if file is None:
        return installation.store.engine.url.render_as_string(hide_password=False), None
    url = f"sqlite:///{file}"
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
