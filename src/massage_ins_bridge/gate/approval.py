"""What a lack of an approval costs, and what somebody can do about it: alike for every payer.

Source: contract part 5 (hold until the day on which an answer can still come, block the day after)
and its settlements. When a payer asks, and whom, is the payer's own rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ..domain.answers import Action, Cost, Requirement
from ..domain.days import in_words
from ..domain.rule import Rule
from ..domain.told import Told
from .authorizations import AuthorizationState
from .case import CORE, Case

PRIOR = "prior-authorization"
Found = tuple[Requirement, tuple[Action, ...]]
DOUBTFUL = frozenset({"secondary", "unsure"})
AS_FAR = "As far as we know"
NOT_APPROVED = "Your insurance has not approved this visit."


@dataclass(frozen=True, slots=True)
class Approval(metaclass=Told):
    """An approval that a payer asks for, and how it stands."""

    rule: Rule
    now: AuthorizationState
    by: str
    how: str
    until: date | None = None
    askable: bool = True
    what: str = "authorization"
    key: str = PRIOR
    asks: str = "request-authorization"
    asks_more: str = "request-extension"
    expect: str = ""

    def action(self, kind: str, text: str) -> Action:
        return self.rule.action(kind, text, self.until, cures=self.key)


def cost_of_lateness(case: Case, until: date | None) -> Cost:
    """What it costs that an approval is lacking: a hold, and a block once no answer can come in
    time, unless the clinic chose otherwise or the payer's word is not what decides."""
    in_time = until is None or case.today <= until
    if in_time or not case.must_answer or case.clinic.late_authorization == "hold":
        return "hold"
    return "block"


def judge_approval(case: Case, approval: Approval) -> Found:
    """The requirement, and the work that is owed for it."""
    found, owed = _JUDGES[approval.now.state](case, approval)
    if found.effect == "none" or approval.rule.source.sure not in DOUBTFUL:
        return found, owed
    if AS_FAR in found.message:
        return found, owed
    return replace(found, message=f"{found.message} {AS_FAR}, the visit needs it."), owed


def _covered(_: Case, a: Approval) -> Found:
    now = a.now
    text = f"{_who(a)} approved the visit."
    if now.approved is not None:
        text = f"{text} Taken before it: {now.used} of {now.approved}."
    return a.rule.met(a.key, text, a.expect), ()


def _not_required(_: Case, a: Approval) -> Found:
    return a.rule.met(a.key, f"An answer is on record that no {a.what} is needed."), ()


def _unknown(_: Case, a: Approval) -> Found:
    text = f"Visits or authorizations on file are not known, so the {a.what} cannot be judged."
    remedy = "Record the visits so far and the authorizations."
    return a.rule.unknown(a.key, text, remedy, _client(a)), ()


def _incomplete(_: Case, a: Approval) -> Found:
    text = f"The {a.what} on file lacks its visits, its dates or its answer."
    return a.rule.unknown(a.key, text, f"Complete it from the letter of {a.by}.", _client(a)), ()


def _unfit(_: Case, a: Approval) -> Found:
    text = f"The {a.what} on file is for other care or for another condition."
    remedy = f"Ask {a.by} for one that names massage and this condition."
    asked = a.rule.action(a.asks, remedy, cures=a.key)
    return a.rule.unmet(a.key, "hold", text, remedy, _client(a)), (asked,)


def _asked(_: Case, a: Approval) -> Found:
    text = f"The {a.what} is asked for and not answered yet."
    remedy = f"Ask {a.by} for the answer and record it."
    chase = a.rule.action("chase-authorization", remedy, cures=a.key)
    return a.rule.unmet(a.key, "hold", text, remedy, _client(a)), (chase,)


def _revoked(case: Case, a: Approval) -> Found:
    """The law on it (LAW-08) binds carriers that the state regulates, and no other's word."""
    text = f"{_who(a)} approved the {a.what} and denied it later."
    rule, payer = a.rule, case.payer
    if a.key == PRIOR and payer is not None and payer.state_regulated:
        rule = case.all_rules[CORE].get("LAW-08", rule)
        text += " A carrier that the state regulates may not refuse afterwards what it approved."
    remedy = f"Ask {a.by} in writing which answer stands, and record it."
    appeal = rule.action("appeal", remedy, cures=a.key)
    return a.rule.unmet(a.key, "hold", text, remedy, _client(a)), (appeal,)


def _denied(case: Case, a: Approval) -> Found:
    text = f"{_who(a)} denied the {a.what}."
    remedy = f"Tell the client, and appeal to {a.by} if the care is needed."
    appeal = a.rule.action("appeal", remedy, cures=a.key)
    effect: Cost = "block" if case.must_answer and not case.law_may_lift else "hold"
    client = "Your insurance did not approve this visit."
    if effect == "hold":
        client += " We are checking what can be done."
    return a.rule.unmet(a.key, effect, text, remedy, client, not_covered=True), (appeal,)


def _used_up(case: Case, a: Approval) -> Found:
    number = f" ({a.now.approved})" if a.now.approved else ""
    text = f"All approved visits{number} are used or booked before this one."
    return _lacking(case, a, text, a.asks_more)


def _uncovered(case: Case, a: Approval) -> Found:
    text = f"The {a.what} on file does not cover the day of the visit."
    return _lacking(case, a, text, a.asks_more)


def _none(case: Case, a: Approval) -> Found:
    needs = f"{AS_FAR}, the" if a.rule.source.sure in DOUBTFUL else "The"
    text = f"{needs} visit needs the {a.what} of {a.by}, and none is on file."
    return _lacking(case, a, text, a.asks)


def _lacking(case: Case, a: Approval, text: str, kind: str) -> Found:
    effect, until = cost_of_lateness(case, a.until), a.until
    if until is None or case.today <= until:
        last = f" Ask by {in_words(until)}, so that the answer comes in time." if until else ""
        remedy = a.how if a.askable else f"{a.how} This is possible once the visits are done."
        owed = (a.action(kind, a.how),) if a.askable else ()
        client = _client(a, until)
        return a.rule.unmet(a.key, effect, text + last, remedy, client, until), owed
    days = (case.date_of_service - until).days
    text = f"{text} An answer may take {days} day{'s' * (days > 1)}, which are not left."
    remedy = f"{a.how} Offer a later date."
    if effect == "block":
        client = f"{NOT_APPROVED} It is too late to ask it for this date."
        return a.rule.unmet(a.key, effect, text, remedy, client, until), ()
    client = f"{NOT_APPROVED} It may be too late for this date. We are checking what can be done."
    owed = (a.rule.action(kind, a.how, cures=a.key),)
    return a.rule.unmet(a.key, effect, text, remedy, client, until), owed


def _who(a: Approval) -> str:
    """Who gives it, at the beginning of a sentence."""
    return f"The {a.by.removeprefix('the ')}" if a.by.startswith("the ") else a.by


def _client(a: Approval, until: date | None = None) -> str:
    said = "Your insurance has to approve this visit first."
    said += f" It must be asked by {in_words(until)}." if until else ""
    return f"{said} We will tell you when it has answered. {a.expect}".strip()


_JUDGES: dict[str, Callable[[Case, Approval], Found]] = {
    "covered": _covered,
    "not-required": _not_required,
    "unknown": _unknown,
    "incomplete": _incomplete,
    "unfit": _unfit,
    "asked": _asked,
    "revoked": _revoked,
    "denied": _denied,
    "used-up": _used_up,
    "uncovered": _uncovered,
    "none": _none,
}
