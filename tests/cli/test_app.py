"""The commands as a whole."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge import __version__

NAMES = ("backup", "check", "clinic", "db", "demo", "doctor", "key", "plugins", "restore", "rules")


def test_help_lists_every_command(run: Run) -> None:
    said = run("--help", COLUMNS="120").out
    for name in (*NAMES, "serve"):
        assert f" {name} " in said
        if name != "check":
            assert run(name, "--help").code == 0
    assert __version__ in run("--version").out


@pytest.mark.parametrize("command", ["serve", "plugins", "doctor", "key list", "db upgrade"])
def test_an_unreadable_settings_file_is_one_line(run: Run, tmp_path: Path, command: str) -> None:
    done = run(*command.split(), "--config", str(tmp_path))
    assert done.code in (1, 2)
    (line,) = (done.out + done.err).splitlines()
    assert "cannot be read (Is a directory)" in line
