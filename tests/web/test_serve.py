"""``serve``: what keeps it from starting is one line, and exit code 2."""

from __future__ import annotations

import contextlib
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

from massage_ins_bridge.cli.doctor import doctor
from massage_ins_bridge.cli.keys import app as keys
from massage_ins_bridge.cli.serve import Config, listen, serve
from massage_ins_bridge.cli.start_warnings import settings_warnings, start_warnings
from massage_ins_bridge.desk.installation import load_host
from massage_ins_bridge.settings import StartError, load_settings
from massage_ins_bridge.store.database import open_store
from massage_ins_bridge.store.migrate import upgrade

ACCOUNT = """
data_dir = "{data}"
[[accounts]]
name = "desk"
connector = "nowhere"
enforcement = "observe"
"""


def run(command: Callable[..., None], *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)
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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('base_url = "http://platform.example"', "accounts[0].base_url: must begin with https://"),
        ('api_key = "kl\u00fcp"', "accounts[0].api_key: holds odd characters"),
        ('api_key = "one\\ntwo"', "accounts[0].api_key: holds odd characters"),
    ],
)
def test_a_connectors_settings_are_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "bridge.toml"
    text = ACCOUNT.format(data=tmp_path).replace('"nowhere"', '"calcom"')
    file.write_text(text + line, encoding="utf-8")
    code, output = run(serve, "--config", str(file), "--port", "0")
    assert code == 2
    assert output.startswith(said)
    assert output.count("\n") == 1
    assert "one" not in output


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
    with pytest.raises(StartError) as caught:
        listen(host, 0)
    assert str(caught.value).startswith(said)


def test_a_settings_file_that_cannot_be_read(tmp_path: Path) -> None:
    code, said = run(serve, "--config", str(tmp_path))
    assert code == 2
    assert said == f"{tmp_path}: cannot be read (Is a directory)\n"
    assert all(not p.readable for p in get_args(Config)[1:])


def test_what_nobody_can_have_meant_is_told_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "bridge.toml"
    text = ACCOUNT.format(data=tmp_path).replace('"nowhere"', '"calcom"')
    network = "[clinic.network]\nregense = [{status = 'in'}]\nzzz = [{status = 'out'}]\n"
    file.write_text(f"{text}api_key = 'cal_0123456789abcdef'\n{network}", encoding="utf-8")
    settings = load_settings(file)
    host = load_host(settings)
    assert [f"{c.subject}: {c.message}" for c in start_warnings(settings, file, host)] == [
        (
            "account desk: webhook_secret is missing; set it, or webhook_secret_file: without it "
            "every delivery is refused"
        ),
        "clinic.network.regense: no installed plugin serves such a payer; did you mean 'regence'?",
        (
            "clinic.network.zzz: no installed plugin serves such a payer; `mib plugins` lists who "
            "is served"
        ),
    ]
    code, said = run(doctor, "--config", str(file), "--offline")
    assert code == 1
    assert "BAD  clinic.network.regense: " in said
    assert "note clinic.network.zzz: " in said


UNSAFE = [
    ('host = "0.0.0.0"', "BAD  host: 0.0.0.0 is reached from other machines, in plain text"),
    ('public_url = "http://bridge.example"', "BAD  public_url: begins with http://"),
    ("demo_clock = true", "BAD  demo_clock: is set, and an account is not of this machine"),
    ('[[accounts]]\nwebhook_secret = "a"', "BAD  account desk: webhook_secret has 1 characters"),
    ('[[accounts]]\nwebhook_secret = "0123456789"', "note account desk: webhook_secret has 10 "),
    ('[[accounts]]\napi_key = "abc"', "BAD  account desk: api_key has 3 characters"),
]


@pytest.mark.parametrize(("line", "said"), UNSAFE)
def test_an_unsafe_setup_is_told_by_both(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "bridge.toml"
    head, _, own = line.partition("[[accounts]]")
    text = ACCOUNT.format(data=tmp_path).replace('"nowhere"', '"calcom"')
    file.write_text(f'{head}\n{text}\nbase_url = "https://api.cal.com"\n{own}', encoding="utf-8")
    assert said in run(doctor, "--config", str(file), "--offline")[1]
    told = [f"{w.subject}: {w.message}" for w in settings_warnings(load_settings(file), file)]
    assert said[5:] in "\n".join(told)
    assert all("\n" not in warning for warning in told)


def test_what_others_on_the_machine_may_read_is_told(tmp_path: Path) -> None:
    with TemporaryDirectory() as name:  # pytest keeps its own folders shut
        folder = Path(name)
        folder.chmod(0o755)
        data, file = folder / "data", folder / "bridge.toml"
        text = ACCOUNT.format(data=data).replace('"nowhere"', '"calcom"')
        file.write_text(f'{text}api_key_file = "k"\nwebhook_secret_file = "k"\n', "utf-8")
        (folder / "k").write_text("s" * 20)
        data.mkdir()

        def told() -> list[str]:
            with contextlib.chdir(folder):
                return [w.message for w in settings_warnings(load_settings(file), file)]

        assert told() == []
        (data / "bridge.sqlite3").touch(0o644)
        assert "lets every user of this machine read bridge.sqlite3; run: chmod" in told()[0]
        data.chmod(0o700)
        assert told() == []
        data.chmod(0o777)
        assert "can be changed by every user of this machine" in told()[0]
        data.chmod(0o700)
        file.write_text(f"{text}api_key = '{'k' * 20}'\nwebhook_secret_file = 'k'\n", "utf-8")
        assert "holds secrets and can be read by every user of this machine" in told()[0]
        file.chmod(0o600)
        assert told() == []


@pytest.mark.slow
def test_a_start_that_fails_is_one_line(tmp_path: Path) -> None:
    """No file may grow beyond what the database has: the durable runs find no room for theirs."""
    file = tmp_path / "bridge.toml"
    file.write_text(f'data_dir = "{tmp_path}"\nport = 0\n', encoding="utf-8")
    store = open_store(load_settings(file))
    upgrade(store)
    store.close()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    command = [sys.executable, "-m", "massage_ins_bridge.cli.main", "serve", "--config", str(file)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=little_room, cwd=tmp_path
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("durable runs: the database cannot be opened or written (")
    assert line.endswith("make room on the disk, or mend it")


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "x" * 201])
def test_names_that_no_key_can_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(keys, ["add", name])
    assert done.exit_code == 2
    assert done.output.startswith("NAME: must be one line of 1 to 200 characters")
    assert CliRunner().invoke(keys, ["list"]).output == ""


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
