"""The fields of each fact, in the order in which a form asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..domain.vocabulary import (
    AuthorizationKind,
    AuthorizationStatus,
    ClaimStatus,
    Funding,
    InsurerKind,
    Paid,
    Position,
    Purpose,
    Unit,
)

Widget = Literal[
    "text", "long", "date", "number", "money", "choice", "yes-no", "list", "payer", "phone", "email"
]
#: How wide a field is, which tells what is asked: a count, a code, a date, a text.
WIDTHS: Mapping[str, str] = {"number": "w4", "date": "w12", "money": "w8"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``path`` in the fact with dots, its label, how it is asked for. ``options``: what
    may be chosen, each with its words; ``group``: the heading under which it stands."""

    path: str
    label: str
    widget: Widget = "text"
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    width: str = "wide"

    @property
    def name(self) -> str:
        """What the form calls it: dots do not go well with addresses of fields."""
        return self.path.replace(".", "-")


def _words(kind: Any, **said: str) -> tuple[tuple[str, str], ...]:
    """The values of a kind, each with its words; the first says that nothing is known."""
    values = get_args(kind)
    words = [
        (v, said.get(v.replace("-", "_"), v.replace("-", " ").replace("_", " "))) for v in values
    ]
    return (("", "Not known"), *words)


_POSITION = _words(Position)
_FUNDING = _words(
    Funding, fully_insured="The plan", self_insured="The employer", unknown="Asked, not known"
)
_KIND = _words(
    AuthorizationKind,
    prior_authorization="Prior authorization",
    clinic_approval="The clinic\u2019s own approval",
    referral="Referral",
    not_required="Said that none is required",
    lni_f245_417="L&I form F245-417",
    lni_claim_manager="L&I claim manager",
    lni_self_insurer="Self-insured employer",
)
_LIMIT, _SHARE = "The plan\u2019s limit", "The client\u2019s share"
COVERAGE: tuple[Field, ...] = (
    Field("payer", "Payer", "payer"),
    Field("plan", "Plan"),
    Field("group_number", "Group number", width="w8"),
    Field("member_id", "Member id", width="w12"),
    Field("position", "Primary or secondary", "choice", options=_POSITION),
    Field("funding", "Who pays for the plan", "choice", "An employer may insure itself.", _FUNDING),
    Field("from", "In force from", "date"),
    Field("to", "Until", "date", "Leave it empty where there is no end."),
    Field("massage_benefit", "Massage is a benefit", "yes-no", "As the plan said."),
    Field("visit_limit", "Visits a year", "number", group=_LIMIT),
    Field("visits_used", "Used, as told", "number", group=_LIMIT),
    Field("visits_used_on", "Told on", "date", group=_LIMIT),
    Field(
        "plan_year_start",
        "Plan year begins",
        help="Month and day, such as 07-01. Leave it empty for January 1.",
        group=_LIMIT,
        width="w8",
    ),
    Field(
        "limit_shared_with",
        "Shares the limit with",
        "list",
        "Other care that uses up the same visits, such as: physical therapy, chiropractic.",
        group=_LIMIT,
    ),
    Field("cost_share.copay", "Copay", "money", group=_SHARE),
    Field("cost_share.coinsurance_percent", "Coinsurance, %", "money", group=_SHARE),
    Field("cost_share.deductible", "Deductible", "money", group=_SHARE),
    Field("cost_share.deductible_met", "Of it met", "money", group=_SHARE),
    Field("staff_confirmed", "Confirmed with the plan", "yes-no"),
)
CLAIM: tuple[Field, ...] = (
    Field("payer", "Payer", "payer"),
    Field("claim.number", "Claim number", width="w12"),
    Field("claim.status", "Status", "choice", options=_words(ClaimStatus)),
    Field("claim.date_of_injury", "Injured on", "date"),
    Field(
        "claim.insurer_kind",
        "State fund or employer",
        "choice",
        options=_words(InsurerKind, state_fund="State fund", self_insured="Self-insured employer"),
    ),
    Field("claim.closed_on", "Closed on", "date"),
    Field("claim.insurer", "Insurer or employer"),
    Field("claim.policy_number", "Policy number", width="w12"),
    Field("claim.attending.name", "Attending provider"),
    Field("claim.attending.npi", "Their NPI", width="w12", help="10 digits."),
    Field("claim.accepted_diagnoses", "Accepted diagnoses", "list", "ICD-10 codes, with commas."),
    Field("claim.adjuster.name", "Adjuster", group="Adjuster and benefit"),
    Field("claim.adjuster.phone", "Phone", "phone", width="w12", group="Adjuster and benefit"),
    Field("claim.adjuster.email", "Email", "email", group="Adjuster and benefit"),
    Field("claim.benefit.limit", "Medical limit", "money", group="Adjuster and benefit"),
    Field("claim.benefit.left", "Left of it", "money", group="Adjuster and benefit"),
    Field("claim.benefit.asked_on", "As told on", "date", group="Adjuster and benefit"),
    Field("staff_confirmed", "Confirmed with the insurer", "yes-no"),
)
_PRESCRIBER, _SIGNED, _FOR, _OFTEN = (
    "Prescriber",
    "Signature and days",
    "What for",
    "How often, how long",
)
PRESCRIPTION: tuple[Field, ...] = (
    Field("prescriber.name", "Prescriber", group=_PRESCRIBER),
    Field("prescriber.credential", "Credential, as written", group=_PRESCRIBER, width="w8"),
    Field("prescriber.npi", "NPI", width="w12", help="10 digits.", group=_PRESCRIBER),
    Field(
        "prescriber.state",
        "Licensed in",
        help="Two letters, such as WA.",
        group=_PRESCRIBER,
        width="w4",
    ),
    Field("signed_on", "Signed on", "date", group=_SIGNED),
    Field("received_on", "Received on", "date", group=_SIGNED),
    Field("signed", "It is signed", "yes-no", group=_SIGNED),
    Field("id", "Your own number for it", width="w12", group=_SIGNED),
    Field(
        "diagnoses",
        "Diagnoses",
        "list",
        "ICD-10 codes, with commas, such as: M54.50, M62.830.",
        group=_FOR,
    ),
    Field("orders", "Orders", "list", "What it orders, such as: massage.", group=_FOR),
    Field("pain", "It names pain", "yes-no", group=_FOR),
    Field(
        "loss_of_function",
        "Loss of function",
        "long",
        "In the paper\u2019s words. Write none where somebody looked and there is none.",
        group=_FOR,
    ),
    Field("purpose", "Purpose", "choice", options=_words(Purpose), group=_FOR),
    Field("frequency.times", "Times", "number", group=_OFTEN),
    Field("frequency.per", "In each", "choice", options=_words(Unit), group=_OFTEN, width="w12"),
    Field("duration.count", "For", "number", group=_OFTEN),
    Field("duration.unit", "Unit", "choice", options=_words(Unit), group=_OFTEN, width="w12"),
    Field("visits", "Or so many visits", "number", group=_OFTEN),
    Field("staff_confirmed", "Read and confirmed", "yes-no"),
)
AUTHORIZATION: tuple[Field, ...] = (
    Field("payer", "Payer", "payer"),
    Field("kind", "Kind", "choice", options=_KIND),
    Field("number", "Number", width="w12"),
    Field("status", "Status", "choice", options=_words(AuthorizationStatus)),
    Field("requested_on", "Asked on", "date"),
    Field("visits_asked", "Visits asked for", "number"),
    Field("decided_on", "Answered on", "date"),
    Field("visits", "Visits approved", "number"),
    Field("from", "From", "date"),
    Field("to", "Until", "date"),
    Field("used", "Used, as they say", "number"),
    Field("used_on", "Said on", "date"),
    Field("codes", "CPT codes", "list"),
    Field("diagnoses", "Diagnoses", "list"),
)
VISIT: tuple[Field, ...] = (
    Field("on", "Day", "date"),
    Field("payer", "Billed to", "payer"),
    Field("modality", "Kind of care", help="Leave it empty for massage.", width="w12"),
    Field(
        "provider",
        "Where",
        "choice",
        options=(("", "Here"), ("this-clinic", "Here"), ("other", "At another clinic")),
    ),
    Field("claim_number", "Claim number", width="w12"),
    Field("prescription", "Prescription (your number)", width="w12"),
    Field("episode", "Course of care"),
    Field("paid", "The claim was", "choice", options=_words(Paid)),
)
REPORT: tuple[Field, ...] = (
    Field("on", "Sent on", "date"),
    Field("payer", "Sent to", "payer"),
    Field("improvement", "It documents improvement", "yes-no"),
)
CLIENT: tuple[Field, ...] = (
    Field("name", "Name"),
    Field("birth_date", "Born", "date"),
    Field("phone", "Phone", "phone", width="w12"),
    Field("email", "Email", "email"),
    Field("guardian_consent", "A guardian agreed", "yes-no", "For a client who is not of age."),
    Field("intake_received", "The intake form is in", "yes-no"),
    Field("language", "Language", "choice", options=(("", "English"), ("es", "Spanish"))),
)
#: By form, the kind of fact and its fields.
FORMS: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "coverages": ("coverage", COVERAGE),
    "claims": ("coverage", CLAIM),
    "prescriptions": ("prescription", PRESCRIPTION),
    "authorizations": ("authorization", AUTHORIZATION),
    "visits": ("visit", VISIT),
    "progress-reports": ("progress-report", REPORT),
}
