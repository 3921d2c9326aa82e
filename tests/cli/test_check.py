"""``check``: exit codes, JSON, lines; one clear line, never a traceback, where its input or output
fails."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run, Text

Shell = Callable[..., subprocess.CompletedProcess[bytes]]
BLOCKED = {"booking.start": "2026-12-03T10:00:00-08:00", "booking.end": ..., "prescriptions": []}


def test_allow_hold_and_block_have_exit_codes_of_their_own(run: Run, text: Text) -> None:
    assert run("check", "-", input=text()).code == 0
    assert run("check", "-", input=text(prescriptions=[])).code == 3
    assert run("check", "-", input=text(**BLOCKED)).code == 4


def test_json_is_the_decision(run: Run, text: Text) -> None:
    decision = run("check", "-", "--json", input=text()).json
    assert list(decision)[:4] == ["outcome", "payer", "route", "payment_at_visit"]
    assert decision["outcome"] == "allow"


def test_what_a_plugin_prints_is_no_answer(
    run: Run, text: Text, tmp_path: Path, configured: Callable[..., Path]
) -> None:
    """It goes to standard error, and names nobody."""
    (tmp_path / "own").mkdir()
    code = "from massage_ins_bridge.api import hookimpl\n@hookimpl\ndef on_booking(case):\n"
    code += "    print('here', case)\n"
    (tmp_path / "own" / "loud.py").write_text(code, encoding="utf-8")
    configured(before='plugins_dir = "own"')
    for option in ("--json", "--lines"):
        done = run("check", "-", option, input=text() if option == "--json" else text() + "\n")
        assert done.json["outcome"] == "allow"
        assert done.err == "here <Case of a booking on 2026-12-08, payer 'regence'>\n"


def test_lines_answer_in_order_and_an_unusable_one_in_its_place(run: Run, text: Text) -> None:
    lines = [text(), "{", "", text(prescriptions=[]), '{"booking": {"start": 7}}']
    done = run("check", "-", "--lines", input="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.out.splitlines()]
    told = [answer.get("outcome", "error") for answer in answers]
    assert told == ["allow", "error", "error", "hold", "error"]
    assert "booking.start" in answers[4]["error"]
    assert done.code == 2
    compact = json.dumps(answers[0], separators=(",", ":"), ensure_ascii=False)
    assert done.out.splitlines()[0] == compact
    assert run("check", "-", "--lines", input=text(**BLOCKED) + "\n").code == 0


BOOKED = '{"booking": {"start": "2026-12-08T10:00:00Z"}'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        *(("", "request: is empty"), ("{", "request: is not valid JSON")),
        *(("[" * 100_000, "request: is"), ("[]", "request: must be an object")),
        *(("{}", "booking: is missing"), ('{"bookin": {}}', "did you mean 'booking'?")),
        ('{"booking": {"start": "2026-12-08T10:00:00"}}', "booking.start: has no offset"),
        ('{"booking": {"start": "9999-12-08T10:00:00Z"}}', "booking.start: the year 9999"),
        ('{"booking": {}, "booking": {}}', "request: has the key 'booking' twice in one object; w"),
        ('{"booking": {"start": 1e400}}', "booking.start: must be a time"),
        (BOOKED + ', "clinic": {"timezone": "Mars/X"}}', "clinic.timezone: 'Mars/X' is no known"),
        (BOOKED + f', "patient": {{"name": "{"x" * 900_000}"}}}}', "is 900,000 characters long"),
        (BOOKED + f', "patient": {{"name": "{"x" * 1_000_000}"}}}}', "request: is longer than 1,"),
    ],
)
def test_unusable_input_is_named_with_its_field(run: Run, body: str, said: str) -> None:
    done = run("check", "-", input=body)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_every_problem_has_a_line(run: Run) -> None:
    body = {"booking": {"start": 1}, "coverages": [{"visit_limit": "x"}], "patient": {"nam": ""}}
    lines = run("check", "-", input=json.dumps(body)).err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("massage-ins-bridge: ") for line in lines)


def test_bad_settings_are_one_line(run: Run, text: Text, tmp_path: Path) -> None:
    (tmp_path / "massage-ins-bridge.toml").write_text("prot = 1\n")
    done = run("check", "-", input=text())
    said = "massage-ins-bridge: prot: is not a known setting; did you mean 'port'?\n"
    assert (done.code, done.err) == (2, said)


#: The command as it is installed, as a shell writes it.
CHECK = f"{shlex.quote(sys.executable)} -m massage_ins_bridge.cli.main check"
FULL = "standard output: cannot be written (No space left on device)"
NAME = "Žluťoučký 保険"
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the special files of Linux")


@pytest.fixture
def shell(tmp_path: Path, text: Text) -> Shell:
    """Bash beside ``r.json``, a request of one line. Output is buffered as it is for users."""
    (tmp_path / "r.json").write_text(text() + "\n")
    left_out = ("MIB_", "PYTHON", "LC_", "LANG")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}

    def call(script: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        command = ["bash", "-c", f"set -o pipefail; {script}"]
        return subprocess.run(
            command, cwd=tmp_path, env=environ | env, capture_output=True, timeout=60, check=False
        )

    return call


@linux
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("- <&-", "standard input: is closed; give a request, or name a file"),
        ("- 0>written", "standard input: cannot be read (Bad file descriptor)"),
        ("--lines /proc/self/mem", "/proc/self/mem: cannot be read (Input/output error)"),
        (".", ".: cannot be read (Is a directory)"),
        ("nowhere.json", "nowhere.json: cannot be read (No such file or directory)"),
        ("r.json >/dev/full", FULL),
        ("r.json --json >/dev/full", FULL),
        ("r.json --lines >/dev/full", FULL),
        ("r.json >&-", "standard output: is closed, so the answer cannot be written"),
        *((f"nowhere.json {stream}", None) for stream in ("2>&-", "2>/dev/full")),
    ],
)
def test_what_fails_is_told(shell: Shell, script: str, said: str | None) -> None:
    """Where nobody can be told, the exit code tells."""
    done = shell(f"{CHECK} {script}")
    assert done.stderr.decode() == (f"massage-ins-bridge: {said}\n" if said else "")
    assert (done.returncode, done.stdout) == (2, b"")


@linux
@pytest.mark.parametrize("options", ["", "--lines"])
def test_a_reader_that_has_left_is_no_fault(shell: Shell, options: str) -> None:
    done = shell(f"{{ sleep 0.1; {CHECK} r.json {options}; }} | true")
    assert (done.returncode, done.stderr) == (0, b"")


@linux
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


@pytest.mark.parametrize("source", ["marked.json", "-"])
@pytest.mark.parametrize(("options", "begins"), [((), "ALLOW"), (("--lines",), '{"outcome":"allo')])
def test_a_byte_order_mark_is_passed_over(
    run: Run, text: Text, tmp_path: Path, source: str, options: tuple[str, ...], begins: str
) -> None:
    marked = f"\ufeff{text()}\n"
    (tmp_path / "marked.json").write_text(marked, encoding="utf-8")
    done = run("check", *options, source, input=marked)
    assert done.out.startswith(begins), done.err
    assert done.code == 0
