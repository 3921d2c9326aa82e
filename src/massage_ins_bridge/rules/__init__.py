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
from .benefit import benefit, check_benefit
from .clinic_approval import clinic_approval
from .contradictions import contradictions
from .coordination import coordination
from .cost_share import cost_share
from .coverage import confirm_coverage, coverage
from .guardian import guardian_consent
from .identity import identity
from .intake import intake
from .network import network, payment_at_visit
from .paper import fields_of, unconfirmed
from .prescription import prescription
from .same_day import same_day


@hookimpl
def payers() -> Sequence[str]:
    return [ALL_PAYERS]


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """What every payer asks for: who is billed and who pays first, network, intake form and a
    guardian's consent, prescription and diagnosis, clinic approval, other care that day, benefit,
    cost share, and who the client is."""
    papers = prescription(case)
    case.prescription = papers.serves
    first, to_settle = coordination(case)
    warnings, more = contradictions(case)
    limit = benefit(case)
    found = [coverage(case), intake(case), *papers.requirements, *first, *warnings]
    for judged in (network, guardian_consent, clinic_approval, same_day, cost_share, identity):
        item = judged(case)
        if item is not None:
            found.append(item)
    if limit is not None:
        found.append(limit)
    owed = (
        *(*papers.actions, *to_settle, *more, *check_benefit(case, limit)),
        *(*confirm_coverage(case), *payment_at_visit(case)),
    )
    return Answer(tuple(found), (), owed, papers.serves)


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """In network a claim is sent, out of it the client pays and gets a superbill. The plugin of a
    payer that is always sent a claim says so itself."""
    if case.payer is None:
        text = "The visit is done and it is not known who is billed; record the coverage."
        return [case.rules["CP-COVERAGE"].action("confirm-coverage", text)]
    if case.payer.settlement != "network":
        return []
    if case.network != "in":
        return [*confirm_coverage(case), *payment_at_visit(case)]
    day = case.date_of_service
    return [case.rules["NET-07"].action("submit-claim", "Send the claim for this visit.", day)]


@hookimpl
def on_prescription_upload(case: Case, prescription: Prescription) -> UploadAnswer:
    """Every requirement on a prescription, put as a finding on the document."""
    judged = fields_of(case, prescription)
    if prescription.staff_confirmed is not True:
        judged[0] = unconfirmed(case, judged)
    findings = [
        Finding(r.key, r.status, r.rule, r.plugin, r.message, r.remedy, r.source) for r in judged
    ]
    return UploadAnswer(tuple(findings), tuple(r.key for r in judged if r.status == "met"))
