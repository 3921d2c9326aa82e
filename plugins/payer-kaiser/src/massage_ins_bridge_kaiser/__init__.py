"""Kaiser Permanente of Washington: a referral by the primary care provider, and Kaiser's own
authorization (KPW-01, NET-11)."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Payer,
    RuleBook,
    authorization_state_after,
    hookimpl,
    load_book,
)

from .approval import KIND, approval
from .referral import referral


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The referral and the authorization that the visit needs."""
    found, owed = approval(case)
    referred, more = referral(case)
    return Answer((found, *referred), actions=(*owed, *more))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """What has to be asked before the next visit, if anything."""
    rule = case.rules["NET-11"]
    now = authorization_state_after(case, (KIND,))
    if now.state in ("not-required", "covered"):
        return []
    if now.state == "asked":
        return [rule.action("chase-authorization", "Ask Kaiser for the answer.", cures=KIND)]
    kind = "request-extension" if now.state == "used-up" else "request-authorization"
    return [rule.action(kind, "Ask Kaiser to authorize the next visit.", cures=KIND)]
