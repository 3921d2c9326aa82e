"""The judge sees what is amiss, word by word."""

from typing import Any

import pytest

from .judge import amiss

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
