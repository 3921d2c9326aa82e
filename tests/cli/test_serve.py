"""``serve``: what keeps it from starting is one line, and exit code 2."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn, get_args

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from tests.cli.conftest import Run
from tests.databases import fresh_sqlite, refusal

from massage_ins_bridge.cli.serve import Config, announce, listen, listening_on
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.vault import Vault
from massage_ins_bridge.web.door.access import StaffDoor


def test_a_port_in_use(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("serve", "--port", port, MIB_DATA_DIR="data")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert line.startswith(f"port: 127.0.0.1:{port} cannot be used")


def test_a_connector_that_is_not_installed(run: Run, configured: Callable[..., Path]) -> None:
    configured(connector="nowhere")
    done = run("serve", "--port", "0")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert line.startswith("accounts[0].connector: no installed plugin brings 'nowhere'")
    done = run("doctor", "--offline")
    assert done.code == 1
    assert "BAD  accounts: accounts[0].connector" in done.out
    assert "BAD  account desk: webhook_secret is missing" in done.out


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("no such host", "host: 'no such host' is no address of this machine"),
        ("203.0.113.9", "host: '203.0.113.9' is no address of this machine"),
        ("h" * 300, "host: 'hhh"),
        (" ", "host: is empty; write 127.0.0.1"),
    ],
)
def test_a_bad_host_is_named(host: str, said: str) -> None:
    assert refusal(lambda: listen(host, 0)).startswith(said)


def test_links_name_the_port_that_the_system_chose() -> None:
    with listen("127.0.0.1", 0) as listening:
        settings = listening_on(Settings(port=0), listening)
        assert settings.address == f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_where_it_listens_is_said_while_the_database_does_not_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is asked what to say, and refuses now and then: a server has just so many connections."""

    def refuses() -> NoReturn:
        raise OperationalError("SELECT", None, Exception("sorry, too many clients already"))

    door = StaffDoor(Vault([b"1" * 32]))
    app, installation = FastAPI(), SimpleNamespace(read=refuses)
    app.state.staff_door, app.state.worker = door, SimpleNamespace(installation=installation)
    announce(app, Settings(), 8766)
    assert f"on this machine: http://127.0.0.1:8766{door.address}\n" in capsys.readouterr().err
    assert door.take(door.address.partition("=")[2])
    assert f"on this machine: http://127.0.0.1:8766{door.address}\n" in capsys.readouterr().err


def test_settings_are_looked_for_by_the_command_itself() -> None:
    """The command-line library would tell of an unreadable file in its own way."""
    assert all(not option.readable for option in get_args(Config)[1:])


@pytest.mark.slow
def test_a_start_that_fails_is_one_line(tmp_path: Path) -> None:
    """No file may grow beyond what the database has: the durable runs find no room for theirs."""
    file = tmp_path / "bridge.toml"
    file.write_text(f'data_dir = "{tmp_path}"\nport = 0\n', encoding="utf-8")
    fresh_sqlite(tmp_path)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    command = [sys.executable, "-m", "massage_ins_bridge.cli.main", "serve", "--config", str(file)]
    # Python 3.11 does not see that it wrote half of a bytecode file, which others then read.
    bytecode = {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=little_room,
        cwd=tmp_path,
        env=os.environ | bytecode,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("durable runs: the database cannot be opened or written (")
    assert "make room on the disk" in line
    assert line.endswith("or move the file away: it is made anew")
