"""``prior-authorization`` of an L&I booking by its number on the claim (LNI-05, LNI-06)."""

from __future__ import annotations

from massage_ins_bridge.api import (
    Action,
    Authorization,
    AuthorizationState,
    Case,
    Entry,
    Requirement,
    Rule,
    authorization_state,
)

KEY = "prior-authorization"
FORM = "lni-f245-417"
MANAGER = "lni-claim-manager"
PATIENT = "L&I must approve further visits on your claim. We are taking care of it."
Found = tuple[list[Requirement], list[Action]]


def authorization(case: Case) -> Found:
    """Nothing for visits 1 to 6, the form for 7 to 12, the claim manager's answer from 13 on."""
    rule = case.rules["LNI-05"]
    number = case.visit_number
    if number is None:
        if authorization_state(case, (), None).state == "not-required":
            text = "An answer is on record that no authorization is required."
            return [rule.met(KEY, text)], []
        text = "The visits on the claim are not known, so nobody can say what this one needs."
        return [rule.unknown(KEY, text, "Record the visits on the claim.", PATIENT)], []
    first, second = int(rule.values["form_from_visit"]), int(rule.values["manager_from_visit"])
    if number < first:
        return [], form_in_time(case)
    kind, start = (FORM, first) if number < second else (MANAGER, second)
    now = authorization_state(
        case, (kind,), _from(case, start), complete=_form_complete if kind == FORM else _some
    )
    what = f"form {rule.values['form']}" if kind == FORM else "the claim manager's authorization"
    return _judge(rule, number, kind, what, now)


def form_in_time(case: Case) -> list[Action]:
    """The form goes out before the sixth visit, so that the answer is there for the seventh."""
    rule = case.rules["LNI-05"]
    number = case.visit_number
    if number is None or number < int(rule.values["send_form_from_visit"]):
        return []
    if number >= int(rule.values["form_from_visit"]):
        return []
    if any(a.kind == FORM and a.status != "void" for a in case.authorizations or ()):
        return []
    last = int(rule.values["manager_from_visit"]) - 1
    text = f"Send form {rule.values['form']} for visits {rule.values['form_from_visit']}-{last}."
    return [rule.action("send-lni-form", text, case.date_of_service)]


def _from(case: Case, ordinal: int) -> tuple[Entry, ...] | None:
    """The claim's visits from that number on: only they use the authorization up."""
    return None if case.episode is None else case.episode.entries[ordinal - 1 :]


def _some(item: Authorization) -> bool:
    """One of visits or dates may be missing."""
    return item.visits is not None or item.from_ is not None or item.to is not None


def _form_complete(_: Authorization) -> bool:
    """An approved form is good for visits 7 to 12 even where it gives neither."""
    return True


def _judge(rule: Rule, number: int, kind: str, what: str, now: AuthorizationState) -> Found:
    if now.state in ("covered", "not-required"):
        return [rule.met(KEY, f"Visit {number} of the claim: {what} is approved.")], []
    if now.state in ("unknown", "incomplete"):
        text = f"Visit {number} of the claim needs {what}; what is on file is not complete."
        return [rule.unknown(KEY, text, "Complete it from L&I's answer.", PATIENT)], []
    if now.state == "asked":
        text = f"Visit {number} of the claim: {what} is requested and not yet answered."
        chase = rule.action("chase-authorization", "Ask L&I for the answer.", cures=KEY)
        return [rule.unmet(KEY, "hold", text, "Ask L&I for the answer.", PATIENT)], [chase]
    remedy = (
        f"Send {what} to L&I or the self-insurer, and record it."
        if kind == FORM
        else "Ask the claim manager, with the progress report and treatment plan."
    )
    said = {
        "none": "is not on file",
        "denied": "was denied",
        "used-up": "is used up",
        "uncovered": "does not cover the day",
    }[now.state]
    action = "send-lni-form" if kind == FORM else "request-authorization"
    actions = [rule.action(action, remedy, cures=KEY)]
    if now.state == "denied":
        actions.append(rule.action("appeal", "Protest the denial at L&I.", cures=KEY))
    if now.ready_for_extension:
        actions.append(rule.action("request-extension", remedy, cures=KEY))
    text = f"Visit {number} of the claim needs {what}, which {said}."
    return [rule.unmet(KEY, "block", text, remedy, PATIENT)], actions
