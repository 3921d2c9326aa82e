"""``serve --sandbox``: it is a real installation's in nothing."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge.cli import serve
from massage_ins_bridge.settings import Settings


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--config", "real.toml"), {}),
        (("--host", "0.0.0.0"), {}),  # noqa: S104 - it is refused
        (("--workers", "2"), {}),
        ((), {"MIB_DATABASE_URL": "postgresql+psycopg://localhost/clinic"}),
        ((), {"MIB_CONFIG": "real.toml"}),
        ((), {"MIB_DATA_DIR": "data"}),
    ],
)
def test_whatever_is_real_is_refused(
    run: Run, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    done = run("serve", "--sandbox", *arguments, **variables)
    assert done.code == 2
    assert "belongs to a real installation" in done.err
    assert done.out == ""


def test_where_decisions_go_is_asked_of_a_sandbox_alone(run: Run) -> None:
    assert run("serve", "--send-to", "http://127.0.0.1:9000/").code == 2


def test_it_serves_a_folder_of_its_own_that_is_gone_at_the_end(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "massage-ins-bridge.toml").write_text("this is not read", "utf-8")
    folders: list[Path] = []
    places: list[str] = []

    def served(settings: Settings, at_end: Callable[[], object], listening: socket.socket) -> None:
        folders.append(settings.data_dir)
        places.append(f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/")
        assert folders[0].exists()
        at_end()

    monkeypatch.setattr(serve, "run", served)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    done = run("serve", "--sandbox", "--port", "0", "--send-to", "http://127.0.0.1:9/x")
    assert done.code == 0, done.err
    assert done.out.startswith("SANDBOX. Every client is invented")
    assert "decisions go to     http://127.0.0.1:9/x" in done.out
    assert f"send bookings to    {places[0]}" in done.out
    assert not folders[0].exists()
    assert tmp_path not in folders[0].parents
