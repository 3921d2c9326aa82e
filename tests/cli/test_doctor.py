"""``doctor``: how an installation is."""

from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge.cli.doctor import examine
from massage_ins_bridge.testing.bookings import NOW


def test_on_a_fresh_folder(run: Run) -> None:
    done = run("doctor", "--offline", MIB_DATA_DIR="data")
    assert done.code == 0, done.out
    assert "database: is empty" in done.out


def test_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Mock(free=7_300_000))
    bad = [f for f in examine(None, NOW, offline=True) if f.level == "bad"]
    assert [f.message for f in bad] == [f"{tmp_path} has 7 MB left; make room"]
