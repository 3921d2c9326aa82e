"""``prior-authorization`` of a Regence booking: REG-03 to REG-06 and, under the law, REG-20."""

from __future__ import annotations

from massage_ins_bridge.api import (
    Action,
    Approval,
    AuthorizationState,
    Case,
    Requirement,
    Rule,
    add_days,
    authorization_state,
    cost_of_lateness,
    in_words,
    judge_approval,
    last_day_to_ask,
)

KIND = "prior-authorization"
BY = "eviCore"
#: At the first visit these alone decide; whatever else is on file may still be asked for.
DECIDED = frozenset({"covered", "not-required", "denied", "revoked"})
Found = tuple[Requirement, tuple[Action, ...]]


def prior_authorization(case: Case) -> Found:
    """How the authorization stands for this booking, and what somebody has to do about it."""
    now = authorization_state(case, (KIND,), case.own_entries)
    law = past_the_law(case)
    rule = law or case.rules["REG-03"]
    if case.visit_number == 1 and law is None and now.state not in DECIDED:
        return _first_visit(case, rule, now)
    if now.state == "none" and law is None:
        return _none_requested(case, rule)
    return judge_approval(case, _approval(case, rule, now, law))


def _approval(case: Case, rule: Rule, now: AuthorizationState, law: Rule | None) -> Approval:
    more = now.state in ("used-up", "uncovered")
    askable = now.ready_for_extension if more else _six_are_done(case, rule)
    return Approval(
        case.rules["REG-05"] if more and law is None else rule,
        now,
        BY,
        f"Ask {BY} for more visits." if more else f"Ask {BY} for the authorization.",
        last_day_to_ask(case) if now.lacks else None,  # holidays are slow to load
        askable,
        expect="" if law else expectation(case),
    )


def expectation(case: Case) -> str:
    """What the client is told to expect, from the rule data (REG-04 to REG-06); nothing where the
    law's six visits came first, wherever they were."""
    if case.rule("REG-20") and case.fully_insured and case.network == "in":
        return ""
    first = case.rules["REG-04"].values["usual_visits"]
    more = case.rules["REG-05"].values
    return (
        f"As far as we know, it often approves {first} visits at first. Later it may approve "
        f"{more['usual_more_from']} to {more['usual_more_to']} more."
    )


def past_the_law(case: Case) -> Rule | None:
    """REG-20, where the plan is fully insured and in network and the visit past the law's six; not
    where others had used them up before our first visit, whose seven days run then (REG-03)."""
    rule, episode = case.rule("REG-20"), case.episode
    if rule is None or episode is None or not case.fully_insured or case.network != "in":
        return None
    chain = case.chain_by(rule)
    first = int(rule.values["from_visit"])
    if chain is None or chain.number < first:
        return None
    if episode.number == 1:
        return None
    ours = set(map(id, episode.entries))
    before = sum(e.day <= episode.first and id(e) not in ours for e in chain.entries)
    return rule if before < first - 1 else None


def _six_are_done(case: Case, rule: Rule) -> bool:
    """Whether more can be asked for: the visits that the law frees are done."""
    chain = case.chain_by(rule) if "from_visit" in rule.values else None
    if chain is None:
        return True
    return sum(entry.done for entry in chain.entries) >= int(rule.values["from_visit"]) - 1


def _first_visit(case: Case, rule: Rule, now: AuthorizationState) -> Found:
    due = add_days(case.date_of_service, int(rule.values["days_after_first_visit"]))
    ask = f"Ask {BY} with the prescription and the plan's details by {in_words(due)}."
    text = f"This is the first visit of the episode. The authorization is owed by {in_words(due)}."
    owed = rule.owed(KIND, text, ask, expectation(case), due)
    if now.state == "asked":
        chase = f"Ask {BY} for the answer and record it."
        return owed, (rule.action("chase-authorization", chase, due, cures=KIND),)
    return owed, (rule.action("request-authorization", ask, due, cures=KIND),)


def _none_requested(case: Case, rule: Rule) -> Found:
    assert case.episode is not None  # "none" is only said where visits could be counted
    name = case.payer.name if case.payer else "the plan"
    due = add_days(case.episode.first, int(rule.values["days_after_first_visit"]))
    if case.today <= due:
        ask = f"Ask {BY} by {in_words(due)}, and record the request."
        text = f"No authorization is asked for yet. It is owed by {in_words(due)}."
        client = (
            f"Your insurance has to approve your visits. It must be asked by {in_words(due)}. "
            f"{expectation(case)}"
        ).strip()
        lacking = rule.unmet(KIND, "hold", text, ask, client, due)
        return lacking, (rule.action("request-authorization", ask, due, cures=KIND),)
    if began_later(case):
        return _under_another_plan(case, rule)
    effect = cost_of_lateness(case, due)
    days = rule.values["days_after_first_visit"]
    text = (
        f"No authorization was asked for within {days} days of the first visit. As far as we know, "
        f"{name} may not pay then."
    )
    ask = f"Ask {BY} what can still be done, and offer a later date."
    client = "Your insurance was not asked in time to approve this visit."
    if effect == "hold":
        client += " We are checking what can be done."
    actions = (rule.action("request-authorization", ask, cures=KIND),)
    lacking = rule.unmet(KIND, effect, text, ask, client, due)
    return lacking, () if effect == "block" else actions


def began_later(case: Case) -> bool:
    """Whether the coverage began after the episode's first visit, which then was under another:
    a new employer, or a new plan of the same one."""
    begins = case.coverage.from_ if case.coverage is not None else None
    return begins is not None and case.episode is not None and begins > case.episode.first


def _under_another_plan(case: Case, rule: Rule) -> Found:
    """No source says whether seven days that ran out under a former plan bind the new one, nor that
    they begin anew: it is asked, and nothing is refused for it."""
    assert case.coverage is not None
    assert case.coverage.from_ is not None
    days = rule.values["days_after_first_visit"]
    text = (
        f"The plan on file began on {in_words(case.coverage.from_)}, after the first visit. "
        f"It is not known whether the {days} days for asking count from that visit."
    )
    ask = f"Ask {BY} for the authorization, and from which visit the {days} days count."
    client = "Your insurance may have to approve this visit. We are checking that."
    held = rule.unknown(KIND, text, ask, client)
    return held, (rule.action("request-authorization", ask, cures=KIND),)
