"""``prior-authorization`` from the seventh visit on and ``place``: the claim manager's word
(CVC-05, CVC-06, CVC-13)."""

from __future__ import annotations

from massage_ins_bridge.api import (
    Action,
    Approval,
    Authorization,
    Case,
    Entry,
    Requirement,
    authorization_state,
    dated,
    judge_approval,
    some,
)

KEY = "prior-authorization"
NAMED = "crime-victims.claim-manager"
KINDS = ("crime-victims.claim-manager", "prior-authorization")
CLIENT = "This visit has to be agreed to first. We will tell you when it has been."
Found = tuple[list[Requirement], list[Action]]


def authorization(case: Case) -> Found:
    """Nothing for the first visits; then the claim manager's word, whose name is kept. A lack
    holds: how long an answer takes is not known, and the rule is not sure."""
    rule, number = case.rules["CVC-05"], case.visit_number
    first = int(rule.values["from_visit"])
    if number is not None and number < first:
        return [], []
    now = authorization_state(case, KINDS, _from(case, first), complete=some)
    how = "Ask the claim manager, with a progress report, a plan, its goals and its length."
    found, actions = judge_approval(case, Approval(rule, now, "the claim manager", how))
    named, more = _named(case) if found.status == "met" else ([], [])
    return [found, *named], [*actions, *more]


def place(case: Case) -> Found:
    """``place``, where the visit is not at the clinic."""
    where = case.booking.place
    if where in (None, "clinic"):
        return [], []
    rule, key = case.rules["CVC-06"], "place"
    now = authorization_state(
        case, KINDS, None, complete=dated, counts_visits=False, not_required_counts=False
    )
    if now.state == "covered":
        return [rule.met(key, "The claim manager agreed to a visit away from the clinic.")], []
    ask = "Ask the claim manager to agree, and record the answer with its dates."
    text = "The visit is away from the clinic. As far as we know, the claim manager has to agree."
    owed = [rule.action("request-authorization", ask, cures=key)]
    if case.authorizations is None:
        return [rule.unknown(key, text, ask, CLIENT)], owed
    return [rule.unmet(key, "hold", text, ask, CLIENT)], owed


def _named(case: Case) -> Found:
    """A warning, where an approval on file does not say who gave it."""
    rule = case.rules["CVC-13"]
    nameless = [one for one in case.authorizations or () if _lacks_name(case, one)]
    if not nameless:
        return [], []
    text = "An authorization on file does not say which claim manager gave it."
    ask = "Write down the name of the claim manager."
    owed = rule.action("crime-victims.name-claim-manager", ask, cures=NAMED)
    return [rule.unmet(NAMED, "warn", text, ask, "")], [owed]


def _lacks_name(case: Case, one: Authorization) -> bool:
    given = one.kind in KINDS and one.status == "approved"
    over = one.to is not None and one.to < case.date_of_service
    return given and not over and not one.extra["crime-victims"]["claim_manager"]


def _from(case: Case, ordinal: int) -> tuple[Entry, ...] | None:
    """The claim's visits from that number on: only they use an authorization up."""
    return None if case.episode is None else case.episode.entries[ordinal - 1 :]
