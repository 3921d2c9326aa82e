"""The decision tables of the model: one for each requirement and each kind of waiver.

An answer is ``{key, status, effect, rule}``; the effect as its rank, 0 none to 3 block. Texts for
staff and clients are left out.
"""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """Inputs, name of the output, and rows: one cell per input, then the output."""

    inputs: tuple[str, ...]
    output: str
    rows: tuple[tuple[str, ...], ...]


def say(key: str, status: str, effect: int, rule: str) -> str:
    return f"{{key: '{key}', status: '{status}', effect: {effect}, rule: '{rule}'}}"


NONE = "null"
_NO_RX = ("rx == null", NONE)


def _if(key: str, output: str, *rows: tuple[str, str, int, str]) -> Table:
    """Whole conditions in one column; an empty one is the rest."""
    cells = [(when, say(key, status, effect, rule)) for when, status, effect, rule in rows]
    return Table(("",), output, tuple(cells))


def _if_rx(key: str, output: str, *rows: tuple[str, str, int, str]) -> Table:
    """As above, where there is a prescription at all."""
    made = _if(key, output, *rows)
    return made._replace(rows=(_NO_RX, *made.rows))


_PAIN = (
    "['M541', 'M542', 'M543', 'M544', 'M545', 'M546', 'M5481', 'M5489', 'M549', 'M255', 'M791', "
    "'M796', 'M797', 'M62830', 'M62838', 'M2662', 'G442', 'G4486']"
)
_STRAIN = (
    "['S161', 'S2901', 'S39011', 'S39012', 'S39013', 'S4601', 'S4611', 'S4621', 'S4631', 'S4681', "
    "'S4691', 'S5601', 'S5611', 'S5621', 'S5631', 'S5641', 'S5651', 'S5681', 'S5691', 'S6601', "
    "'S7601', 'S7611', 'S7621', 'S7631', 'S7681', 'S7691', 'S8601', 'S8611', 'S8621', 'S8631', "
    "'S8681', 'S8691', 'S9601', 'S9611', 'S9621', 'S9681', 'S9691']"
)
_SPRAIN = (
    "['S134', 'S138', 'S139', 'S233', 'S2341', 'S238', 'S239', 'S335', 'S336', 'S338', 'S339', "
    "'S434', 'S435', 'S436', 'S534', 'S635', 'S731', 'S834', 'S835', 'S836', 'S837', 'S838', "
    "'S839', 'S934', 'S936', 'M751', 'S832']"
)
_NEVER = "['Z0000', 'Z5189', 'Z71', 'Z72', 'Z73', 'F', 'R', 'V', 'W', 'X', 'Y']"


def _listed(prefixes: str) -> str:
    return f"some(codes as c, some({prefixes} as p, startsWith(c, p)))"


_SHARE_KNOWN = (
    "patient.acknowledged_on != null and (coverage.cost_share.copay != null or "
    "coverage.cost_share.coinsurance_percent != null or coverage.cost_share.deductible != null)"
)

STANDING = {
    "t-coverage": _if(
        "coverage",
        "coverage_says",
        ("payer != null and coverage != null", "met", 0, "CP-COVERAGE"),
        ("", "unknown", 2, "CP-COVERAGE"),
    ),
    "t-network": Table(
        ("network",),
        "network_says",
        (
            ("'in'", say("network", "met", 0, "NET-08")),
            ("'out'", say("network", "met", 0, "NET-08")),
            ("", say("network", "unknown", 2, "NET-08")),
        ),
    ),
    "t-intake": Table(
        ("patient.intake_received",),
        "intake_says",
        (
            ("true", say("intake", "met", 0, "RX-08")),
            ("false", say("intake", "unmet", 2, "RX-08")),
            ("", say("intake", "unknown", 2, "RX-08")),
        ),
    ),
    "t-same-day": _if(
        "same-day-care",
        "same_day_says",
        ("other_care and network == 'in'", "unmet", 2, "BK-01"),
        ("other_care", "unmet", 1, "BK-01"),
        ("counted", "met", 0, "BK-01"),
        ("network == 'in'", "unknown", 2, "BK-01"),
        ("", "unknown", 1, "BK-01"),
    ),
    "t-benefit": _if(
        "benefit",
        "benefit_says",
        (
            "coverage.visit_limit == null or coverage.visits_used == null",
            "unknown",
            1,
            "NET-12",
        ),
        (
            "upcoming == null and coverage.visits_used < coverage.visit_limit",
            "unknown",
            2,
            "NET-12",
        ),
        (
            "coverage.visits_used + own_booked >= coverage.visit_limit",
            "unmet",
            3,
            "NET-12",
        ),
        ("", "met", 0, "NET-12"),
    ),
    "t-cost-share": _if(
        "cost-share",
        "cost_share_says",
        (
            _SHARE_KNOWN,
            "met",
            0,
            "NET-12",
        ),
        ("", "unknown", 1, "NET-12"),
    ),
    "t-clinic-approval": Table(
        ("",),
        "clinic_says",
        (
            ("clinic.prior_approval != 'always'", NONE),
            ("authorizations == null", say("clinic-approval", "unknown", 2, "NET-10")),
            (
                "some(clinic_answers, #.status == 'approved')",
                say("clinic-approval", "met", 0, "NET-10"),
            ),
            (
                "some(clinic_answers, #.status == 'denied')",
                say("clinic-approval", "unmet", 3, "NET-10"),
            ),
            ("", say("clinic-approval", "unmet", 2, "NET-10")),
        ),
    ),
}

PRESCRIPTION = {
    "t-prescription": Table(
        ("",),
        "rx_says",
        (
            ("prescriptions == null", say("prescription", "unknown", 2, "RX-05")),
            ("rx != null", say("prescription", "met", 0, "RX-05")),
            ("today > due_day", say("prescription", "unmet", 3, "RX-05")),
            ("", say("prescription", "unmet", 2, "RX-05")),
        ),
    ),
    "t-signature": _if_rx(
        "prescription.signature",
        "rx_signature",
        ("rx.signed == true", "met", 0, "CP-SIGNATURE"),
        ("rx.signed == false", "unmet", 2, "CP-SIGNATURE"),
        ("", "unknown", 2, "CP-SIGNATURE"),
    ),
    "t-diagnosis": _if_rx(
        "prescription.diagnosis",
        "rx_diagnosis",
        ("len(codes) == 0", "unmet", 2, "RX-01"),
        ("", "met", 0, "RX-01"),
    ),
    "t-reimbursable": Table(
        ("",),
        "rx_reimbursable",
        (
            _NO_RX,
            ("len(codes) == 0", NONE),
            (_listed(_PAIN), say("diagnosis.reimbursable", "met", 0, "DX-01")),
            (_listed(_STRAIN), say("diagnosis.reimbursable", "met", 0, "DX-01")),
            (_listed(_SPRAIN), say("diagnosis.reimbursable", "met", 0, "DX-01")),
            (_listed(_NEVER), say("diagnosis.reimbursable", "unmet", 3, "DX-01")),
            ("", say("diagnosis.reimbursable", "unknown", 2, "DX-01")),
        ),
    ),
    "t-frequency": _if_rx(
        "prescription.frequency",
        "rx_frequency",
        ("rx.frequency.times != null and rx.frequency.per != null", "met", 0, "RX-01"),
        ("", "unmet", 2, "RX-01"),
    ),
    "t-duration": _if_rx(
        "prescription.duration",
        "rx_duration",
        ("rx.duration.count != null and rx.duration.unit != null", "met", 0, "RX-01"),
        ("", "unmet", 2, "RX-01"),
    ),
    "t-prescriber": Table(
        ("rx == null", "credential", "state", "rx.prescriber.npi ?? ''"),
        "rx_prescriber",
        (
            ("true", "", "", "", NONE),
            (
                "",
                "'MD', 'DO', 'ND', 'DC', 'DPM', 'PA', 'PA-C', 'ARNP', 'NP'",
                "'WA', 'WASHINGTON'",
                "matches($, '^[12][0-9]{9}$')",
                say("prescription.prescriber", "met", 0, "OQ-6"),
            ),
            ("", "''", "", "", say("prescription.prescriber", "unknown", 2, "OQ-6")),
            ("", "", "''", "", say("prescription.prescriber", "unknown", 2, "OQ-6")),
            ("", "", "", "''", say("prescription.prescriber", "unknown", 2, "OQ-6")),
            ("", "", "", "", say("prescription.prescriber", "unmet", 2, "OQ-6")),
        ),
    ),
    "t-current": _if_rx(
        "prescription.current",
        "rx_current",
        ("rx_end != null and service_day > rx_end", "unmet", 3, "OQ-9"),
        ("rx_signed != null and service_day < rx_signed", "unmet", 2, "OQ-9"),
        ("rx_signed != null and service_day > rx_signed + 90", "unmet", 2, "OQ-9"),
        ("rx_end == null", "unknown", 2, "OQ-9"),
        ("", "met", 0, "OQ-9"),
    ),
    "t-visits": _if_rx(
        "prescription.visits",
        "rx_visits",
        ("rx_ordered != null and rx_used != null and rx_used >= rx_ordered", "unmet", 3, "OQ-9"),
        ("rx_ordered == null or rx_used == null or not(counted)", "unknown", 2, "OQ-9"),
        ("", "met", 0, "OQ-9"),
    ),
    "t-lead-time": _if_rx(
        "prescription.lead-time",
        "rx_lead_time",
        ("rx_received == null", "unknown", 1, "RX-07"),
        ("rx_received > due_day", "unmet", 1, "RX-07"),
        ("", "met", 0, "RX-07"),
    ),
    "t-necessity": _if_rx(
        "medical-necessity",
        "rx_necessity",
        ("rx.pain == false or rx.loss_of_function == false", "unmet", 3, "REG-08"),
        ("rx.purpose in ['maintenance', 'relaxation']", "unmet", 3, "DX-02"),
        ("rx.pain == null or rx.loss_of_function == null", "unknown", 2, "REG-08"),
        ("rx.purpose == null", "unknown", 2, "DX-02"),
        ("", "met", 0, "REG-08"),
    ),
}
