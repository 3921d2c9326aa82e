"""The engine's start, its record, and what an older release or a dead process left in it."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dbos import DBOS, SetWorkflowID
from sqlalchemy import create_engine, text
from tests.desk.bridge import make_bridge
from tests.engine.conftest import Running, until

from massage_ins_bridge.desk.first_look import progress
from massage_ins_bridge.engine import engine as engine_module
from massage_ins_bridge.engine.engine import Engine
from massage_ins_bridge.engine.runs import CURRENT
from massage_ins_bridge.engine.schedules import sweep_run
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.installation import Installation

pytestmark = pytest.mark.slow


def test_a_record_that_was_removed_is_told_with_the_cure(running: Running) -> None:
    until(lambda: running.engine.trouble == "")
    file = running.bridge.installation.runs_file
    if file is None:  # PostgreSQL keeps it in the database
        with running.bridge.installation.store.engine.begin() as connection:
            connection.execute(text("ALTER SCHEMA dbos RENAME TO away"))
        assert running.engine.trouble.startswith("durable runs: their record cannot be read")
        return
    file.rename(file.with_suffix(".away"))
    assert running.engine.trouble.startswith(f"durable runs: {file} was removed")


def test_a_record_that_took_no_run_is_told_until_it_takes_one(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: running.engine.trouble == "")
    refused = time.monotonic() - 2 * engine_module.REFUSED_SECONDS
    alone = running.bridge.installation.runs_file is not None
    # What is recorded meanwhile, by the first sweep or one of each minute, does not take it back.
    noted = SimpleNamespace(refused_at=refused, swept_at=refused - 1)
    with monkeypatch.context() as patched:
        patched.setattr(engine_module, "CURRENT", noted)
        # Beside other processes it may be one of them that sweeps.
        assert ("could not be recorded" in running.engine.trouble) is alone
    CURRENT.refused_at, CURRENT.swept_at = noted.refused_at, noted.swept_at
    running.engine.sweep()
    until(lambda: running.engine.trouble == "")


def test_what_an_older_release_left_in_the_record_is_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its queues are polled no longer, and what its runs were to do is started anew."""
    bridge = make_bridge(tmp_path, None)
    old = Running(bridge)
    monkeypatch.setattr(engine_module, "RUNS_VERSION", "1")
    old.engine.start()
    DBOS.register_queue("mib-front-desk", worker_concurrency=1)
    with SetWorkflowID("left"):
        DBOS.enqueue_workflow("mib-front-desk", sweep_run, NOW, None)
    old.engine.stop()
    monkeypatch.setattr(engine_module, "RUNS_VERSION", "2")
    engine = Engine(bridge.installation)
    engine.start()
    assert {queue.name for queue in DBOS.list_queues()} == {"mib-deciding", "mib-platform"}
    assert DBOS.get_workflow_status("left") is None
    engine.stop()
    bridge.close()


@pytest.mark.parametrize("shared", [False, pytest.param(True, marks=pytest.mark.postgres)])
def test_what_a_killed_process_had_begun_is_carried_on(
    shared: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """By its next life, or by another process on the same database; neither has its name."""
    url = request.getfixturevalue("bare_postgres_url") if shared else None
    settings: dict[str, Any] = {"database_url": url} if shared else {}
    with Installation(tmp_path, options=("--unlike", "replica"), **settings) as made:
        first = made.serve("first")
        made.send_webhooks_to(first.wait_ready())
        made.control("faults", {"latency": 600})
        start = (datetime.now(UTC) + timedelta(days=20)).isoformat()
        booking = made.control("bookings", {"event_type": 30413, "start": start})
        record = url or f"sqlite:///{tmp_path}/data/runs.sqlite3"
        until(lambda: state_of_delivery(record) == "PENDING")
        others = [made.serve("second")] if shared else []
        for other in others:
            other.wait_ready(knowing=False)
        made.kill(first)
        made.control("faults", {"latency": 0})
        _ = others or made.serve("second")
        until(lambda: state_of_delivery(record) == "SUCCESS", 45)
        done = f"journal?kind=change&by=api&uid={booking['uid']}"
        until(lambda: [change["to"] for change in made.control(done)] == ["accepted"])


def state_of_delivery(record: str) -> str | None:
    """The state of the one delivery's run in the engine's record."""
    schema = "" if record.startswith("sqlite") else "dbos."
    query = f"SELECT status FROM {schema}workflow_status WHERE name = 'mib.delivery'"  # noqa: S608
    engine = create_engine(record)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).scalar()
    finally:
        engine.dispose()


def test_what_the_settings_name_by_now_is_taken_in_at_the_next_start(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None)
    bridge.platform.put("b1", service_ref="2")
    more = bridge.installation.accounts["desk"]
    fewer = {"services": {"1": more.settings.services["1"]}}
    less = replace(more, settings=more.settings.model_copy(update=fewer))

    def taken() -> int:
        with bridge.installation.read() as record:
            return progress(record, more).taken

    for account in (less, more):
        assert taken() == 0
        bridge.installation.accounts = {"desk": account}
        engine = Engine(bridge.installation)
        engine.start()
        if account is more:
            until(taken)
        engine.stop()
    bridge.close()
