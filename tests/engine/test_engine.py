"""The engine's start, its record, and what an older release left in it."""

from pathlib import Path

import pytest
from dbos import DBOS, SetWorkflowID
from sqlalchemy import text
from tests.desk.bridge import make_bridge
from tests.engine.conftest import Running, until

from massage_ins_bridge.engine import engine as engine_module
from massage_ins_bridge.engine.engine import Engine
from massage_ins_bridge.engine.schedules import sweep_run
from massage_ins_bridge.testing.bookings import NOW

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
