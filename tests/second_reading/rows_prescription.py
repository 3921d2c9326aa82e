"""Rows about prescriptions, diagnosis and purpose."""

from __future__ import annotations

from .row_parts import (
    CURRENT,
    MASSAGE,
    Row,
    visits,
)

PRESCRIPTION_ROWS: list[Row] = [
    (
        "4 days away or more: hold, due",
        "uhc",
        {"prescriptions": [], "as_of": "2026-12-04T23:59:00-08:00"},
        {"outcome": "hold", "due prescription": "2026-12-04"},
    ),
    (
        "the day after it becomes block",
        "uhc",
        {"prescriptions": [], "as_of": "2026-12-05T00:00:00-08:00"},
        {"outcome": "block", "prescription": "unmet/block", "self_pay_offered": True},
    ),
    ("missing list is unknown", "uhc", {"prescriptions": ...}, {"prescription": "unknown/hold"}),
    (
        "missing frequency unmet",
        "uhc",
        {"prescriptions.0.frequency": ...},
        {"prescription.frequency": "unmet/hold", "outcome": "hold"},
    ),
    (
        "missing duration unmet",
        "uhc",
        {"prescriptions.0.duration": None},
        {"prescription.duration": "unmet/hold", "outcome": "hold"},
    ),
    (
        "missing signature unknown",
        "uhc",
        {"prescriptions.0.signed": ...},
        {"prescription.signature": "unknown/hold"},
    ),
    (
        "unsigned: hold",
        "uhc",
        {"prescriptions.0.signed": False},
        {"prescription.signature": "unmet/hold"},
    ),
    (
        "NPI check digit: hold",
        "uhc",
        {"prescriptions.0.prescriber.npi": "1234567890"},
        {"prescription.prescriber": "unmet/hold"},
    ),
    (
        "prescriber outside Washington: hold",
        "uhc",
        {"prescriptions.0.prescriber.state": "OR"},
        {"prescription.prescriber": "unmet/hold"},
    ),
    (
        "Regence accepts no PT",
        "regence",
        {"prescriptions.0.prescriber.credential": "DPT"},
        {"prescription.prescriber": "unmet/hold"},
    ),
    (
        "PIP accepts PT",
        "pip",
        {"prescriptions.0.prescriber.credential": "D.P.T."},
        {"prescription.prescriber": "met/none"},
    ),
    (
        "LNI-02: not RN",
        "lni",
        {"prescriptions.0.prescriber.credential": "RN"},
        {"prescription.prescriber": "unmet/hold"},
    ),
    (
        "PA-C read as PA",
        "regence",
        {"prescriptions.0.prescriber.credential": "PA-C"},
        {"prescription.prescriber": "met/none"},
    ),
    (
        "of several one suffices",
        "regence",
        {"prescriptions.0.prescriber.credential": "MD, PhD"},
        {"prescription.prescriber": "met/none"},
    ),
    (
        "last day included",
        "uhc",
        {
            "prescriptions.0.signed_on": "2026-10-27",
            "prescriptions.0.duration": {"count": 6, "unit": "week"},
        },
        {CURRENT: "met/none"},
    ),
    (
        "expired: block",
        "uhc",
        {
            "prescriptions.0.signed_on": "2026-10-26",
            "prescriptions.0.duration": {"count": 6, "unit": "week"},
        },
        {CURRENT: "unmet/block"},
    ),
    (
        "Regence older than 90 days: hold",
        "regence",
        {"prescriptions.0.signed_on": "2026-09-08"},
        {CURRENT: "unmet/hold"},
    ),
    (
        "Regence at 90 days",
        "regence",
        {"prescriptions.0.signed_on": "2026-09-09"},
        {CURRENT: "met/none"},
    ),
    (
        "90 days bind Regence only",
        "uhc",
        {"prescriptions.0.signed_on": "2026-09-01"},
        {CURRENT: "met/none"},
    ),
    (
        "visits used up: block",
        "uhc",
        {
            "prescriptions.0.visits": 2,
            "visits": visits("uhc", "11-20"),
            "upcoming": [{"start": "2026-12-08T10:00:00-08:00", "payer": "aetna", **MASSAGE}],
        },
        {"prescription.visits": "unmet/block"},
    ),
    (
        "frequency x duration rounded down",
        "uhc",
        {
            "prescriptions.0.visits": ...,
            "prescriptions.0.frequency": {"times": 1, "per": "month"},
            "prescriptions.0.duration": {"count": 59, "unit": "day"},
            "visits": visits("uhc", "11-20"),
        },
        {"prescription.visits": "unmet/block"},
    ),
    (
        "without a visits list: unknown, hold",
        "uhc",
        {"visits": ...},
        {"prescription.visits": "unknown/hold", "visit_number": None},
    ),
    (
        "received late: warn",
        "uhc",
        {"prescriptions.0.received_on": "2026-12-05"},
        {"prescription.lead-time": "unmet/warn", "outcome": "allow"},
    ),
    (
        "one valid and one invalid code: hold",
        "uhc",
        {"prescriptions.0.diagnoses": ["M54.2", "M54.5"]},
        {"prescription.diagnosis": "unmet/hold", "diagnosis.reimbursable": "met/none"},
    ),
    (
        "only non-reimbursable: block",
        "uhc",
        {"prescriptions.0.diagnoses": ["F41.1", "R53.83"]},
        {"diagnosis.reimbursable": "unmet/block"},
    ),
    (
        "in no class beside non-reimbursable: hold",
        "uhc",
        {"prescriptions.0.diagnoses": ["F41.1", "I10"]},
        {"diagnosis.reimbursable": "unmet/hold", "outcome": "hold"},
    ),
    ("G89 alone: hold", "uhc", {"prescriptions.0.diagnoses": ["G89.29"]}, {"outcome": "hold"}),
    (
        "maintenance: block",
        "uhc",
        {"prescriptions.0.purpose": "maintenance"},
        {"medical-necessity": "unmet/block", "self_pay_offered": True},
    ),
    (
        "one known absent decides",
        "premera",
        {"prescriptions.0.pain": False, "prescriptions.0.loss_of_function": ...},
        {"medical-necessity": "unmet/block"},
    ),
    (
        "missing information: hold",
        "regence",
        {"prescriptions.0.loss_of_function": ""},
        {"medical-necessity": "unknown/hold"},
    ),
    (
        "pain only, not staff confirmed: hold",
        "regence",
        {"prescriptions.0.loss_of_function": False, "prescriptions.0.staff_confirmed": False},
        {"medical-necessity": "unmet/hold"},
    ),
    (
        "REG-08 binds Regence and Premera",
        "uhc",
        {"prescriptions.0.loss_of_function": False},
        {"medical-necessity": "met/none", "outcome": "allow"},
    ),
]
