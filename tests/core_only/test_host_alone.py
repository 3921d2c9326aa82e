"""The host alone, no payer plugin installed: it starts, holds what is insured, frees nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request, installed_host
from massage_ins_bridge.testing.requests import request, requirement, told

PAYERS = ("regence", "premera", "kaiser", "cigna", "lni", "pip", "Acme Health")
LATE = {"prescriptions": [], "as_of": "2026-12-07T09:00:00-08:00"}


def test_the_host_starts_with_its_own_rules_alone() -> None:
    host = installed_host()
    assert [(plugin.name, plugin.failure) for plugin in host.plugins] == [("core", None)]
    assert list(host.books) == ["core"]


@pytest.mark.parametrize("payer", PAYERS)
def test_a_payer_that_nobody_serves_holds(payer: str) -> None:
    decision = decide_request(request(payer))
    expected = {"outcome": "hold", "coverage": "unknown/hold", "route": None, "payer": payer}
    assert told(decision, expected) == expected
    coverage = requirement(decision, "coverage")
    assert coverage is not None
    assert payer in coverage["message"]
    assert decision["ruleset"].keys() == {"core"}


@pytest.mark.parametrize("payer", PAYERS)
def test_shared_rules_are_judged_all_the_same(payer: str) -> None:
    """And a block is one: there is no prescription, whoever pays."""
    expected = {"outcome": "block", "prescription": "unmet/block"}
    assert told(decide_request(request(payer, **LATE)), expected) == expected


def test_nothing_known_holds() -> None:
    decision = decide_request({"booking": {"start": "2026-12-08T10:00:00-08:00"}})
    assert (decision["outcome"], decision["visit_number"]) == ("hold", None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, 3), ({"booking.self_pay": True}, 0), (LATE, 4), ({"booking.start": "soon"}, 2)],
)
def test_the_command_says_what_the_host_decides(changes: dict[str, Any], code: int) -> None:
    made = request("regence", **changes)
    command = [str(Path(sys.executable).with_name("massage-ins-bridge")), "check", "--json", "-"]
    done = subprocess.run(
        command, input=json.dumps(made), capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if code != 2:
        assert json.loads(done.stdout) == decide_request(made)
