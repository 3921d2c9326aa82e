"""``prior-authorization`` of a Regence booking: REG-03 to REG-06 and, under the law, REG-20."""

from __future__ import annotations

from massage_ins_bridge.api import (
    Action,
    AuthorizationState,
    Case,
    Requirement,
    Rule,
    add_days,
    authorization_state,
)

KIND = "prior-authorization"


def prior_authorization(case: Case) -> tuple[Requirement, list[Action]]:
    """How the authorization stands for this booking, and what somebody has to do about it."""
    now = authorization_state(case, (KIND,), case.own_entries)
    rule = case.rules["REG-03"]
    if now.state == "not-required":
        text = "An answer is on record that no authorization is required."
        return rule.met(KIND, text), []
    if now.state == "covered":
        return rule.met(KIND, _left(now), expectation(case)), []
    if case.visit_number == 1 and now.state != "denied" and not now.after_denial:
        return _first_visit(case, rule, now)
    if now.state == "none":
        return _none_requested(case, rule)
    return _answered_or_open(case, rule, now)


def expectation(case: Case) -> str:
    """What the client is told to expect, from the rule data (REG-04 to REG-06)."""
    first = case.rules["REG-04"].values["usual_visits"]
    more = case.rules["REG-05"].values
    total = case.rules["REG-06"].values["usual_total"]
    return (
        f"Regence must approve your visits. Usually it approves {first} at first and then "
        f"{more['usual_more_from']}-{more['usual_more_to']} more, about {total} in all, "
        "whatever your plan or your doctor allows."
    )


def _left(now: AuthorizationState) -> str:
    if now.approved is None:
        return "An authorization covers the visit."
    return f"An authorization covers the visit: {now.used} of {now.approved} used before it."


def _first_visit(
    case: Case, rule: Rule, now: AuthorizationState
) -> tuple[Requirement, list[Action]]:
    due = add_days(case.date_of_service, int(rule.values["days_after_first_visit"]))
    owed = rule.owed(
        KIND,
        f"First visit of the episode: the authorization is owed by {due}.",
        f"Request it at eviCore with prescription and plan details, no later than {due}.",
        expectation(case),
        due,
    )
    if now.state in ("asked", "incomplete"):
        return owed, [_chase(rule)]
    text = f"Request the prior authorization at eviCore by {due}."
    return owed, [rule.action("request-authorization", text, due, cures=KIND)]


def _none_requested(case: Case, rule: Rule) -> tuple[Requirement, list[Action]]:
    assert case.episode is not None  # "none" is only said where visits could be counted
    late_rule = _by_law(case)
    due = add_days(case.episode.first, int(rule.values["days_after_first_visit"]))
    number = case.episode.number
    if late_rule is not None:
        text = f"Visit {number} of the episode needs an authorization and none is on file."
        action = late_rule.action("request-authorization", text, case.date_of_service, cures=KIND)
        return _refused(case, late_rule, text), [action]
    if case.today <= due:
        text = f"Visit {number}: no authorization is requested; it is owed by {due}."
        remedy = f"Request it at eviCore by {due}, and record the request."
        action = rule.action("request-authorization", remedy, due, cures=KIND)
        return rule.unmet(KIND, "hold", text, remedy, expectation(case), due), [action]
    text = f"Visit {number}: no authorization was requested by {due}, so Regence will not pay."
    action = rule.action("request-authorization", "Ask eviCore what can still be done.", cures=KIND)
    return _refused(case, rule, text, due_passed=True), [action]


def _by_law(case: Case) -> Rule | None:
    """REG-20, where the plan is fully insured and in network and the visit past the law's six."""
    rule = case.rule("REG-20")
    coverage = case.coverage
    if rule is None or coverage is None or case.visit_number is None or not case.confirmed:
        return None
    covered = coverage.funding == "fully_insured" and case.network == "in"
    return rule if covered and case.visit_number >= int(rule.values["from_visit"]) else None


def _answered_or_open(
    case: Case, rule: Rule, now: AuthorizationState
) -> tuple[Requirement, list[Action]]:
    rule = _by_law(case) or rule
    patient = expectation(case)
    if now.state == "unknown":
        text = (
            "Visits or authorizations on file are not known, so the authorization cannot be judged."
        )
        remedy = "Record the visits so far and the authorizations."
        return rule.unknown(KIND, text, remedy, patient), []
    if now.state == "asked":
        text = "The authorization is requested and not yet answered."
        remedy = "Ask eviCore for the answer and record it."
        return rule.unmet(KIND, "hold", text, remedy, patient), [_chase(rule)]
    if now.state == "incomplete":
        text = "An authorization on file lacks its visits, its dates or its answer."
        remedy = "Complete it from eviCore's letter."
        return rule.unknown(KIND, text, remedy, patient), [_chase(rule)]
    return _refusal(case, rule, now)


def _refusal(case: Case, rule: Rule, now: AuthorizationState) -> tuple[Requirement, list[Action]]:
    actions: list[Action] = []
    more = case.rules["REG-05"]
    if now.state == "denied":
        text = "eviCore denied the authorization."
        actions.append(rule.action("appeal", "Appeal, or offer self-pay.", cures=KIND))
    elif now.state == "used-up":
        rule = more
        text = f"All {now.approved} approved visits are used or booked before this one."
    else:
        text = "The authorization's dates do not cover the day of the visit."
        if not now.ready_for_extension:
            retry = "Request an authorization for these dates."
            actions.append(rule.action("request-authorization", retry, cures=KIND))
    if now.ready_for_extension:
        ask = "The approved visits are completed: ask eviCore for more."
        actions.append(more.action("request-extension", ask, cures=KIND))
    return _refused(case, rule, text), actions


def _refused(case: Case, rule: Rule, text: str, *, due_passed: bool = False) -> Requirement:
    due = None
    if due_passed and case.episode is not None:
        days = int(rule.values["days_after_first_visit"])
        due = add_days(case.episode.first, days)
    return rule.unmet(
        KIND,
        "block",
        text,
        "Offer self-pay, or book again once an authorization covers the day.",
        "Regence has not approved this visit, so it cannot be billed to your insurance. "
        "You are welcome to pay for it yourself. " + expectation(case),
        due,
    )


def _chase(rule: Rule) -> Action:
    return rule.action("chase-authorization", "Ask eviCore for the answer.", cures=KIND)
