"""What is owed for the visits that took place, whoever wrote them down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ...domain.answers import Action
from ...domain.days import add_days, in_words
from ...domain.describe import describe
from ...gate.case import Case
from ...store.visits import HERE, MASSAGE, STAFF
from ..client_file import FiledVisit
from ..tasks import TaskKind
from .found import PER_VISIT, Inquiry, Owed, is_history, matter

log = structlog.get_logger(__name__)
#: A visit that is written down so many days after it is history: a chart is being filled, and what
#: was owed for it then is not the bridge's to ask for.
HISTORY_DAYS = 30
_NOBODY = frozenset({"cash", "selfpay", "private", "privatepay", "none", "nobody"})


def owed_for_visits(inquiry: Inquiry) -> None:
    """Ask ``on_visit_complete`` of every visit that may still owe something, with the chart as it
    is by now. What is the client's and not the visit's is asked of a payer's latest visit alone:
    what an earlier one wanted is part of it."""
    latest = _latest(inquiry)
    for filed in inquiry.file.visits:
        if not _may_owe(inquiry, filed):
            continue
        last = latest[_payer(inquiry, filed)] is filed
        if not last and _done_with(inquiry, filed):
            continue
        case, found = _ask(inquiry, filed)
        for action in found:
            if _of_the_visit(inquiry, action.kind):
                _add_of_visit(inquiry, filed, case, action)
            elif last:
                _add_of_client(inquiry, filed, case, action)


def _latest(inquiry: Inquiry) -> dict[str | None, FiledVisit]:
    """By payer, the latest visit that may owe something."""
    found: dict[str | None, FiledVisit] = {}
    for filed in sorted(inquiry.file.visits, key=lambda f: (f.visit.on or date.min, f.row.id)):
        if _may_owe(inquiry, filed):
            found[_payer(inquiry, filed)] = filed
    return found


def _payer(inquiry: Inquiry, filed: FiledVisit) -> str | None:
    return inquiry.host.payers.key_of(filed.visit.payer)


def _may_owe(inquiry: Inquiry, filed: FiledVisit) -> bool:
    """A massage of this clinic that was billed to somebody, and is no history."""
    visit, row = filed.visit, filed.row
    if visit.on is None or visit.provider not in (None, HERE):
        return False
    if visit.modality is not None and visit.modality.casefold() != MASSAGE:
        return False
    if add_days(visit.on, HISTORY_DAYS) < inquiry.record.day(row.created_at):
        return False
    if row.booking_id is not None:
        held = inquiry.file.held(row.booking_id)
        return not (
            is_history(inquiry, held.row) or held.row.outcome == "block" or held.details.self_pay
        )
    return visit.payer is not None and _payer(inquiry, filed) not in _NOBODY


def _subject(filed: FiledVisit) -> str:
    return filed.row.booking_id or filed.row.id


def _done_with(inquiry: Inquiry, filed: FiledVisit) -> bool:
    """Whether staff did all that the visit had owed. Its tasks stay as they are."""
    own = (kind for kind in inquiry.host.words.actions if _of_the_visit(inquiry, kind))
    topics = {f"{_subject(filed)}:{kind}": None for kind in (*PER_VISIT, *own)}
    tasks = inquiry.tasks_on(topics)
    if not tasks or any(task.done_at is None for task in tasks):
        return False
    inquiry.found.kept |= set(topics)
    return True


def _ask(inquiry: Inquiry, filed: FiledVisit) -> tuple[Case | None, tuple[Action, ...]]:
    """What the plugins say. One that fails leaves a task, and what was owed stays so: it is asked
    again with the next fact."""
    host, record = inquiry.host, inquiry.record
    try:
        chart = inquiry.file.chart_of_visit(record, inquiry.clinic, filed)
        if filed.row.booking_id is not None:
            chart = inquiry.file.chart(
                record, inquiry.clinic, inquiry.file.held(filed.row.booking_id)
            )
            if filed.row.filed_by == STAFF and filed.visit.payer is not None:
                booking = replace(chart.booking, payer=filed.visit.payer)
                chart = replace(chart, booking=booking)
        case = host.case(chart)
        found, failures = host.visit_complete(case, host.decide_case(case))
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - the visit stays completed whatever fails
        log.error("visit complete failed", visit=filed.row.id, error=describe(error))
        _failed(inquiry, filed, type(error).__name__)
        return None, ()
    for failure in failures:
        log.error("visit complete failed", visit=filed.row.id, plugin=failure.plugin)
        _failed(inquiry, filed, failure.plugin)
    return case, found


def _failed(inquiry: Inquiry, filed: FiledVisit, what: str) -> None:
    inquiry.found.unsure |= {TaskKind.ACTION, TaskKind.AFTER_VISIT}
    kind = TaskKind.AFTER_VISIT_FAILED
    topic = f"{_subject(filed)}:failed:{what}"
    text = inquiry.text(kind, day=filed.visit.on, what=what)
    inquiry.found.add(Owed(kind, topic, text, filed.row.booking_id))


def _of_the_visit(inquiry: Inquiry, kind: str) -> bool:
    """A plugin's own kind of work is the visit's that it was asked of, unless it says otherwise."""
    return inquiry.of_each_visit(kind, otherwise="." in kind)


def _add_of_visit(inquiry: Inquiry, filed: FiledVisit, case: Case | None, action: Action) -> None:
    """A claim is due when the clinic bills, which is long before the payer's last day."""
    assert filed.visit.on is not None, "see _may_owe"
    due, last_day = action.due, action.due
    if action.kind == "submit-claim":
        last_day = last_day if last_day is not None and last_day > filed.visit.on else None
        billed = add_days(filed.visit.on, inquiry.settings.bill_within_days)
        due = inquiry.desk_day(min(billed, last_day or billed))
    _add(inquiry, filed, case, action, f"{_subject(filed)}:{action.kind}", (due, last_day))


def _add_of_client(inquiry: Inquiry, filed: FiledVisit, case: Case | None, action: Action) -> None:
    days = (inquiry.desk_day(action.due), action.due)
    _add(inquiry, filed, case, action, matter(_billed(case), action), days)


def _billed(case: Case | None) -> str | None:
    return case.payer.key if case is not None and case.payer is not None else None


def _add(
    inquiry: Inquiry,
    filed: FiledVisit,
    case: Case | None,
    action: Action,
    topic: str,
    days: tuple[date | None, date | None],
) -> None:
    kind, message = TaskKind.AFTER_VISIT, action.message
    if _of_the_visit(inquiry, action.kind):
        message = f"{message} Visit of {in_words(filed.visit.on)}."
    text = inquiry.work(kind, action, message)
    owed = Owed(kind, topic, text, filed.row.booking_id, *days, _billed(case), action.kind)
    inquiry.found.add(owed)
