"""The words that a fact may hold."""

from __future__ import annotations

from typing import Literal

Position = Literal["primary", "secondary"]
Funding = Literal["fully_insured", "self_insured", "unknown"]
Unit = Literal["day", "week", "month"]
Purpose = Literal["rehabilitation", "maintenance", "relaxation"]
Network = Literal["in", "out"]
PriorApproval = Literal["payer", "always"]
#: What an authorization costs that can no longer come in time.
LateAuthorization = Literal["block", "hold"]
Place = Literal["clinic", "home", "other"]
#: What care is for, by staff's word: a claim of that kind pays first.
Injury = Literal["work", "auto", "neither"]
Paid = Literal["paid", "denied", "recouped"]
InsurerKind = Literal["state_fund", "self_insured"]
ClaimStatus = Literal[
    "open", "allowed", "pending", "reopening", "closed", "rejected", "exhausted", "unknown"
]
AuthorizationKind = Literal[
    "prior-authorization",
    "clinic-approval",
    "referral",
    "not-required",
    "lni-f245-417",
    "lni-claim-manager",
    "lni-self-insurer",
]
Provider = Literal["this-clinic", "other"]
Identity = Literal["sure", "doubtful"]
AuthorizationStatus = Literal["approved", "requested", "pended", "denied", "void"]
