"""Running commands in this process, in a folder of its own, without settings from outside."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from massage_ins_bridge.cli import doctor
from massage_ins_bridge.cli.app import app
from massage_ins_bridge.cli.check import run as run_check
from massage_ins_bridge.desk import accounts
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform
from massage_ins_bridge.testing.requests import request as valid_request


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("check", "-", input=...)``; ``MIB_PORT="1"`` beside it is a variable."""
    monkeypatch.chdir(tmp_path)

    def call(command: str, *arguments: str, input: str = "", **variables: str) -> Done:  # noqa: A002
        with monkeypatch.context() as patched:
            for name, value in variables.items():
                patched.setenv(name, value)
            if command != "check":
                done = CliRunner().invoke(app, [command, *arguments])
                assert done.exception is None or isinstance(done.exception, SystemExit)
                return Done(done.exit_code, done.stdout, done.stderr)
            given = tmp_path / "given"
            given.write_text(input, encoding="utf-8")
            with given.open(encoding="utf-8") as stdin:
                patched.setattr(sys, "stdin", stdin)
                code = run_check(arguments)
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture(autouse=True)
def _codes_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of diagnosis codes that is shipped is in force, whenever the tests run."""
    monkeypatch.setattr(doctor, "RELEASE_MONTHS", 1200)


@pytest.fixture
def data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", "data")


ACCOUNT = """
data_dir = "."
[[accounts]]
name = "desk"
connector = "calcom"
enforcement = "observe"
"""


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Path]:
    """Writes settings with one account: ``more`` of the account, and lines before it."""

    def write(more: str = "", before: str = "", connector: str = "calcom") -> Path:
        file = tmp_path / "massage-ins-bridge.toml"
        text = f"{before}\n{ACCOUNT}{more}\n".replace("calcom", connector)
        file.write_text(text, encoding="utf-8")
        return file

    return write


Text = Callable[..., str]


@pytest.fixture
def text() -> Text:
    """A valid request as JSON text, with changes by dotted path."""

    def make(**changes: Any) -> str:
        return json.dumps(valid_request("regence", **changes))

    return make


FAKE = """
data_dir = "data"
[[accounts]]
name = "desk"
connector = "fake"
enforcement = "enforce"
base_url = "https://platform.example"
webhook_secret = "s"
options = {platform = "of commands"}
services = {"1" = {service = "medical-massage", self_pay = false}}
"""


@pytest.fixture
def on_fake(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[type], FakePlatform]:
    """Writes settings with an account on a fake platform, to which a class of connectors is said to
    speak."""

    def made(connector: type) -> FakePlatform:
        known = accounts.connector_classes

        def classes(host: Host) -> dict[str, type]:
            return {**known(host), "fake": connector}

        monkeypatch.setattr(accounts, "connector_classes", classes)
        (tmp_path / "massage-ins-bridge.toml").write_text(FAKE, "utf-8")
        PLATFORMS["of commands"] = FakePlatform()
        return PLATFORMS["of commands"]

    return made
