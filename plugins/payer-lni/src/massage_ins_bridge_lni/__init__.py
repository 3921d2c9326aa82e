"""Washington L&I: claims, orders, the form for visits 7 to 12, progress reports (LNI-01 to -17)."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Payer,
    RuleBook,
    add_months,
    hookimpl,
    in_words,
    load_book,
)

from .attending import attending
from .authorization import authorization, form_in_time
from .claim import claim
from .progress import progress_report, report_now_owed
from .twice_and_elsewhere import place, second_of_day


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The claim, the authorization that the visit's number asks for, the progress report, leave
    for a second visit of a day or for one elsewhere, and who ordered the care."""
    parts = (
        claim(case),
        authorization(case),
        progress_report(case),
        place(case),
        second_of_day(case),
    )
    requirements = tuple(item for found, _ in parts for item in found)
    if (ordered := attending(case)) is not None:
        requirements = (*requirements, ordered)
    actions = tuple(action for _, more in parts for action in more)
    return Answer(requirements, actions=actions)


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The bill and its last day, the form in time for visit 7, the progress report."""
    rule = case.rules["LNI-14"]
    last = add_months(case.date_of_service, int(rule.values["months"]))
    self_insured = (
        case.coverage is not None
        and case.coverage.claim is not None
        and case.coverage.claim.insurer_kind == "self_insured"
    )
    whom = "the self-insured employer or its administrator" if self_insured else "L&I"
    text = f"Bill {whom}. The bill must be there by {in_words(last)}. {_daily_cap(case)}"
    return [rule.action("submit-claim", text, last), *form_in_time(case), *report_now_owed(case)]


def _daily_cap(case: Case) -> str:
    """LNI-08: the most that is paid for the day, where it is known."""
    rule = case.rule("LNI-08")
    if rule is None or "daily_cap" not in rule.values:
        return "Look up the daily maximum for this date in the fee schedule."
    return f"The daily maximum is {rule.values['daily_cap']} dollars."
