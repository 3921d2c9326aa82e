"""``/v1/report``: what was saved and how fast payers answer, over some days."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk.report.period import period
from ...desk.report.whole import Report, report
from ..door.given import Clinic, Here
from .filters import Day
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1", tags=["report"])


@router.get("/report", **operation(GIVEN.of(Report), 422))
def get_report(
    request: Request,
    clinic: Clinic,
    installation: Here,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> Response:
    """Visits that would have been unpaid, how soon holds were cured, and how payers answered; of
    two years at most, without a choice of the last 12 weeks. It names no client."""
    with installation.read(clinic) as record:
        chosen = period(record.today, first, last)
        return answer(report(installation, record, request.app.state.opened, chosen))
