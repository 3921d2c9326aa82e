"""What the client's next visits will meet that none of their bookings meets yet: the approved
visits that run out, the prescription's end, a threshold, a report.

No payer's numbers stand here. Visits that nobody has booked are put to the rules: one some visits
ahead, and one some weeks ahead (``[tasks]`` in the settings).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ...domain.answers import Decision, Requirement
from ...domain.days import add_days
from ...domain.describe import describe
from ...domain.facts import Booking, Chart, Upcoming
from ...store.visits import HERE, MASSAGE
from ..client_file import FiledVisit, Held
from ..tasks import TaskKind
from .found import FAILED, Inquiry, Owed, failed, in_short

log = structlog.get_logger(__name__)
#: Nobody knows when the next visits will be. What they meet on days in a row and a week apart they
#: meet because of their number; what on days in a row alone, because a week or a month is full.
_IN_A_ROW, _APART, _NONE = timedelta(days=1), timedelta(days=7), timedelta(0)
#: By requirement, the work that would see to it. Where that is owed already, so is the look ahead.
_SEES_TO: Mapping[str, frozenset[str]] = {
    "prior-authorization": frozenset(
        {
            "request-authorization",
            "request-extension",
            "chase-authorization",
            "send-lni-form",
            "appeal",
        }
    ),
    "progress-report": frozenset({"send-progress-report"}),
    "referral": frozenset({"request-referral"}),
    "prescription": frozenset({"ask-prescriber", "review-prescription"}),
}


@dataclass(frozen=True, slots=True)
class _Course:
    """A payer's visits of a client that go on: the last so far, and what the rules say of it."""

    payer: str
    last: Booking
    decision: Decision

    def at(self, start: datetime) -> Booking:
        """One more: as the last one, on whichever prescription serves it best."""
        last = self.last
        end = None if last.end is None else start + (last.end - last.start)
        return replace(last, start=start, end=end, payer=self.payer, prescription=None)


def look_ahead(inquiry: Inquiry) -> None:
    """A task for each requirement that a visit ahead meets and the last one so far does not."""
    for course in _courses(inquiry):
        now = inquiry.record.now
        base = max(course.last.start, now)
        later = now + timedelta(days=inquiry.settings.ahead_days)
        for number in range(1, inquiry.settings.ahead_visits + 1):
            decision = _nth(inquiry, course, base, number, _IN_A_ROW)
            found = _new(inquiry, course, decision)
            if found:
                apart = _in_time(inquiry, course, base, number)
                found = [apart[item.key] for item in found if item.key in apart]
            _add(inquiry, course, found, _which(decision))
        if later > base + _IN_A_ROW:
            found = _new(inquiry, course, _decide(inquiry, course, later, []))
            _add(inquiry, course, found, _when(inquiry, later))


def _in_time(
    inquiry: Inquiry, course: _Course, base: datetime, number: int
) -> dict[str, Requirement]:
    """By key, what a visit meets on a day by which it can still be seen to: nobody has chosen its
    day, so that it comes too late for nothing."""
    today = inquiry.record.today
    found = _new(inquiry, course, _nth(inquiry, course, base, number, _APART))
    late = max((today - item.due for item in found if item.due is not None), default=_NONE)
    if late > _NONE:
        found += _new(inquiry, course, _nth(inquiry, course, base + late, number, _APART))
    return {item.key: item for item in found}


def _nth(
    inquiry: Inquiry, course: _Course, base: datetime, number: int, apart: timedelta
) -> Decision | None:
    """What the rules would say of the visit of that number after ``base``."""
    *before, start = [base + apart * step for step in range(1, number + 1)]
    return _decide(inquiry, course, start, before)


def _which(decision: Decision | None) -> str:
    number = decision.visit_number if decision is not None else None
    return "to the next visit" if number is None else f"to visit {number}"


def _when(inquiry: Inquiry, start: datetime) -> str:
    return f"to a visit on {inquiry.record.day(start)}"


def _courses(inquiry: Inquiry) -> list[_Course]:
    """Of each payer the last booking that stands, or the last visit, if it is not long ago."""
    record, file = inquiry.record, inquiry.file
    since = add_days(record.today, -inquiry.settings.ahead_days)
    last: dict[str | None, tuple[date, Held | FiledVisit]] = {}
    for held in file.bookings:
        day, done = record.day(held.row.start_at), held.row.platform_status == "completed"
        if held.details.self_pay or day < since or not (done or held.stands(record.now)):
            continue
        _put_last(last, inquiry.host.payers.key_of(held.details.insurer), day, held)
    for filed in file.visits:
        visit = filed.visit
        known = filed.row.booking_id is None and visit.payer and visit.provider in (None, HERE)
        if known and visit.on is not None and visit.on >= since:
            _put_last(last, inquiry.host.payers.key_of(visit.payer), visit.on, filed)
    return [course for _, end in last.values() if (course := _course(inquiry, end)) is not None]


def _put_last(
    last: dict[str | None, tuple[date, Held | FiledVisit]],
    payer: str | None,
    day: date,
    end: Held | FiledVisit,
) -> None:
    if payer not in last or last[payer][0] <= day:
        last[payer] = (day, end)


def _course(inquiry: Inquiry, end: Held | FiledVisit) -> _Course | None:
    if isinstance(end, Held):
        booking, decision = end.booking, inquiry.decision(end)
    else:
        chart = inquiry.file.chart_of_visit(inquiry.record, inquiry.clinic, end)
        booking, decision = chart.booking, _answer(inquiry, chart)
    if decision is None or decision.payer is None:
        return None
    return _Course(decision.payer, booking, decision)


def _decide(
    inquiry: Inquiry, course: _Course, start: datetime, before: list[datetime]
) -> Decision | None:
    """What the rules would say of a booking that nobody has made."""
    same = Upcoming(
        payer=course.payer,
        modality=MASSAGE,
        provider=HERE,
        episode=course.last.episode,
        extra=course.last.extra,
    )
    between = [replace(same, start=at, end=course.at(at).end) for at in before]
    booking = course.at(start)
    chart = inquiry.file.chart_of_none(inquiry.record, inquiry.clinic, booking, between)
    return _answer(inquiry, chart)


def _answer(inquiry: Inquiry, chart: Chart) -> Decision | None:
    try:
        decision = inquiry.host.decide(chart)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - looking ahead is a courtesy
        log.error("looking ahead failed", error=describe(error))
        decision = None
    if decision is None or failed(decision):
        inquiry.found.unsure.add(TaskKind.LOOK_AHEAD)
    return decision


def _new(inquiry: Inquiry, course: _Course, decision: Decision | None) -> list[Requirement]:
    """What a visit ahead meets, and neither the last one so far nor a task that staff has."""
    known = {r.key for r in course.decision.requirements if _matters(r)} | {FAILED}
    return [
        item
        for item in (decision.requirements if decision is not None else ())
        if _matters(item) and item.key not in known
        if _topic(course, item) not in inquiry.found.owed
        if not _is_owed(inquiry, course.payer, item.key)
    ]


def _topic(course: _Course, item: Requirement) -> str:
    return f"{course.payer}:ahead:{item.key}"


def _add(inquiry: Inquiry, course: _Course, found: Iterable[Requirement], to: str) -> None:
    for item in found:
        last_day = item.due if item.due is not None and item.due >= inquiry.record.today else None
        text = inquiry.text(TaskKind.LOOK_AHEAD, to=to, message=in_short(item.key, item.message))
        due = inquiry.desk_day(last_day)
        topic = _topic(course, item)
        owed = Owed(TaskKind.LOOK_AHEAD, topic, text, None, due, last_day, course.payer)
        inquiry.found.add(owed)


def _matters(item: Requirement) -> bool:
    """Whether a requirement costs something, or is owed by a day."""
    return item.effect in ("hold", "block") or item.status == "due"


def _is_owed(inquiry: Inquiry, payer: str, key: str) -> bool:
    """Whether staff has a task already that would see to it."""
    sees_to = _SEES_TO.get(key) or _SEES_TO.get(key.partition(".")[0]) or frozenset()
    return any(
        owed.payer == payer
        and (
            owed.action in sees_to
            or (owed.kind is TaskKind.PRESCRIPTION and key.startswith("prescription"))
        )
        for owed in inquiry.found.owed.values()
    )
