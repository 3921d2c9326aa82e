"""``check``: exit codes, plain words, JSON, lines, and one clear line for what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run

Text = Callable[..., str]
BLOCKED = {"booking.start": "2026-12-03T10:00:00-08:00", "booking.end": ..., "prescriptions": []}


def test_allow_hold_and_block_have_exit_codes_of_their_own(run: Run, text: Text) -> None:
    assert run("check", "-", input=text()).returncode == 0
    assert run("check", "-", input=text(prescriptions=[])).returncode == 3
    assert run("check", "-", input=text(**BLOCKED)).returncode == 4


def test_plain_words_say_why_and_how_to_cure_it(run: Run, text: Text) -> None:
    said = run("check", "-", input=text(prescriptions=[])).stdout
    assert said.startswith("HOLD")
    assert "No prescription is on file; it is due by 2026-12-04." in " ".join(said.split())
    assert "cure:" in said
    assert "RX-05" in said


def test_json_is_the_decision(run: Run, text: Text) -> None:
    decision = json.loads(run("check", "-", "--json", input=text()).stdout)
    assert list(decision)[:4] == ["outcome", "payer", "route", "payment_at_visit"]
    assert decision["outcome"] == "allow"


def test_lines_answer_in_order_and_an_unusable_one_in_its_place(run: Run, text: Text) -> None:
    lines = [text(), "{", "", text(prescriptions=[]), '{"booking": {"start": 7}}']
    done = run("check", "-", "--lines", input="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a.get("outcome", "error") for a in answers] == [
        "allow",
        "error",
        "error",
        "hold",
        "error",
    ]
    assert "booking.start" in answers[4]["error"]
    assert done.returncode == 2
    assert done.stdout.splitlines()[0] == json.dumps(
        answers[0], separators=(",", ":"), ensure_ascii=False
    )


def test_lines_exit_0_whatever_was_decided(run: Run, text: Text) -> None:
    assert run("check", "-", "--lines", input=text(**BLOCKED) + "\n").returncode == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "request: is empty"),
        ("{", "request: is not valid JSON"),
        ("[" * 100_000, "request: is"),
        ("[]", "request: must be an object"),
        ("{}", "booking: is missing"),
        ('{"bookin": {}}', "did you mean 'booking'?"),
        ('{"booking": {"start": "2026-12-08T10:00:00"}}', "booking.start: has no offset"),
        ('{"booking": {"start": "9999-12-08T10:00:00Z"}}', "booking.start: the year 9999"),
        ('{"booking": {"start": "2026-02-30T10:00:00Z"}}', "booking.start: is no time"),
        ('{"booking": {"start": 1e400}}', "booking.start: must be a time"),
        (
            '{"booking": {"start": "2026-12-08T10:00:00Z"}, "clinic": {"timezone": "Mars/X"}}',
            "clinic.timezone: 'Mars/X' is no known time zone",
        ),
        (
            '{"booking": {"start": "2026-12-08T10:00:00Z"}, "patient": {"name": "%s"}}'
            % ("x" * 900_000),
            "patient.name: is 900,000 characters long",
        ),
    ],
)
def test_unusable_input_is_named_with_its_field(run: Run, body: str, said: str) -> None:
    done = run("check", "-", input=body)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_every_problem_has_a_line(run: Run) -> None:
    body = {"booking": {"start": 1}, "coverages": [{"visit_limit": "x"}], "patient": {"nam": ""}}
    lines = run("check", "-", input=json.dumps(body)).stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("massage-ins-bridge: ") for line in lines)


def test_a_file_that_is_not_there(run: Run) -> None:
    done = run("check", "nowhere.json")
    assert done.returncode == 2
    assert done.stderr.startswith("massage-ins-bridge: nowhere.json: cannot be read")


def test_settings_give_the_clinic_and_its_rule_file(run: Run, text: Text, tmp_path: Path) -> None:
    settings = 'rules_file = "own.toml"\n[clinic.network]\nregence = [{status = "in"}]\n'
    (tmp_path / "massage-ins-bridge.toml").write_text(settings)
    (tmp_path / "own.toml").write_text(
        '[[rules]]\nplugin = "regence"\nid = "REG-03"\nsource = "letter of 2026-10-02"\n'
        "values = { days_after_first_visit = 10 }\n"
    )
    done = run(
        "check", "-", "--json", input=text(clinic=..., **{"coverages.0.funding": "self_insured"})
    )
    decision = json.loads(done.stdout)
    owed = next(r for r in decision["requirements"] if r["key"] == "prior-authorization")
    assert owed["due"] == "2026-12-18"
    assert "letter of 2026-10-02" in owed["source"]
    assert decision["ruleset"]["regence"].endswith("+clinic")


def test_bad_settings_are_one_line(run: Run, text: Text, tmp_path: Path) -> None:
    (tmp_path / "massage-ins-bridge.toml").write_text("prot = 1\n")
    done = run("check", "-", input=text())
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "massage-ins-bridge: prot: is not a known setting; did you mean 'port'?"
    )


def test_check_loads_neither_web_nor_database(run: Run, text: Text, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(text())
    script = (
        "import sys; from massage_ins_bridge.cli.check import run; run(['request.json']); "
        "bad = {'fastapi', 'sqlalchemy', 'dbos', 'typer', 'pydantic', 'httpx'} & set(sys.modules); "
        "sys.exit(str(bad) if bad else 0)"
    )
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
