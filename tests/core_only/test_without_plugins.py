"""The host alone, no payer plugin installed: it starts, holds what is insured, frees nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request, installed_host
from massage_ins_bridge.testing.requests import request, requirement, told

COMMAND = Path(sys.executable).with_name("massage-ins-bridge")
PAYERS = ("regence", "premera", "kaiser", "cigna", "lni", "pip", "Acme Health")


def check(*arguments: str, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), "check", *arguments, "-"],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


needs_command = pytest.mark.skipif(
    find_spec("massage_ins_bridge.cli") is None or not COMMAND.exists(),
    reason="the command is not installed",
)


def test_the_host_starts_with_its_own_rules_alone() -> None:
    host = installed_host()
    assert [plugin.name for plugin in host.plugins] == ["core"]
    assert host.plugins[0].failure is None
    assert list(host.books) == ["core"]


@pytest.mark.parametrize("payer", PAYERS)
def test_a_payer_that_nobody_serves_holds(payer: str) -> None:
    decision = decide_request(request(payer))
    expected = {"outcome": "hold", "coverage": "unknown/hold", "route": None, "payer": payer}
    assert told(decision, expected) == expected
    coverage = requirement(decision, "coverage")
    assert coverage is not None
    assert "no installed payer plugin serves" in coverage["message"]
    assert decision["ruleset"].keys() == {"core"}


@pytest.mark.parametrize("payer", PAYERS)
def test_shared_rules_are_judged_all_the_same(payer: str) -> None:
    """And a block is one: there is no prescription, whoever pays."""
    late = {"prescriptions": [], "as_of": "2026-12-07T09:00:00-08:00"}
    assert told(decide_request(request(payer, **late)), ["outcome", "prescription"]) == {
        "outcome": "block",
        "prescription": "unmet/block",
    }


def test_self_pay_needs_no_plugin() -> None:
    decision = decide_request(request("regence", **{"booking.self_pay": True}))
    assert told(decision, ["outcome", "route"]) == {"outcome": "allow", "route": "self-pay"}


def test_nothing_known_holds() -> None:
    decision = decide_request({"booking": {"start": "2026-12-08T10:00:00-08:00"}})
    assert decision["outcome"] == "hold"
    assert decision["visit_number"] is None


@needs_command
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 3),
        ({"booking.self_pay": True}, 0),
        ({"prescriptions": [], "as_of": "2026-12-07T09:00:00-08:00"}, 4),
        ({"booking.start": "soon"}, 2),
    ],
)
def test_check_says_the_outcome_by_its_exit_code(changes: dict[str, Any], code: int) -> None:
    done = check(text=json.dumps(request("regence", **changes)))
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@needs_command
def test_check_gives_the_decision_as_json() -> None:
    made = request("regence")
    done = check("--json", text=json.dumps(made))
    assert done.returncode == 3
    assert json.loads(done.stdout) == decide_request(made)


@needs_command
def test_check_takes_a_request_a_line() -> None:
    made = request("regence")
    lines = [json.dumps(made), '{"booking": {}}', json.dumps(made)]
    done = check("--lines", text="\n".join(lines) + "\n")
    assert done.returncode == 2
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert first == third == decide_request(made)
    assert set(second) == {"error"}
