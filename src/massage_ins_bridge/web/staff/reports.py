"""The reports' page and its tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk.report import plots
from ...desk.report.period import Period, period
from ...desk.report.tables import as_csv, table
from ...desk.report.whole import report
from ...desk.roles import must_be_allowed
from ...domain.reading import Problem, UnusableInputError
from ..door.given import Here
from .looks import page, problems_of
from .person import Who
from .routes import StaffRoute
from .today import FIRST, LAST

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
LABELS = {"from": "From", "to": "To"}
First = Annotated[str, Query(alias="from", max_length=20)]
Last = Annotated[str, Query(alias="to", max_length=20)]


@router.get("/reports")
def reports(
    request: Request,
    who: Who,
    installation: Here,
    first: First = "",
    last: Last = "",
) -> Response:
    """What was saved, and how fast payers answer."""
    must_be_allowed(who.person, "reports")
    error = None
    with installation.read(who.person.clinic) as record:
        today = record.today
        try:
            chosen = _period(today, first, last)
        except UnusableInputError as found:
            chosen, error = period(today), found
        made = report(installation, record, request.app.state.opened, chosen)
        return page(
            request,
            record,
            who,
            "reports.html",
            422 if error else 200,
            found=made,
            bars=plots.bars(made.visits.stretches),
            lengths=plots.lengths(made.holds.soon),
            answered=plots.answered(made.payers),
            days_of=lambda one: plots.days(one, made.payers),
            typed={"from": first, "to": last} if error else {},
            problems=problems_of(error, LABELS),
            spans=_spans(today),
            query=f"from={chosen.first.isoformat()}&to={chosen.last.isoformat()}",
        )


@router.get("/reports/{name}.csv")
def report_table(
    request: Request,
    name: str,
    who: Who,
    installation: Here,
    first: First = "",
    last: Last = "",
) -> Response:
    """One table of the report, for spreadsheets."""
    must_be_allowed(who.person, "reports")
    with installation.read(who.person.clinic) as record:
        chosen = _period(record.today, first, last)
        text = as_csv(table(report(installation, record, request.app.state.opened, chosen), name))
    file = f"{name}-{chosen.first.isoformat()}-{chosen.last.isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    return Response("\ufeff" + text, headers=headers, media_type="text/csv; charset=utf-8")


def _period(today: date, first: str, last: str) -> Period:
    return period(today, _day("from", first), _day("to", last))


def _day(name: str, text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is not None and not FIRST <= found <= LAST:
        raise UnusableInputError([Problem(name, f"“{text}” is no day: write 2026-11-22.")])
    return found


def _spans(today: date) -> tuple[tuple[str, date, date], ...]:
    """What is often asked for: its words, first and last day."""
    year = today.replace(month=1, day=1)
    last = year.replace(year=year.year - 1)
    twelve = period(today)
    return (
        ("12 weeks", twelve.first, twelve.last),
        ("12 months", (today.replace(day=1) - timedelta(days=330)).replace(day=1), today),
        ("This year", year, today),
        ("Last year", last, year - timedelta(days=1)),
    )
