"""What L&I and self-insured employers ask: authorization, place, a second massage, reports."""

from dataclasses import replace
from datetime import date

from .counting import counted, last_day_to_ask, number, of_claim
from .facts import add_months
from .names import canonical
from .records import EMPLOYER, FORM, MANAGER, covers_day, fits, on_record
from .sides import Side
from .standing import Stand, stand
from .terms import NOT_COVERED, Item, met, open_hold, unknown, unmet, until

FREE, FORM_LAST, REPORT_EVERY = 6, 12, 6
MAY = ("request-authorization", "request-extension", "chase-authorization", "appeal")


def lni(side: Side) -> Item | None:
    visit, kind = number(side), side.claim.get("insurer_kind")
    if visit is None:
        answer = stand(side, (), [], []).name == "not-required"
        return met() if answer else replace(unknown(may=(*MAY, "send-lni-form")), also=("unmet",))
    found = by_step(side, visit, kind)
    if visit <= FREE:
        if kind != "self_insured":
            return None
        return met() if found.name in ("covered", "not-required") else unmet("warn", may=MAY)
    if found.name in ("covered", "not-required"):
        return met()
    return lack(side, found, visit, kind)


def by_step(side: Side, visit: int, kind: str | None) -> Stand:
    """Of either kind of insurer the better answer, where the kind is missing."""
    days = [e.day for e in counted(side)]
    steps = {
        FORM: days[FREE:],
        MANAGER: days[FORM_LAST:],
        EMPLOYER: days,
    }
    fund = FORM if visit <= FORM_LAST else MANAGER
    kinds = {"self_insured": [EMPLOYER], "state_fund": [fund]}.get(kind or "", [fund, EMPLOYER])
    answers = [stand(side, (one,), steps[one], []) for one in kinds]
    order = ("not-required", "covered", "unknown", "asked", "denied-asked", "incomplete", "unfit")
    ranked = (*order, "revoked", "used", "none", "denied")
    return min(answers, key=lambda answer: ranked.index(answer.name))


def lack(side: Side, found: Stand, visit: int, kind: str | None) -> Item:
    form = kind != "self_insured" and visit <= FORM_LAST
    if kind is None:
        return open_hold(may=(*MAY, "send-lni-form"))
    if found.name == "unknown":
        return unknown(may=(*MAY, "send-lni-form"))
    if found.name == "denied":
        return unmet("block", ("appeal", None), cause=NOT_COVERED)
    if found.name in ("asked", "denied-asked"):
        return open_hold(("chase-authorization", None), may=("appeal",))
    if found.name not in ("none", "used"):
        return open_hold(may=(*MAY, "send-lni-form"))
    last = last_day_to_ask(side)
    more = "request-authorization" if found.name == "none" else "request-extension"
    return until(side.facts.today, last, "late", ("send-lni-form" if form else more, last))


def agreed(side: Side) -> bool | None:
    """Whether the claim manager (the employer) approved for the day of the visit."""
    kinds = {"self_insured": (EMPLOYER,), "state_fund": (MANAGER,)}
    kind = side.claim.get("insurer_kind") or ""
    records = on_record(side, *kinds.get(kind, (EMPLOYER, MANAGER)))
    if records is None:
        return None
    return any(
        r.status == "approved"
        and (r.item.get("from") or r.item.get("to"))
        and covers_day(side, r.item)
        and fits(side, r.item)
        for r in records
    )


def place(side: Side) -> Item | None:
    if side.payer != "lni":
        return None
    if side.facts.booking.get("place", "clinic") == "clinic":
        return met(optional=True)
    found = agreed(side)
    if found is None:
        return unknown(may=MAY)
    return met() if found else unmet("hold", may=MAY)


def second_massage(side: Side) -> Item | None:
    """A massage of the claim at this clinic earlier on the day."""
    if side.payer != "lni":
        return None
    same = [
        e
        for e in side.facts.entries
        if e.day == side.facts.day
        and e.payer == "lni"
        and e.massage
        and e.ours
        and of_claim(side, e)
    ]
    if not same:
        return None
    found = agreed(side)
    if found is None:
        return replace(unknown(may=MAY), also=("unmet",))
    return met() if found else unmet("hold", may=MAY)


def progress_report(side: Side) -> Item | None:
    if side.payer != "lni":
        return None
    if not side.facts.countable:
        return unknown(may=("send-progress-report",))
    days = [e.day for e in counted(side)]
    visit, listed = len(days) + 1, side.facts.request.get("progress_reports")
    reports = [i for i in listed or [] if canonical(i.get("payer")) == "lni" and i.get("on")]
    if visit > REPORT_EVERY:
        reports = [item for item in reports if item.get("improvement") is not None]
    item = owed(side, days, [date.fromisoformat(i["on"]) for i in reports], blank=listed is None)
    latest = max(reports, key=lambda one: str(one["on"]), default=None)
    if visit > REPORT_EVERY and latest and latest["improvement"] is False:
        if item and item.status == "unmet":
            return item
        return replace(open_hold(may=("send-progress-report",)), free_due=True)
    return item


def owed(side: Side, days: list[date], sent: list[date], *, blank: bool) -> Item | None:
    """After each sixth visit, and a month from the first; a trigger after the visit is none."""
    if not days:
        return None
    marks = [(add_months(days[0], 1), days[0])]
    marks += [(day, day) for day in days[REPORT_EVERY - 1 :: REPORT_EVERY]]
    marks = [(day, since) for day, since in marks if day <= side.facts.day]
    left = [day for day, since in marks if not any(on >= since for on in sent)]
    if not left:
        return met(optional=not marks) if marks else Item("met", optional=True)
    due = min(left)
    if side.facts.today <= due:
        return Item("due", due=due, actions=(("send-progress-report", due),))
    if blank:
        return replace(unknown("hold", ("send-progress-report", due)), due=due, free_due=True)
    return replace(unmet("hold", ("send-progress-report", due)), due=due)


def attending(side: Side, person: dict[str, str], *, assistant: bool) -> Item:
    """Whether the prescriber is the attending provider on record."""
    recorded = side.claim.get("attending") or {}
    if not recorded:
        return met("warn")
    if assistant:
        return met()
    for key in ("npi", "name"):
        if recorded.get(key) and person.get(key):
            same = squeezed(recorded[key]) == squeezed(person[key])
            return met() if same else unmet("hold")
    return unknown()


def squeezed(text: str) -> str:
    return "".join(text.lower().split())
