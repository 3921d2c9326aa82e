"""``serve``: what keeps it from starting is one line, and exit code 2."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from massage_ins_bridge.cli.doctor import doctor
from massage_ins_bridge.cli.keys import app as keys
from massage_ins_bridge.cli.serve import serve

ACCOUNT = """
data_dir = "{data}"
[[accounts]]
name = "desk"
connector = "nowhere"
enforcement = "observe"
"""


def run(command: object, *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)  # type: ignore[arg-type]
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        file = tmp_path / "bridge.toml"
        file.write_text(f'data_dir = "{tmp_path}"\n', encoding="utf-8")
        code, said = run(serve, "--config", str(file), "--port", port)
    assert code == 2
    assert said.startswith(f"port: 127.0.0.1:{port} cannot be used")
    assert said.count("\n") == 1


def test_a_connector_that_is_not_installed(tmp_path: Path) -> None:
    file = tmp_path / "bridge.toml"
    file.write_text(ACCOUNT.format(data=tmp_path), encoding="utf-8")
    code, said = run(serve, "--config", str(file), "--port", "0")
    assert code == 2
    assert said.startswith("accounts[0].connector: no installed plugin brings 'nowhere'")
    code, said = run(doctor, "--config", str(file), "--offline")
    assert code == 1
    assert "BAD  accounts: accounts[0].connector" in said
    assert "BAD  account desk: webhook_secret is missing" in said


def test_keys_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    runner = CliRunner()
    made = runner.invoke(keys, ["add", "desk"])
    assert (made.exit_code, made.output[:4]) == (0, "mib_")
    assert runner.invoke(keys, ["add", "desk"]).exit_code == 2
    assert "good" in runner.invoke(keys, ["list"]).output
    assert made.output.strip() not in runner.invoke(keys, ["list"]).output
    assert runner.invoke(keys, ["revoke", "desk"]).exit_code == 0
    assert "revoked" in runner.invoke(keys, ["list"]).output
    assert runner.invoke(keys, ["revoke", "nobody"]).exit_code == 2


def test_doctor_on_a_fresh_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    code, said = run(doctor, "--offline")
    assert code == 0, said
    assert "database: is empty" in said
