"""``backup`` and ``restore`` say what they did, and what they did not."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run


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
