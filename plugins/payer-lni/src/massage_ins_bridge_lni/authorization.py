"""``prior-authorization`` of an L&I booking by its number on the claim (LNI-05, LNI-06, LNI-12)."""

from __future__ import annotations

from dataclasses import replace

from massage_ins_bridge.api import (
    Action,
    Approval,
    Case,
    Entry,
    Requirement,
    Rule,
    anything,
    authorization_state,
    judge_approval,
    last_day_to_ask,
    some,
)

KEY = "prior-authorization"
FORM = "lni-f245-417"
MANAGER = "lni-claim-manager"
SELF_INSURER = "lni-self-insurer"
Found = tuple[list[Requirement], list[Action]]


def insurer_kind(case: Case) -> str | None:
    """Who insures the claim, where it is known."""
    claim = case.coverage.claim if case.coverage else None
    return claim.insurer_kind if claim else None


def authorization(case: Case) -> Found:
    """State Fund: nothing for visits 1 to 6, the form for 7 to 12, the claim manager's answer from
    13 on. Self-insured employers answer themselves, and are better asked before the first visit."""
    rule, number = case.rules["LNI-05"], case.visit_number
    first = int(rule.values["form_from_visit"])
    if number is not None and number < first:
        if insurer_kind(case) == "self_insured":
            return _before_care(case)
        return [], []
    if insurer_kind(case) == "self_insured":
        return _judged(case, _of_self_insurer(case))
    if insurer_kind(case) == "state_fund":
        return _judged(case, _of_fund(case, number))
    return _of_either(case, number)


def form_in_time(case: Case) -> list[Action]:
    """The form goes out before the sixth visit, so that the answer is there for the seventh."""
    rule = case.rules["LNI-05"]
    number = case.visit_number
    if number is None or number < int(rule.values["send_form_from_visit"]):
        return []
    if number >= int(rule.values["form_from_visit"]) or insurer_kind(case) == "self_insured":
        return []
    if any(a.kind == FORM and a.status != "void" for a in case.authorizations or ()):
        return []
    last = int(rule.values["manager_from_visit"]) - 1
    first = rule.values["form_from_visit"]
    text = f"Send L&I form {rule.values['form']} for visits {first} to {last}."
    return [rule.action("send-lni-form", text, case.date_of_service)]


def _before_care(case: Case) -> Found:
    """LNI-12: the employer is contacted before care; that nobody was only warns."""
    rule, approval = case.rules["LNI-12"], _of_self_insurer(case)
    if approval.now.state in ("covered", "not-required"):
        return _judged(case, approval)
    ask = "Contact the self-insured employer, or who acts for it, and record the answer."
    text = "The self-insured employer has not agreed to this care yet."
    owed = rule.action("request-authorization", ask, cures=KEY)
    return [rule.unmet(KEY, "warn", text, ask, "")], [owed]


def _judged(case: Case, approval: Approval) -> Found:
    found, actions = judge_approval(case, approval)
    return [found], list(actions)


def _of_either(case: Case, number: int | None) -> Found:
    """It is not known who insures: either kind's approval serves, and a lack only holds."""
    fund, employer = _of_fund(case, number), _of_self_insurer(case)
    approval = employer if employer.now.state in ("covered", "not-required", "asked") else fund
    found, actions = judge_approval(case, replace(approval, until=None))
    if found.effect == "block":
        said = f"{found.patient_message} We are checking what can be done."
        found = replace(found, effect="hold", not_covered=False, patient_message=said)
    return [found], list(actions)


def _of_fund(case: Case, number: int | None) -> Approval:
    rule = case.rules["LNI-05"]
    first, second = int(rule.values["form_from_visit"]), int(rule.values["manager_from_visit"])
    by_form = number is None or number < second
    start = first if by_form else second
    now = authorization_state(
        case,
        (FORM if by_form else MANAGER,),
        _from(case, start),
        complete=anything if by_form else some,
    )
    name = f"form {rule.values['form']}"
    return Approval(
        rule,
        now,
        "L&I" if by_form else "the claim manager",
        f"Send L&I {name} for visits {first} to {second - 1}."
        if by_form
        else "Ask the claim manager, with the progress report and treatment plan.",
        last_day_to_ask(case),
        asks="send-lni-form" if by_form else "request-authorization",
        asks_more="send-lni-form" if by_form else "request-extension",
    )


def _of_self_insurer(case: Case) -> Approval:
    entries = None if case.episode is None else case.episode.entries
    now = authorization_state(case, (SELF_INSURER,), entries, complete=some)
    rule: Rule = case.rules["LNI-12"]
    ask = "Ask the self-insured employer, or who acts for it."
    return Approval(rule, now, "the self-insured employer", ask, last_day_to_ask(case))


def _from(case: Case, ordinal: int) -> tuple[Entry, ...] | None:
    """The claim's visits from that number on: only they use the authorization up."""
    return None if case.episode is None else case.episode.entries[ordinal - 1 :]
