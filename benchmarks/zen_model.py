"""The rules of one Regence booking as a decision model of zen-engine.

The model says for each requirement how it stands, what that costs and by which rule, and the
outcome. It is smaller than what the bridge answers: it knows one payer and one prescription, looks
no code up, names no actions and isolates nothing; its texts, where it is given any, are fixed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from zen import ZenDecisionContent, ZenEngine

from .facts import Facts
from .jdm import Model
from .zen_facts import Read, as_text, authorizations, basic, counts
from .zen_tables import NONE, PRESCRIPTION, STANDING, Table, say

PRIOR = "prior-authorization"
#: By key, status, effect and rule: message, remedy, text for the client and source.
Texts = Mapping[tuple[str, str, str, str], tuple[str, str, str, str]]
NO_TEXTS: Texts = {}

_STATE = Table(
    ("",),
    "pa_state",
    (
        ("(authorizations == null or not(counted)) and not_required", "'not-required'"),
        ("authorizations == null or not(counted)", "'unknown'"),
        ("len(covering) > 0 and spent < approved", "'covered'"),
        ("not_required", "'not-required'"),
        ("incomplete", "'incomplete'"),
        ("newer_ask", "'asked'"),
        ("len(denials) > 0", "'denied'"),
        ("len(covering) > 0", "'used-up'"),
        ("len(approvals) > 0", "'uncovered'"),
        ("", "'none'"),
    ),
)
_LATE = "today > first_day + 7"
_PRIOR = Table(
    ("pa_state", "by_law", ""),
    "pa_says",
    (
        ("'covered', 'not-required'", "", "", say(PRIOR, "met", 0, "REG-03")),
        (
            "not($ in ['denied'])",
            "",
            "number == 1 and len(denials) == 0",
            say(PRIOR, "due", 0, "REG-03"),
        ),
        ("'none'", "true", "", say(PRIOR, "unmet", 3, "REG-20")),
        ("'none'", "", _LATE, say(PRIOR, "unmet", 3, "REG-03")),
        ("'none'", "", "", say(PRIOR, "unmet", 2, "REG-03")),
        ("'unknown', 'incomplete'", "true", "", say(PRIOR, "unknown", 2, "REG-20")),
        ("'unknown', 'incomplete'", "", "", say(PRIOR, "unknown", 2, "REG-03")),
        ("'asked'", "true", "", say(PRIOR, "unmet", 2, "REG-20")),
        ("'asked'", "", "", say(PRIOR, "unmet", 2, "REG-03")),
        ("'used-up'", "", "", say(PRIOR, "unmet", 3, "REG-05")),
        ("", "true", "", say(PRIOR, "unmet", 3, "REG-20")),
        ("", "", "", say(PRIOR, "unmet", 3, "REG-03")),
    ),
)

_PLANS = (
    ("EX-01", "'boeing', 'the boeing company'"),
    ("EX-02", "'medigap', 'regence medigap', 'medicare supplement'"),
    ("EX-03", "'kent fire', 'kent fire department'"),
    ("EX-04", "'kingcare', 'king county', 'regence king county'"),
    ("EX-05", "'pierce county'"),
    ("EX-06", "'city of tacoma'"),
    ("EX-07", "'uniform medical plan', 'ump', 'regence uniform', 'ump classic', 'ump select'"),
    ("EX-08", "'federal employee plan', 'federal employee program', 'fep'"),
    ("EX-10", "'rga', 'regence group administrators', 'hma', 'health management administrators'"),
    ("EX-11", "'bluecard'"),
)


def _waive(rule: str, strength: str) -> str:
    return f"{{rule: '{rule}', strength: '{strength}'}}"


def _mentions(names: str) -> str:
    return f"some([{names}] as name, contains($, name))"


_EXEMPT = Table(
    ("coverage.position", "lower(coverage.plan ?? '')", "coverage.group_number", "confirmed"),
    "exempt",
    (
        ("'secondary'", "", "", "true", _waive("EX-09", "firm")),
        ("'secondary'", "", "", "", _waive("EX-09", "doubtful")),
        ("", "", "'10016119'", "", NONE),
        ("", "'awc trust', 'awc employee benefit trust'", "null", "", _waive("EX-12", "doubtful")),
        ("", "'awc trust', 'awc employee benefit trust'", "", "true", _waive("EX-12", "firm")),
        *(("", names, "", "true", _waive(rule, "firm")) for rule, names in _PLANS),
        *(("", _mentions(names), "", "", _waive(rule, "doubtful")) for rule, names in _PLANS),
        ("", _mentions("'awc'"), "", "", _waive("EX-12", "doubtful")),
    ),
)
_LAW = Table(
    (
        "coverage.funding == 'fully_insured' and confirmed and counted",
        "service_day",
        "chain_number",
        "network",
    ),
    "law",
    (
        ("true", "< 17689", "<= 1", "'in'", _waive("LAW-00", "firm")),
        ("true", "[17689..18423]", "<= 6", "'in'", _waive("LAW-01", "firm")),
        ("true", "> 18423", "<= 6", "'in'", _waive("LAW-03", "firm")),
        ("true", "", "<= 6", "null", _waive("LAW-03", "doubtful")),
    ),
)

_ON_COVERAGE = ("coverage_says", "benefit_says")
_ON_PRESCRIPTION = tuple(table.output for table in PRESCRIPTION.values())
_APART = ("network_says", "intake_says", "same_day_says", "cost_share_says", "clinic_says")


def _hearsay(items: str, sure: str) -> str:
    """Met becomes unknown and a block a hold while a fact is the patient's word."""
    weak = (
        "#.status == 'met' ? {key: #.key, status: 'unknown', effect: 2, rule: #.rule} : "
        "#.effect == 3 ? {key: #.key, status: #.status, effect: 2, rule: #.rule} : #"
    )
    return f"{sure} ? {items} : map({items}, {weak})"


def _gate() -> dict[str, str]:
    """Waivers applied, what nobody confirmed weakened, the strictest effect."""
    firm = "exempt.strength == 'firm' or law.strength == 'firm'"
    doubtful = "exempt.strength == 'doubtful' or law.strength == 'doubtful'"
    prior = "filter([pa_says], # != null)"
    waived = "{key: pa_says.key, status: 'waived', effect: 0, rule: pa_says.rule}"
    doubted = (
        "map($.heard, #.status == 'unmet' ? {key: #.key, status: 'unknown', "
        "effect: min([#.effect, 2]), rule: #.rule} : #)"
    )
    listed = ", ".join(_ON_PRESCRIPTION)
    return {
        "heard": _hearsay(prior, "confirmed"),
        "prior": f"({firm}) ? [{waived}] : ({doubtful}) ? {doubted} : $.heard",
        "insured": _hearsay(f"[{', '.join(_ON_COVERAGE)}]", "confirmed"),
        "written": _hearsay(
            f"filter([{listed}], # != null)", "(rx == null or rx.staff_confirmed == true)"
        ),
        "requirements": f"flatten([filter([{', '.join(_APART)}], # != null), $.insured, "
        "$.written, $.prior])",
        "outcome": "['allow', 'allow', 'hold', 'block'][max(map($.requirements, #.effect))]",
        "waivers": "filter([exempt, law], # != null)",
        "visit_number": "number",
    }


def build(read: Read = as_text) -> str:
    """The model as JSON; ``read`` tells how days stand in the facts."""
    model = Model()
    last = model.expressions("basic", ["input"], basic(read))
    last = model.expressions("counts", [last], counts(read))
    last = model.expressions("authorizations", [last], authorizations(read))
    state = model.table("t-state", last, *_STATE)
    both = model.expressions("state", [last, state], {"pa_state": "pa_state"})
    ends = [model.table(name, last, *table) for name, table in (STANDING | PRESCRIPTION).items()]
    ends.append(model.table("t-prior", both, *_PRIOR))
    ends.append(model.table("t-exempt", last, *_EXEMPT))
    ends.append(model.table("t-law", last, *_LAW))
    gate = model.expressions("gate", [last, *ends], _gate(), keep=False)
    answer = {name: name for name in ("outcome", "visit_number", "requirements", "waivers")}
    return model.text(model.expressions("answer", [gate], answer, keep=False))


_SAID = re.compile(r"\{key: '([^']+)', status: '([^']+)', effect: (\d), rule: '([^']+)'\}")


def _with_texts(model: str, texts: Texts) -> str:
    """The model with the texts in its answers, as columns of its tables would have them."""

    def add(match: re.Match[str]) -> str:
        key, status, effect, rule = match.groups()
        said = texts.get((key, status, effect, rule))
        if said is None:
            return match[0]
        named = zip(("message", "remedy", "patient_message", "source"), said, strict=True)
        more = ", ".join(f"{name}: '{_quoted(text)}'" for name, text in named)
        return f"{match[0][:-1]}, {more}}}"

    return _SAID.sub(add, model)


def _quoted(text: str) -> str:
    plain = text.replace("'", "`").replace('"', "``").replace("\\", "/")
    return json.dumps(plain, ensure_ascii=False)[1:-1]


class ZenModel:
    """The model, loaded and compiled once."""

    def __init__(self, read: Read = as_text, texts: Texts = NO_TEXTS) -> None:
        content = ZenDecisionContent(_with_texts(build(read), texts))
        engine = ZenEngine({"loader": {"type": "static", "content": {}}})
        self._decision = engine.create_decision(content)
        self._decision.validate()

    def decide(self, facts: Facts) -> dict[str, Any]:
        """The answer to one booking's facts."""
        return self._decision.evaluate(facts)["result"]
