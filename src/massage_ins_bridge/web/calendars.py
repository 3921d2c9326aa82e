"""``/calendars/{token}.ics``: calendars that the clinic gives out. The address is the key: whoever
has it reads the calendar, and nobody else does."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ..desk.calendar_feed import Feeds
from .door.conditions import is_known
from .door.problems import ProblemError

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: Longer ones are no tokens of ours.
_LONGEST = 100


def router(feeds: Feeds) -> APIRouter:
    made = APIRouter()

    @made.api_route(
        "/calendars/{token}.ics", methods=["GET", "HEAD"], include_in_schema=False, name="calendar"
    )
    def calendar(token: str, request: Request) -> Response:
        """The calendar, or only that it is as it was."""
        feed = feeds.of(token) if len(token) <= _LONGEST else None
        if feed is None:
            raise ProblemError(
                404, "There is no calendar at this address. Ask the clinic for the one of now."
            )
        headers = {"etag": f'"{feed.tag}"', "cache-control": "private, no-cache"}
        if is_known(request, feed.tag):
            return Response(status_code=304, headers=headers)
        return Response(feed.body, media_type=MEDIA_TYPE, headers=headers)

    return made
