"""Diagnosis codes: whether they are valid, and whether massage is paid for them (DX-01)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ..api import Case, Prescription, Requirement, Rule, look_up_diagnosis, share_category

CLASSES = (
    ("reimbursable", ("pain", "strain", "sprain", "tear", "paid_for")),
    ("aftercare", ("aftercare",)),
    ("secondary", ("secondary_only",)),
    ("ask", ("ask_staff",)),
    ("not-reimbursable", ("not_reimbursable",)),
)


def diagnosis(case: Case, rx: Prescription) -> list[Requirement]:
    """``prescription.diagnosis`` and ``diagnosis.reimbursable`` of one prescription."""
    rule = case.rules["RX-01"]
    if not rx.diagnoses:
        return [
            rule.unmet(
                "prescription.diagnosis",
                "hold",
                "The prescription carries no diagnosis code.",
                "Ask the prescriber to add the ICD-10 code.",
                "Your prescription lacks a diagnosis code. Please ask your provider to add it.",
            )
        ]
    found = _judged(case.rules["DX-01"], rx.diagnoses, case.date_of_service)
    return [_codes(rule, found), _reimbursable(case, found)]


class Codes(NamedTuple):
    """A prescription's codes sorted out: all as ``written``, complaints about the ``bad`` ones,
    the ``valid`` ones as they are to be written, the ``good`` ones that massage is paid for.
    ``hopeless``: all are valid and none is ever paid."""

    written: tuple[str, ...]
    bad: tuple[str, ...]
    valid: tuple[str, ...]
    good: tuple[str, ...]
    hopeless: bool


@lru_cache(maxsize=1024)
def _judged(rule: Rule, diagnoses: tuple[str, ...], on: date) -> Codes:
    codes = tuple(sorted(set(diagnoses)))
    looked_up = [look_up_diagnosis(code, on) for code in codes]
    bad = tuple(sorted(found.message for found in looked_up if found.status != "valid"))
    valid = tuple(found.text for found in looked_up if found.status == "valid")
    kinds = {code: classify(rule, code) for code in valid}
    body = any(code.startswith(tuple(rule.values["musculoskeletal"])) for code in valid)
    paid = {"reimbursable", "aftercare"} if body else {"reimbursable"}
    good = tuple(sorted(code for code, kind in kinds.items() if kind in paid))
    refused = bool(valid) and all(kind == "not-reimbursable" for kind in kinds.values())
    return Codes(codes, bad, valid, good, hopeless=refused and not bad)


def _codes(rule: Rule, found: Codes) -> Requirement:
    if not found.bad:
        return rule.met(
            "prescription.diagnosis", f"Diagnosis on the prescription: {', '.join(found.written)}."
        )
    return rule.unmet(
        "prescription.diagnosis",
        "hold",
        " ".join(found.bad),
        "Ask the prescriber for a corrected code; the clinic never edits one itself.",
        "A diagnosis code on your prescription needs a correction by your provider.",
    )


def _reimbursable(case: Case, found: Codes) -> Requirement:
    rule = case.rules["DX-01"]
    key = "diagnosis.reimbursable"
    off = _outside_claim(case, found.valid)
    if off is not None and not found.hopeless:
        return off
    if found.good:
        return rule.met(key, f"Paid for, as far as we know: {', '.join(found.good)}.")
    if found.hopeless:
        return rule.unmet(
            key,
            "block",
            f"As far as we know, insurers do not pay massage for {', '.join(found.valid)} alone.",
            "Ask the prescriber whether another diagnosis was left out.",
            "As far as we know, insurance covers no massage for the diagnosis you were given.",
        )
    shown = ", ".join(found.valid) or "no valid code"
    return rule.unknown(
        key,
        f"Nothing says that massage is paid for this diagnosis ({shown}).",
        "Ask the plan whether massage is paid for it, or the prescriber for a main diagnosis.",
        "We are checking if your insurance covers massage for your diagnosis.",
    )


def _outside_claim(case: Case, codes: tuple[str, ...]) -> Requirement | None:
    """DX-03: what the claim accepts and what is prescribed must share a category."""
    claim = case.coverage.claim if case.coverage else None
    bound = case.payer is not None and case.payer.accepted_diagnoses_bind
    if claim is None or claim.accepted_diagnoses is None or not bound:
        return None
    rule = case.rules["DX-03"]
    if share_category(case, claim.accepted_diagnoses, codes):
        return None
    listed = ", ".join(sorted(set(claim.accepted_diagnoses))) or "none"
    return rule.unmet(
        "diagnosis.reimbursable",
        "hold",
        f"The prescribed diagnosis ({', '.join(codes) or 'none'}) is not one that the claim "
        f"accepts ({listed}).",
        "Ask the prescriber or the claim manager which condition this care is for.",
        "We are checking if this treatment belongs to your claim.",
    )


def classify(rule: Rule, code: str) -> str:
    """The family of a valid code: ``reimbursable``, ``aftercare`` (paid for beside a code of the
    musculoskeletal system), ``secondary``, ``ask``, ``not-reimbursable`` or ``none``; the longest
    listed beginning wins. The sequel of an injury asks staff."""
    plain = code.replace(".", "")
    if len(plain) == 7 and plain[0] == "S" and plain[6] == rule.values["sequela"]:
        return "ask"
    best, kind = 0, "none"
    for name, keys in CLASSES:
        for prefix in (p for key in keys for p in rule.values.get(key, ())):
            if len(prefix) > best and plain.startswith(prefix):
                best, kind = len(prefix), name
    return kind
