"""The host without any plugin: it starts, and it frees nothing that it does not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request, installed_host

BOOKING = {"start": "2026-12-08T10:00:00-08:00"}


def statuses(decision: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["status"] for item in decision["requirements"]}


def test_the_built_in_rules_are_all_there_is() -> None:
    host = installed_host()
    assert [plugin.name for plugin in host.plugins] == ["core"]
    assert [plugin.failure for plugin in host.plugins] == [None]


@pytest.mark.parametrize("payer", ["regence", "lni", "pip", "Uniform Medical Plan"])
def test_a_payer_that_nobody_serves_holds(payer: str) -> None:
    coverage = {"payer": payer, "position": "primary", "staff_confirmed": True}
    decision = decide_request({"booking": {**BOOKING, "payer": payer}, "coverages": [coverage]})
    assert decision["outcome"] == "hold"
    assert statuses(decision)["coverage"] == "unknown"


def test_self_pay_needs_no_plugin() -> None:
    decision = decide_request({"booking": {**BOOKING, "self_pay": True}})
    assert decision["outcome"] == "allow"


def test_the_commands_are_there() -> None:
    command = Path(sys.executable).with_name("massage-ins-bridge")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "check" in done.stdout
