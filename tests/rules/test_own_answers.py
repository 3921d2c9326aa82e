"""The host neither checks what its own rules answer nor gives them a copy of the case: here both
are shown to be needless."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from tests.second_reading.generate import PAYERS, cases

from massage_ins_bridge import rules
from massage_ins_bridge.api import Case
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.hooks.validate_answers import (
    validate_actions,
    validate_answer,
    validate_upload,
)
from massage_ins_bridge.testing import installed_host


@pytest.mark.parametrize("payer", PAYERS)
def test_they_answer_validly_and_change_nothing(payer: str) -> None:
    for request in cases(payer, 60, seed=5):
        case = installed_host().case(read_request(request, datetime.now(UTC)))
        before = [(item.name, getattr(case, item.name)) for item in fields(Case)]
        validate_answer("core", rules.on_booking(case))
        validate_actions(rules.on_visit_complete(case))
        for prescription in case.prescriptions or ():
            validate_upload(rules.on_prescription_upload(case, prescription))
        assert [name for name, value in before if getattr(case, name) is not value] == []
