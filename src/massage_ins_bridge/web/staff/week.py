"""The week."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk.week import monday_of, week
from ..door.given import Here
from .looks import page
from .person import Who
from .routes import StaffRoute
from .today import FIRST, LAST

router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/week")
def shown_week(
    request: Request,
    who: Who,
    installation: Here,
    first: Annotated[date | None, Query(alias="from", ge=FIRST, le=LAST)] = None,
    whose: Annotated[str, Query(alias="with", max_length=80)] = "",
) -> Response:
    """Seven days, one beside the other."""
    with installation.read(who.person.clinic) as record:
        begins = monday_of(first or record.today)
        found = week(installation, record, request.app.state.opened, who.person, begins, whose)

        def at(day: date, name: str = whose) -> str:
            said = {"from": day.isoformat(), "with": name}
            return f"/week?{urlencode({k: v for k, v in said.items() if v})}"

        return page(request, record, who, "week.html", shown=found, whose=whose, at=at)
