"""What is amiss is seen word by word, and a file of scenarios is tests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing.requests import request
from massage_ins_bridge.testing.scenarios import ScenarioError, amiss, read_scenarios

#: The host's own plugin of pytest, and no other.
ALONE = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "massage_ins_bridge.testing.pytest_plugin",
}
DECISION: dict[str, Any] = {
    "outcome": "hold",
    "payer": "regence",
    "route": None,
    "payment_at_visit": False,
    "visit_number": 2,
    "self_pay_offered": False,
    "self_pay_terms": None,
    "requirements": [
        {
            "key": "prior-authorization",
            "payer": "regence",
            "status": "unmet",
            "effect": "hold",
            "due": "2026-12-04",
            "rule": "REG-03",
            "message": "Ask now.",
            "remedy": "Ask.",
            "patient_message": "Nothing to pay now.",
        },
        {"key": "prior-authorization", "payer": "premera", "status": "waived", "effect": "none"},
        {"key": "intake", "payer": "regence", "status": "met", "effect": "none"},
    ],
    "waivers": [
        {"key": "prior-authorization", "payer": "premera", "rule": "LAW-03", "strength": "firm"},
        {"key": "benefit", "payer": "regence", "rule": "EX-08", "strength": "doubtful"},
    ],
    "actions": [{"kind": "request-authorization", "due": "2026-12-04", "rule": "REG-04"}],
}
BORNE_OUT: dict[str, Any] = {
    "outcome": "hold",
    "route": None,
    "self_pay_terms": None,
    "req": {"prior-authorization": "waived", "intake": "met"},
    "effect": {"prior-authorization": "hold"},
    "due": {"prior-authorization": "2026-12-04"},
    "holds": ["prior-authorization"],
    "free": ["intake", "network"],
    "waived": ["prior-authorization"],
    "not_waived": ["benefit", "intake"],
    "actions": ["request-authorization"],
    "action_due": {"request-authorization": "2026-12-04"},
    "rules": ["REG-03", "LAW-03", "REG-04"],
    "no_text": ["asking", "cash"],
    "no_patient_text": ["ask", "payment"],
}
AMISS: list[tuple[str, Any]] = [
    ("outcome", "allow"),
    ("visit_number", None),
    ("req", {"prior-authorization": "met"}),
    ("req", {"network": "met"}),
    ("effect", {"intake": "warn"}),
    ("due", {"prior-authorization": "2026-12-05"}),
    ("holds", []),
    ("holds", ["prior-authorization", "intake"]),
    ("free", ["prior-authorization"]),
    ("waived", ["benefit"]),
    ("not_waived", ["prior-authorization"]),
    ("actions", ["appeal"]),
    ("action_due", {"request-authorization": None}),
    ("rules", ["REG-05"]),
    ("no_text", ["ASK NOW"]),
    ("no_patient_text", ["pay"]),
    ("unheard of", 1),
]


def test_nothing_is_amiss_with_what_is_borne_out() -> None:
    assert amiss(BORNE_OUT, DECISION) == []


@pytest.mark.parametrize(("name", "wanted"), AMISS)
def test_it_says_what_is_amiss(name: str, wanted: Any) -> None:
    assert len(amiss({name: wanted}, DECISION)) == 1


def test_a_file_of_scenarios_is_tests(tmp_path: Path) -> None:
    """One that is met, one that is not, and one that is none."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    line = {"name": "free", "plugins": ["out-of-network"], "request": request("cigna")}
    met, missed = ({**line, "expect": {"outcome": word}} for word in ("allow", "block"))
    text = f"{json.dumps(met)}\n\n{json.dumps(missed | {'name': 'refused'})}\n"
    (folder / "some.jsonl").write_text(text, encoding="utf-8")
    (folder / "other.jsonl").write_text("{", encoding="utf-8")
    options = ["-q", "--continue-on-collection-errors", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, "scenarios"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, **ALONE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed, 1 error" in done.stdout
    assert "outcome: 'allow', expected 'block'" in done.stdout
    assert "other.jsonl:1: not valid JSON" in done.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "a scenario is an object"),
        ('{"name": "x"}', "a scenario is an object with name, request and expect"),
        ('{"name": "x", "reqest": {}}', "unknown key 'reqest'"),
    ],
)
def test_a_line_that_is_no_scenario_is_told_with_its_place(
    line: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"^some\.jsonl:2: {said}"):
        list(read_scenarios(path))
