"""The rules of one Regence booking as a decision model of zen-engine.

A table for each requirement says how it stands, what that costs and by which rule; the first row
whose condition holds is the answer. The model goes as far as the variants in ``facts`` do: it knows
one payer and one prescription, looks no code up, names no actions and isolates nothing. Its texts,
where it is given any, are fixed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zen import ZenDecisionContent, ZenEngine

from .facts import Facts
from .jdm import Model

PRIOR = "prior-authorization"
#: By key, status, effect and rule: message, remedy, text for the client and source.
Texts = Mapping[tuple[str, str, int, str], tuple[str, str, str, str]]
Row = tuple[str, str, int, str]
NO_TEXTS: Texts = {}


def _day(path: str) -> str:
    return f"({path} == null ? null : date({path}) / 86400)"


def _local_day(path: str) -> str:
    return f"date(d({path}, zone).format('%Y-%m-%d')) / 86400"


def _within(item: str, day: str) -> str:
    since, until = f"{item}.from", f"{item}.to"
    starts = f"({since} == null or {_day(since)} <= {day})"
    return f"{starts} and ({until} == null or {_day(until)} >= {day})"


_MASSAGE = "(#.modality == null or #.modality == 'massage')"
_HERE = "(#.provider == null or #.provider == 'this-clinic')"
_ELSEWHERE = f"(not({_HERE}) and #.payer != null)"
_REGENCE = "['regence', 'regence blueshield', 'regence blue shield', 'regence bcbs']"
#: The 90-day chain begins on the latest day with nothing in the 90 days before it.
_ALL_DAYS = "flatten([own_days, [service_day]])"
_CHAIN = f"filter({_ALL_DAYS} as a, none(own_days as b, b < a and b >= a - 90))"

_BASIC = {
    "zone": "clinic.timezone",
    "payer": f"lower(booking.payer) in {_REGENCE} ? 'regence' : null",
    "coverage": f"filter(coverages, lower(#.payer) in {_REGENCE})[0]",
    "rx": "prescriptions[0]",
}
_DAYS = {
    "service_day": _local_day("booking.start"),
    "today": _local_day("as_of"),
    "start_at": "date(booking.start)",
    "rx_signed": _day("rx.signed_on"),
    "rx_received": _day("rx.received_on"),
}
_COUNTS = {
    "network": f"filter(clinic.network.regence, {_within('#', 'service_day')})[0].status",
    "due_day": "service_day - clinic.prescription_lead_days",
    "rx_end": "rx_signed + rx.duration.count * "
    "(rx.duration.unit == 'week' ? 7 : rx.duration.unit == 'month' ? 30 : 1)",
    "codes": "map(rx.diagnoses, split(#, '.')[0] + (split(#, '.')[1] ?? ''))",
    "done": f"filter(visits, {_MASSAGE} and {_day('#.on')} <= service_day)",
    "booked": f"filter(upcoming, {_MASSAGE} and date(#.start) <= start_at)",
    "other_care": f"some(visits, {_day('#.on')} == service_day and {_ELSEWHERE}) or "
    f"some(upcoming, {_local_day('#.start')} == service_day and {_ELSEWHERE})",
}
_OWN = {
    "here_days": f"flatten([map(filter(done, {_HERE}), {_day('#.on')}), "
    f"map(filter(booked, {_HERE}), {_local_day('#.start')})])",
    "own_days": f"flatten([map(filter(done, {_HERE} and #.payer == payer), {_day('#.on')}), "
    f"map(filter(booked, {_HERE} and #.payer == payer), {_local_day('#.start')})])",
    "own_booked": f"len(filter(booked, {_HERE} and #.payer == payer))",
}
_EPISODE = {
    "first_day": f"max({_CHAIN})",
    "number": f"len(filter(own_days, # >= max({_CHAIN}))) + 1",
    "rx_used": "len(filter(here_days, # >= rx_signed))",
    "mine": "filter(authorizations, #.payer == payer and #.status != 'void')",
}
_PAPERS = {
    "live": f"filter(mine, #.kind == '{PRIOR}' and (#.to == null or {_day('#.to')} >= first_day))",
    "by_clinic": "some(mine, #.kind == 'clinic-approval' and #.status == 'approved')",
}
_COVERING = {
    "covering": "filter(live, #.status == 'approved' and #.visits != null and "
    f"{_within('#', 'service_day')})",
    "asked": "some(live, #.status in ['requested', 'pended'])",
}
_SPENT = {
    "approved": "sum(map(covering, #.visits))",
    "spent": f"len(filter(own_days as day, some(covering as a, {_within('a', 'day')})))",
}
STEPS = (_BASIC, _DAYS, _COUNTS, _OWN, _EPISODE, _PAPERS, _COVERING, _SPENT)

_PAID = (
    "['M541', 'M542', 'M543', 'M544', 'M545', 'M546', 'M5481', 'M5489', 'M549', 'M255', 'M791', "
    "'M796', 'M797', 'M62830', 'M62838', 'M2662', 'G442', 'G4486', 'S161', 'S134', 'S335']"
)
_PRESCRIBER = (
    "upper(rx.prescriber.credential) in ['MD', 'DO', 'ND', 'DC', 'DPM', 'PA', 'PA-C', 'ARNP', 'NP']"
    " and rx.prescriber.state == 'WA' and matches(rx.prescriber.npi, '^[12][0-9]{9}$')"
)
#: By requirement: when it is met, and the rule; otherwise it holds.
MET = {
    "coverage": ("coverage.staff_confirmed == true", "CP-COVERAGE"),
    "network": ("network in ['in', 'out']", "NET-08"),
    "intake": ("patient.intake_received == true", "RX-08"),
    "clinic-approval": ("by_clinic", "NET-10"),
    "same-day-care": ("not(other_care)", "BK-01"),
    "benefit": ("coverage.visits_used + own_booked < coverage.visit_limit", "NET-12"),
    "cost-share": (
        "coverage.cost_share.copay != null and patient.acknowledged_on != null",
        "NET-12",
    ),
    "prescription": ("rx != null", "RX-05"),
    "prescription.signature": ("rx.signed == true", "CP-SIGNATURE"),
    "prescription.diagnosis": ("len(codes) > 0", "RX-01"),
    "prescription.frequency": ("rx.frequency.times != null", "RX-01"),
    "prescription.duration": ("rx.duration.count != null", "RX-01"),
    "prescription.prescriber": (_PRESCRIBER, "OQ-6"),
    "prescription.current": ("service_day <= rx_end and service_day <= rx_signed + 90", "OQ-9"),
    "prescription.visits": ("rx_used < rx.visits", "OQ-9"),
    "prescription.lead-time": ("rx_received <= due_day", "RX-07"),
    "diagnosis.reimbursable": (f"some(codes as c, some({_PAID} as p, startsWith(c, p)))", "DX-01"),
    "medical-necessity": ("rx.purpose == 'rehabilitation' and rx.pain == true", "REG-08"),
}
RULES: dict[str, tuple[Row, ...]] = {
    **{k: ((when, "met", 0, rule), ("", "unmet", 2, rule)) for k, (when, rule) in MET.items()},
    PRIOR: (
        ("exempt != null", "waived", 0, "REG-03"),
        ("len(covering) > 0 and spent < approved", "met", 0, "REG-03"),
        ("number == 1", "due", 0, "REG-03"),
        ("asked", "unmet", 2, "REG-03"),
        ("len(covering) > 0", "unmet", 3, "REG-05"),
        ("today > first_day + 7", "unmet", 3, "REG-03"),
        ("", "unmet", 2, "REG-03"),
    ),
}
EXEMPT = {
    "EX-01": "['boeing', 'the boeing company']",
    "EX-04": "['kingcare', 'king county', 'regence king county']",
    "EX-07": "['uniform medical plan', 'ump', 'regence uniform', 'ump classic', 'ump select']",
    "EX-08": "['federal employee plan', 'federal employee program', 'fep']",
}


def build(texts: Texts = NO_TEXTS) -> str:
    """The model as JSON, with texts in its answers, as columns of its tables would have them."""
    model, last = Model(), "input"
    for number, step in enumerate(STEPS):
        last = model.expressions(f"step-{number}", [last], step)
    plans = [(f"lower(coverage.plan) in {plans}", f"'{rule}'") for rule, plans in EXEMPT.items()]
    table = model.table("t-exempt", last, ("",), "exempt", plans)
    last = model.expressions("exemption", [last, table], {"exempt": "exempt"})
    ends = [
        model.table(f"t-{number}", last, ("",), f"says_{number}", _rows(key, rows, texts))
        for number, (key, rows) in enumerate(RULES.items())
    ]
    listed = ", ".join(f"says_{number}" for number in range(len(RULES)))
    gate = {
        "requirements": f"filter([{listed}], # != null)",
        "outcome": "['allow', 'allow', 'hold', 'block'][max(map($.requirements, #.effect))]",
        "waivers": "filter([exempt], # != null)",
        "visit_number": "number",
    }
    return model.text(model.expressions("gate", [last, *ends], gate, keep=False))


def _rows(key: str, rows: tuple[Row, ...], texts: Texts) -> list[tuple[str, str]]:
    return [(row[0], _say(key, *row[1:], texts)) for row in rows]


def _say(key: str, status: str, effect: int, rule: str, texts: Texts) -> str:
    said = texts.get((key, status, effect, rule), ())
    names = ("message", "remedy", "patient_message", "source")
    more = "".join(f", {name}: '{_quoted(text)}'" for name, text in zip(names, said, strict=False))
    return f"{{key: '{key}', status: '{status}', effect: {effect}, rule: '{rule}'{more}}}"


def _quoted(text: str) -> str:
    plain = text.replace("'", "`").replace('"', "``").replace("\\", "/")
    return json.dumps(plain, ensure_ascii=False)[1:-1]


class ZenModel:
    """The model, loaded and compiled once."""

    def __init__(self, texts: Texts = NO_TEXTS) -> None:
        engine = ZenEngine({"loader": {"type": "static", "content": {}}})
        self._decision = engine.create_decision(ZenDecisionContent(build(texts)))
        self._decision.validate()

    def decide(self, facts: Facts) -> dict[str, Any]:
        """The answer to one booking's facts."""
        return self._decision.evaluate(facts)["result"]
