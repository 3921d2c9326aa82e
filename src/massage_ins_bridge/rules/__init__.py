"""The built-in rule plugin: what every payer shares. It speaks the same hooks as any other."""

from __future__ import annotations

from collections.abc import Sequence

from ..api import (
    ALL_PAYERS,
    Action,
    Answer,
    Case,
    Finding,
    Prescription,
    RuleBook,
    UploadAnswer,
    hookimpl,
    load_book,
)
from .benefit import benefit
from .clinic_approval import clinic_approval
from .contradictions import contradictions
from .cost_share import cost_share
from .coverage import confirm_coverage, coverage
from .guardian import guardian_consent
from .identity import identity
from .intake import intake
from .network import network, payment_at_visit
from .prescription import judge, prescription
from .same_day import same_day


@hookimpl
def payers() -> Sequence[str]:
    return [ALL_PAYERS]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """What every payer asks for: who is billed, network, intake form and a guardian's consent,
    prescription and diagnosis, clinic approval, other care that day, benefit, cost share, and who
    the client is."""
    written, actions = prescription(case)
    warnings, more = contradictions(case)
    found = [coverage(case), intake(case), same_day(case), *written, *warnings]
    for judged in (network, guardian_consent, clinic_approval, benefit, cost_share, identity):
        item = judged(case)
        if item is not None:
            found.append(item)
    owed = (*actions, *more, *confirm_coverage(case), *payment_at_visit(case))
    return Answer(tuple(found), (), owed)


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """In network a claim is sent, out of it the client pays and gets a superbill. The plugin of a
    payer that is always sent a claim says so itself."""
    if case.payer is None:
        text = "The visit is done and it is not known who is billed; record the coverage."
        return [case.rules["CP-COVERAGE"].action("confirm-coverage", text)]
    if case.payer.settlement == "claim":
        return []
    if case.network != "in":
        return [*confirm_coverage(case), *payment_at_visit(case)]
    day = case.date_of_service
    return [case.rules["NET-07"].action("submit-claim", "Send the claim for this visit.", day)]


@hookimpl
def on_prescription_upload(case: Case, prescription: Prescription) -> UploadAnswer:
    """Every requirement on a prescription, put as a finding on the document."""
    judged = judge(case, prescription)
    findings = [
        Finding(r.key, r.status, r.rule, r.plugin, r.message, r.remedy, r.source) for r in judged
    ]
    return UploadAnswer(tuple(findings), tuple(r.key for r in judged if r.status == "met"))
