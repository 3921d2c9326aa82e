"""What keeps the engine from starting is one line with the cure."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from tests.databases import refusal, settings_of
from tests.web.conftest import TestClient

from massage_ins_bridge.web.app import create_app

FULL = sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("kind", ["folder", "garbage"])
def test_a_record_that_cannot_be_used(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "runs.sqlite3"
    if kind == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"nothing of the kind" * 100)
    line = refusal(lambda: create_app(settings_of(tmp_path)))
    assert line.startswith(f"{file}: ")
    assert line.endswith("or move the file away: it is made anew")
    assert refusal(lambda: create_app(settings_of(tmp_path))) == line  # nothing is held back


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OperationalError("CREATE", {}, FULL),
            "durable runs: the database cannot be opened or written (database or disk is full); ",
        ),
        (ValueError("Ann"), "durable runs: they cannot be started (ValueError in "),
    ],
)
def test_durable_runs_that_cannot_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    def fail(_: Any) -> None:
        raise error

    monkeypatch.setattr("massage_ins_bridge.engine.engine.Engine.start", fail)
    app = create_app(settings_of(tmp_path))
    assert refusal(TestClient(app).__enter__).startswith(line)
    assert str(app.state.trouble).startswith(line)
    app.state.worker.installation.close()
