"""``backup`` and ``restore`` say what they did, and what they did not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from tests.cli.conftest import Run
from tests.engine.conftest import until

#: The dump is at work on a table that somebody else holds.
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'"
WAITS += " AND datname = current_database() AND wait_event_type = 'Lock'"


def test_they_say_what_they_did(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", "data")
    assert run("backup", "b").code == 2
    assert not (tmp_path / "data").exists()
    assert run("db", "upgrade").code == 0
    assert "read back and found whole" in run("backup", "b").out
    for name in ("data/bridge.sqlite3", "data", "no/b"):  # an older backup may be replaced alone
        assert run("backup", name).code == 2
    assert "whoever has this file can read all of it" in run("backup", "b", "--with-key").err
    assert run("restore", "b").code == 2
    done = run("restore", "b", "--force")
    assert done.code == 0
    assert "What was there before is kept: " in done.out
    assert "begins again what has no receipt" in done.out
    assert run("doctor", "--offline").code == 0


@pytest.mark.postgres
def test_one_that_is_stopped_leaves_nothing_behind(tmp_path: Path, postgres_url: str) -> None:
    command = [sys.executable, "-m", "massage_ins_bridge.cli.main"]
    environ = {**os.environ, "MIB_DATA_DIR": str(tmp_path), "MIB_DATABASE_URL": postgres_url}
    subprocess.run([*command, "db", "upgrade"], env=environ, check=True, capture_output=True)
    before = sorted(tmp_path.iterdir())
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as holding, engine.connect() as asking:
        holding.execution_options(isolation_level="READ COMMITTED")
        holding.execute(text("LOCK TABLE visits IN ACCESS EXCLUSIVE MODE"))
        made = subprocess.Popen([*command, "backup", str(tmp_path / "b")], env=environ)
        until(lambda: asking.execute(text(WAITS)).scalar())
        assert sorted(tmp_path.iterdir()) != before
        made.terminate()
        assert made.wait(60) == 128 + 15
        assert sorted(tmp_path.iterdir()) == before
        until(lambda: not asking.execute(text(WAITS)).scalar())
    engine.dispose()
