"""The rules that every payer shares: each ruling, what is said, and that their answers are sound.

Each file of rulings is about the module of its name, and is about bookings of December 8th, 2026,
seen on December 1st, most of them of a payer that adds no rules of its own.
"""

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.second_reading.generate import PAYERS, cases

from massage_ins_bridge import rules
from massage_ins_bridge.api import Case
from massage_ins_bridge.domain.answers import HOST_KEYS
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.hooks.validate_answers import (
    validate_actions,
    validate_answer,
    validate_upload,
)
from massage_ins_bridge.testing import decide_request, installed_host
from massage_ins_bridge.testing.requests import request, shown, small_host
from massage_ins_bridge.testing.rulings import Ruling, read_rulings

HOST = ("out-of-network", "lni")
#: Rulings on what shared rules make of the rules of payers, by their file, and whose those are.
OF_PAYERS = {
    "coordination": ("lni", "pip", "premera", "regence", "uniform", "wa-law"),
    "law": ("kaiser", "premera", "regence", "uniform", "wa-law"),
    "necessity": ("out-of-network", "regence"),
}
FILES = sorted(Path(__file__).parent.glob("*.toml"))
RULINGS = [(file.stem, ruling) for file in FILES for ruling in read_rulings(file)]


@pytest.mark.parametrize(("file", "ruling"), RULINGS, ids=str)
def test_ruling(file: str, ruling: Ruling) -> None:
    assert ruling.told(small_host(*OF_PAYERS.get(file, HOST))) == ruling.expected


def test_nobody_pays_at_the_visit_for_a_payer_that_nobody_serves() -> None:
    made = request("acme", **{"clinic.network": {"acme": [{"status": "out"}]}})
    decision = decide_request(made, small_host(*HOST))
    assert not {"collect-payment", "give-superbill"} & set(shown(decision, "actions"))


def test_the_cost_share_is_shown_as_far_as_it_is_known() -> None:
    share = {"copay": "20.00", "deductible": "500"}
    made = decide_request(request("regence", **{"coverages.0.cost_share": share}))
    said = "Known and acknowledged: copay 20.00 dollars, deductible 500 dollars."
    assert shown(made, "message cost-share") == said


@pytest.mark.parametrize("payer", PAYERS)
def test_they_answer_validly_and_change_nothing(payer: str) -> None:
    """The host neither checks what its own rules answer nor gives them a copy of the case."""
    for made in cases(payer, 60, seed=5):
        case = installed_host().case(read_request(made, datetime.now(UTC)))
        before = [(item.name, getattr(case, item.name)) for item in fields(Case)]
        answer = rules.on_booking(case)
        shared = [item for item in answer.requirements if item.key not in HOST_KEYS]
        validate_answer("core", replace(answer, requirements=tuple(shared)))
        validate_actions(rules.on_visit_complete(case))
        for prescription in case.prescriptions or ():
            validate_upload(rules.on_prescription_upload(case, prescription))
        changed = {name for name, value in before if getattr(case, name) is not value}
        assert changed <= {"prescription"}  # the one that serves is found by them
