"""Today, and any other day."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ...desk import frame
from ...desk.day import MOST, Asked, day
from ...desk.opened import Opened
from ..door.given import Here
from .looks import page
from .person import Page, Signed, Who, by_itself
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
#: Days that calendars and clocks can be asked about.
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)
More = Annotated[int, Query(ge=1, le=2000)]


@router.get("/today")
def today(
    request: Request,
    who: Who,
    installation: Here,
    day_: Annotated[date | None, Query(alias="day", ge=FIRST, le=LAST)] = None,
    whose: Annotated[str, Query(alias="with", max_length=80)] = "",
    needs: str = "",
    more: More = MOST,
) -> Response:
    """One day's bookings, what needs somebody, and what happens by itself."""
    opened: Opened = request.app.state.opened
    with installation.read(who.person.clinic) as record:
        asked = Asked(day_ or record.today, whose, needs == "me", more)
        shown = day(installation, record, opened, who.person, asked)
        local = record.now.astimezone(ZoneInfo(record.zone))
        year = f", {shown.day.year}" if shown.day.year != local.year else ""
        return page(
            request,
            record,
            who,
            "today.html",
            shown=shown,
            asked=asked,
            now=record.now,
            long_day=f"{shown.day:%A, %B} {shown.day.day}{year}",
            at=_addresses(asked, record.today),
        )


@router.get("/mark")
def mark(who: Page, installation: Here) -> Response:
    """A text that is another one once anything has changed."""
    with installation.read(who.person.clinic) as record:
        return PlainTextResponse(frame.mark(record))


@router.get("/signs-out")
def signs_out(who: Page) -> Response:
    """When whoever is signed in is signed out by themselves. Asking is no sign of them."""
    return _signs_out(who)


@router.get("/stay")
def stay(request: Request, who: Who) -> Response:
    """The same, asked by somebody who is there: they stay signed in."""
    return _signs_out(by_itself(request) if who.stale else who)


def _signs_out(who: Signed) -> Response:
    return JSONResponse(asdict(who.signs_out)) if who.signs_out else Response(status_code=204)


class _addresses:  # noqa: N801 - it is called as a function, with what is to be another
    """The addresses of days, with what is chosen kept."""

    def __init__(self, asked: Asked, today: date) -> None:
        self._asked, self._today = asked, today

    def __call__(
        self,
        day: date,
        *,
        whose: str | None = None,
        needs: bool | None = None,
        more: int | None = None,
    ) -> str:
        asked = replace(
            self._asked,
            day=day,
            whose=self._asked.whose if whose is None else whose,
            needs_me=self._asked.needs_me if needs is None else needs,
            more=more or MOST,
        )
        said = {
            "day": asked.day.isoformat() if asked.day != self._today else "",
            "with": asked.whose,
            "needs": "me" if asked.needs_me else "",
            "more": str(asked.more) if asked.more != MOST else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/today?{query}" if query else "/today"
