"""Rows about counting, authorizations and waivers."""

from __future__ import annotations

from .row_parts import (
    PA,
    PAST,
    SELF,
    SEVEN_LNI,
    TWO,
    WHOLE,
    Row,
    auth,
    run,
    visits,
)

AUTHORIZATION_ROWS: list[Row] = [
    (
        "visit 1: due in seven days",
        "regence",
        SELF,
        {PA: "due/none", f"due {PA}": "2026-12-15", "outcome": "allow", "visit_number": 1},
    ),
    ("within the 7 days: hold", "regence", TWO, {PA: "unmet/hold", f"due {PA}": "2026-12-04"}),
    (
        "the last day counts as in time",
        "regence",
        {**TWO, "as_of": "2026-12-04T23:59:00-08:00"},
        {PA: "unmet/hold"},
    ),
    ("7 days passed: block", "regence", PAST, {PA: "unmet/block"}),
    (
        "requested: hold",
        "regence",
        {**PAST, "authorizations": auth(PA, "requested")},
        {PA: "unmet/hold"},
    ),
    (
        "void is as none",
        "regence",
        {**PAST, "authorizations": auth(PA, "void")},
        {PA: "unmet/block"},
    ),
    (
        "denial blocks visit 1",
        "regence",
        {**SELF, "authorizations": auth(PA, "denied")},
        {PA: "unmet/block"},
    ),
    (
        "dates do not cover: block",
        "regence",
        {
            **PAST,
            "authorizations": auth(PA, visits=4, **{"from": "2026-11-01", "to": "2026-12-07"}),
        },
        {PA: "unmet/block"},
    ),
    (
        "approved without visits: hold",
        "regence",
        {**PAST, "authorizations": auth(PA, **{"from": "2026-11-01", "to": "2027-03-01"})},
        {PA: "unmet/hold"},
    ),
    (
        "approval outweighs a later denial",
        "regence",
        {
            **PAST,
            "authorizations": auth(PA, **WHOLE) + auth(PA, "denied", requested_on="2026-11-30"),
        },
        {PA: "met/none"},
    ),
    (
        "denial with a newer request: hold",
        "regence",
        {
            **PAST,
            "authorizations": auth(PA, "denied", requested_on="2026-11-21")
            + auth(PA, "pended", requested_on="2026-11-21"),
        },
        {PA: "unmet/hold"},
    ),
    (
        "not-required makes it met",
        "regence",
        {**PAST, "authorizations": auth("not-required", number="1")},
        {PA: "met/none"},
    ),
    (
        "exempt, confirmed: waived",
        "regence",
        {**PAST, "coverages.0.plan": "KING care"},
        {PA: "waived/none"},
    ),
    (
        "exempt, not confirmed: hold",
        "regence",
        {**PAST, "coverages.0.plan": "FEP", "coverages.0.staff_confirmed": False},
        {PA: "unknown/hold", "outcome": "hold"},
    ),
    (
        "exempt name within: doubtful",
        "regence",
        {**PAST, "coverages.0.plan": "UMP Plus"},
        {PA: "unknown/hold"},
    ),
    (
        "ASO alone exempts nobody",
        "regence",
        {**PAST, "coverages.0.plan": "Acme ASO"},
        {PA: "unmet/block"},
    ),
    (
        "secondary: EX-09, its group notwithstanding",
        "regence",
        {**PAST, "coverages.0.position": "secondary", "coverages.0.group_number": "10016119"},
        {PA: "waived/none"},
    ),
    (
        "AWC without a group: doubtful",
        "regence",
        {**PAST, "coverages.0.plan": "AWC Trust", "coverages.0.group_number": ...},
        {PA: "unknown/hold"},
    ),
    (
        "law, visit 6",
        "regence",
        {"visits": run("regence", 5)},
        {PA: "waived/none", "visit_number": 6},
    ),
    ("visit 7 without: block", "regence", {"visits": run("regence", 6)}, {PA: "unmet/block"}),
    (
        "other clinics' six use up the law's",
        "regence",
        {"visits": [{**item, "provider": "other"} for item in run("aetna", 6)]},
        {PA: "due/none", "visit_number": 1},
    ),
    ("day 90 continues", "regence", {"visits": visits("regence", "09-09")}, {"visit_number": 2}),
    ("day 91 does not", "regence", {"visits": visits("regence", "09-08")}, {"visit_number": 1}),
    ("unknown funding gives no waiver", "kaiser", {"coverages.0.funding": ...}, {PA: "unmet/hold"}),
    (
        "Premera from visit 7 blocks",
        "premera",
        {**SELF, "visits": run("premera", 6)},
        {PA: "unmet/block"},
    ),
    ("Premera before visit 7", "premera", {**SELF, "visits": run("premera", 5)}, {PA: "-"}),
    ("others none", "cigna", {**SELF, "visits": run("cigna", 8)}, {PA: "-", "outcome": "allow"}),
    (
        "always: missing holds",
        "cigna",
        {"clinic.prior_approval": "always"},
        {"clinic-approval": "unmet/hold"},
    ),
    (
        "always: denied blocks",
        "cigna",
        {
            "clinic.prior_approval": "always",
            "authorizations": auth("clinic-approval", "denied", "cigna"),
        },
        {"clinic-approval": "unmet/block"},
    ),
    ("LNI 7 without the form", "lni", SEVEN_LNI, {PA: "unmet/block", "self_pay_offered": False}),
    (
        "a form without visits and dates",
        "lni",
        {**SEVEN_LNI, "authorizations": auth("lni-f245-417", payer="lni")},
        {PA: "met/none"},
    ),
    (
        "13+: the form counts no more",
        "lni",
        {"visits": run("lni", 12), "authorizations": auth("lni-f245-417", payer="lni")},
        {PA: "unmet/block", "visit_number": 13},
    ),
]
