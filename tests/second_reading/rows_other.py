"""Rows about claims, reports, networks, limits and the rest."""

from __future__ import annotations

from .row_parts import (
    OUT,
    REPORT,
    SENT,
    SEVEN_LNI,
    Row,
    visits,
)

OTHER_ROWS: list[Row] = [
    ("progress report owed, none since", "lni", SEVEN_LNI, {REPORT: "unmet/hold"}),
    (
        "sent since the sixth visit",
        "lni",
        {**SEVEN_LNI, "progress_reports": SENT},
        {REPORT: "met/none"},
    ),
    (
        "visit 7 on without improvement: hold",
        "lni",
        {**SEVEN_LNI, "progress_reports": [{**SENT[0], "improvement": False}]},
        {REPORT: "unmet/hold"},
    ),
    (
        "one month: in time on its day",
        "lni",
        {"visits": visits("lni", "11-01")},
        {REPORT: "due/none", f"due {REPORT}": "2026-12-01"},
    ),
    ("one month: passed", "lni", {"visits": visits("lni", "10-31")}, {REPORT: "unmet/hold"}),
    (
        "V… crime victims: hold",
        "lni",
        {"coverages.0.claim.number": "V123456"},
        {"claim": "unmet/hold"},
    ),
    (
        "closing day is payable",
        "lni",
        {"coverages.0.claim.status": "closed", "coverages.0.claim.closed_on": "2026-12-08"},
        {"claim": "met/none"},
    ),
    (
        "closed before: block",
        "lni",
        {"coverages.0.claim.status": "closed", "coverages.0.claim.closed_on": "2026-12-07"},
        {"claim": "unmet/block", "self_pay_offered": False},
    ),
    (
        "three years, last day",
        "pip",
        {"coverages.0.claim.date_of_injury": "2023-12-08"},
        {"claim": "met/none"},
    ),
    (
        "three years past: block",
        "pip",
        {"coverages.0.claim.date_of_injury": "2023-12-07"},
        {"claim": "unmet/block", "self_pay_offered": True},
    ),
    ("exhausted: hold", "pip", {"coverages.0.claim.status": "exhausted"}, {"claim": "unmet/hold"}),
    (
        "accepted_diagnoses empty: hold",
        "pip",
        {"coverages.0.claim.accepted_diagnoses": []},
        {"outcome": "hold"},
    ),
    (
        "LNI out of network: hold, claim",
        "lni",
        {"clinic.network.lni": OUT},
        {"network": "unmet/hold", "route": "claim", "payment_at_visit": False},
    ),
    (
        "LNI self-pay named: hold",
        "lni",
        {"booking.self_pay": True},
        {"outcome": "hold", "route": None, "self_pay_offered": False},
    ),
    (
        "out of network",
        "uhc",
        {"clinic.network.uhc": OUT},
        {"route": "superbill", "payment_at_visit": True},
    ),
    (
        "network unknown: hold, null",
        "uhc",
        {"clinic.network": {}},
        {"network": "unknown/hold", "route": None},
    ),
    (
        "alias as network key",
        "kaiser",
        {"clinic.network": {"Group Health": OUT}},
        {"route": "superbill"},
    ),
    (
        "two primaries unnamed",
        "uhc",
        {"booking.payer": ..., "coverages.1": {"payer": "aetna", "position": "primary"}},
        {"coverage": "unknown/hold", "outcome": "hold", "route": None},
    ),
    (
        "same day, out of network: warn",
        "uhc",
        {
            "clinic.network.uhc": OUT,
            "upcoming": [
                {
                    "start": "2026-12-09T04:00:00+00:00",
                    "payer": "aetna",
                    "modality": "chiropractic",
                    "provider": "other",
                }
            ],
        },
        {"same-day-care": "unmet/warn", "outcome": "allow"},
    ),
    ("limit reached: block", "uhc", {"coverages.0.visits_used": 24}, {"benefit": "unmet/block"}),
    (
        "missing limit warns",
        "uhc",
        {"coverages.0.visit_limit": ...},
        {"benefit": "unknown/warn", "outcome": "allow"},
    ),
    (
        "intake missing: hold, due",
        "uhc",
        {"patient": ...},
        {"due intake": "2026-12-04", "outcome": "hold"},
    ),
]
