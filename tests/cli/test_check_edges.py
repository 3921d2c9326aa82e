"""``check`` where its input or output fails: one line and exit 2, never a traceback."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the special files of Linux")

Text = Callable[..., str]
Shell = Callable[..., subprocess.CompletedProcess[bytes]]
#: The command as it is installed, as a shell writes it.
CHECK = f"{shlex.quote(sys.executable)} -m massage_ins_bridge.cli.main check"
FULL = "standard output: cannot be written (No space left on device)"
NAME = "Žluťoučký 保険"


@pytest.fixture
def shell(tmp_path: Path, text: Text) -> Shell:
    """Bash beside ``r.json``, a request of one line. Output is buffered as it is for users."""
    (tmp_path / "r.json").write_text(text() + "\n")
    left_out = ("MIB_", "PYTHON", "LC_", "LANG")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}

    def call(script: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {script}"],
            cwd=tmp_path,
            env=environ | env,
            capture_output=True,
            timeout=60,
            check=False,
        )

    return call


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("- <&-", "standard input: is closed; give a request, or name a file"),
        ("- --lines <&-", "standard input: is closed; give a request, or name a file"),
        ("/proc/self/mem", "/proc/self/mem: cannot be read (Input/output error)"),
        ("- 0>written", "standard input: cannot be read (Bad file descriptor)"),
        ("--lines /proc/self/mem", "/proc/self/mem: cannot be read (Input/output error)"),
        (".", ".: cannot be read (Is a directory)"),
        ("r.json >/dev/full", FULL),
        ("r.json --json >/dev/full", FULL),
        ("r.json --lines >/dev/full", FULL),
        ("r.json >&-", "standard output: is closed, so the answer cannot be written"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_line(shell: Shell, script: str, said: str) -> None:
    done = shell(f"{CHECK} {script}")
    assert done.stderr.decode() == f"massage-ins-bridge: {said}\n"
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full"])
def test_where_nobody_can_be_told_the_exit_code_tells(shell: Shell, stream: str) -> None:
    done = shell(f"{CHECK} nowhere.json {stream}")
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@pytest.mark.parametrize("options", ["", "--json", "--lines"])
def test_a_reader_that_has_left_is_no_fault(shell: Shell, options: str) -> None:
    done = shell(f"{{ sleep 0.1; {CHECK} r.json {options}; }} | true")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("options", ["", "--json", "--lines"])
@pytest.mark.parametrize(
    "locale",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ids=["ascii", "C"],
)
def test_answers_are_utf_8_whatever_the_locale(
    shell: Shell, text: Text, tmp_path: Path, options: str, locale: dict[str, str]
) -> None:
    (tmp_path / "named.json").write_text(text(**{"booking.payer": NAME}))
    done = shell(f"{CHECK} named.json {options}", **locale)
    assert NAME in done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0 if options == "--lines" else 3, b"")


@pytest.mark.parametrize("source", ["marked.json", "- <marked.json"])
@pytest.mark.parametrize(
    ("options", "begins"), [("", b"ALLOW"), ("--lines", b'{"outcome":"allow"')]
)
def test_a_byte_order_mark_is_passed_over(
    shell: Shell, text: Text, tmp_path: Path, source: str, options: str, begins: bytes
) -> None:
    (tmp_path / "marked.json").write_text(text() + "\n", encoding="utf-8-sig")
    done = shell(f"{CHECK} {options} {source}")
    assert done.stdout.startswith(begins), done.stderr
    assert done.returncode == 0
