"""``enforce``: shows what would be written to bookings that stand, and lets it through."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.databases import fresh_sqlite
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.test_going_live import enforce, stand

from massage_ins_bridge.cli import enforce as command
from massage_ins_bridge.desk.installation import Installation

SETTINGS = """
[[accounts]]
name = "desk"
connector = "calcom"
enforcement = "observe"
"""


@pytest.fixture
def observer(tmp_path: Path) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, None, "observe", account={"refuse_after_minutes": 15})
    yield made
    made.close()


@pytest.fixture
def standing(observer: Bridge, monkeypatch: pytest.MonkeyPatch) -> Bridge:
    """Bookings stand, and the command opens the same data."""

    def opened(_config: Path | None) -> object:
        class Opened:
            def __enter__(self) -> Installation:
                return observer.installation

            def __exit__(self, *_error: object) -> None:
                pass

        return Opened()

    monkeypatch.setattr(command, "opened", opened)
    stand(observer)
    return observer


def test_it_shows_and_lets_through(standing: Bridge, run: Run) -> None:
    shown = run("enforce", "desk", "--preview")
    assert shown.code == 0
    assert "1 booking would be confirmed" in shown.out
    assert "1 booking would be declined" in shown.out
    assert "Tue 2026-12-08 10:00" in shown.out
    assert 'With enforcement = "enforce"' in shown.out
    assert run("enforce", "desk", "--all").code == 2
    enforce(standing)
    assert "--all" in run("enforce", "desk").out
    one = standing.row("b1").id
    assert "1 booking is let through" in run("enforce", "desk", "--booking", one).out
    assert run("enforce", "desk", "--booking", one).code == 2
    through = run("enforce", "desk", "--all", "--name", "Pat").out
    assert "3 bookings are let through" in through
    assert "a refusal waits 15 minutes, and can be stopped" in through
    assert "no booking stands that waits" in run("enforce", "desk").out
    assert run("enforce", "none").code == 2
    assert run("enforce", "desk", "--preview", "--all").code == 2


def test_settings_that_were_not_started_with_are_told(standing: Bridge, run: Run) -> None:
    accounts = standing.installation.accounts
    account = accounts["desk"]
    settings = account.settings.model_copy(update={"enforcement": "enforce"})
    standing.installation.accounts = {"desk": replace(account, settings=settings)}
    shown = run("enforce", "desk", "--preview")
    assert "has not been started with these settings yet" in shown.out


def test_it_opens_the_data_of_the_settings(tmp_path: Path, run: Run) -> None:
    fresh_sqlite(tmp_path)
    (tmp_path / "massage-ins-bridge.toml").write_text(SETTINGS, encoding="utf-8")
    done = run("enforce", "desk", MIB_DATA_DIR=str(tmp_path / "data"))
    assert done.code == 0 or "no installed plugin brings" in done.err
