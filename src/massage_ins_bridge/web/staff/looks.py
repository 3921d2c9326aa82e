"""How pages are made: one set of templates, and what each page shows beside its own contents."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from ...desk import frame
from ...desk.installation import Installation
from ...desk.say import day_in_words, initials, time_in_words
from ...domain.reading import UnusableInputError
from ...domain.source import as_source
from ...store.record import Record
from ..door.access import installation_of
from ..door.templates import templates
from .forms import inside
from .kept_rows import row_writer
from .person import SAID, Signed

HERE = Path(__file__).parent
#: With "no-referrer" browsers do not say from where a form comes, which every form is asked for.
HEADERS = {"referrer-policy": "same-origin"}
PAGES = templates(HERE / "templates")
#: From here on a page tells what is wrong; what was done before it is told no more.
_WRONG = 400
#: A day in a message; one that shows how to write a day stays as it is.
_A_DAY = re.compile(r"(?<!such as )(?<!write )(?<!\u201c)\b\d{4}-\d\d-\d\d\b(?!T)")
_ENTRY = re.compile(r"\[\d+\]$")
#: What the API says of a body, as a form says it.
_OF_FORMS = {"says nothing; send at least one field": "Fill in at least one field."}
_LOST = {
    404: "There is no such page. The address may have been cut off.",
    405: "This address only takes what a form sends. Open its page again.",
}
_NOT_OURS = ("/v1", "/webhooks", "/p/", "/static", "/calendars")


def page(
    request: Request,
    record: Record,
    who: Signed,
    template: str,
    status: int = 200,
    **shown: Any,
) -> Response:
    """A page of the desk: ``shown`` is what the template itself needs, the rest is the frame."""
    installation = installation_of(request)
    framed = frame.frame(installation, record, who.person)
    tools, here = _tools(installation, record, covered=who.person.covered), _here(request)
    macros, opened = PAGES.get_template("macros.html"), request.app.state.opened
    said = unquote(request.cookies.get(SAID, ""))
    text = PAGES.get_template(template).render(
        frame=framed,
        said_once=said,
        who=who,
        path=request.url.path,
        here=here,
        row_of=row_writer(macros, opened, who, here, record.today.year, tools),
        mark=frame.mark(record),
        can_set_up=request.app.state.service.file is not None,
        done=frame.done_line(record, who.person, "" if status >= _WRONG else _done(request)),
        **tools,
        **shown,
    )
    answer = HTMLResponse(text, status, HEADERS)
    if said:
        answer.delete_cookie(SAID, httponly=True, samesite="strict")
    return answer


def bare(
    request: Request, title: str, words: Sequence[str], status: int, **more: Any
) -> HTMLResponse:
    """A page that shows nothing of the record: what went wrong; ``more`` for its template."""
    name = installation_of(request).settings.clinic_facts.name or "Bookings"
    shown = {"shut": False, "typed": (), "again": None, "back": _came_from(request), **more}
    text = PAGES.get_template("trouble.html").render(clinic=name, title=title, words=words, **shown)
    return HTMLResponse(text, status, HEADERS)


def _came_from(request: Request) -> str:
    """The page of this site on which somebody was; empty where that is not known."""
    try:
        said = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    path = said.path + (f"?{said.query}" if said.query else "")
    ours = said.netloc == request.headers.get("host", "") and inside(path, "") != ""
    return path if ours and path != request.url.path else ""


def lost(request: Request, status: int) -> HTMLResponse | None:
    """For a browser of the desk at an address that is none, or that only takes what a form sends;
    programs, platforms and clients are told otherwise."""
    words = _LOST.get(status)
    asks = "text/html" in request.headers.get("accept", "")
    if words is None or not asks or request.url.path.startswith(_NOT_OURS):
        return None
    return bare(request, "Nothing is here", [words], status)


def not_let_in(request: Request, why: str) -> HTMLResponse:
    """Why a browser is not let in."""
    return bare(request, "Not let in", [why], 403, shut=True)


def problems_of(
    error: UnusableInputError | None, labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """What is wrong with a form, field by field, with what the fields are called; days as people
    write them. What is wrong with one entry of a list is wrong with its field."""
    problems = error.problems if error is not None else ()
    paths = [p.path if p.path in labels else _ENTRY.sub("", p.path) for p in problems]
    return [
        {
            "path": path,
            "label": labels.get(path, path),
            "message": _A_DAY.sub(_in_words, _OF_FORMS.get(p.message, p.message)),
        }
        for path, p in zip(paths, problems, strict=True)
    ]


def _done(request: Request) -> str:
    return request.query_params.get("done", "")


def _in_words(found: re.Match[str]) -> str:
    try:
        return day_in_words(date.fromisoformat(found[0]), 0)
    except ValueError:
        return found[0]


class Known(dict[str, Any]):
    """A fact in a template: what it does not say is ``None``, at any depth."""

    def __missing__(self, key: str) -> None:
        return None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Known:
        return cls({k: cls.of(v) if isinstance(v, Mapping) else v for k, v in data.items()})


def _here(request: Request) -> str:
    """This page's address without what was just done."""
    query = "&".join(p for p in request.url.query.split("&") if p and not p.startswith("done="))
    return request.url.path + (f"?{query}" if query else "")


def _tools(installation: Installation, record: Record, *, covered: bool) -> dict[str, Any]:
    """What templates write with: days and times of the clinic, and a new mark for each form."""
    zone, year = ZoneInfo(installation.zone), record.today.year

    def day(value: date | datetime | None) -> str:
        if isinstance(value, datetime):
            value = value.astimezone(zone).date()
        return day_in_words(value, year) if value else ""

    def clock(value: datetime) -> str:
        return time_in_words(value.astimezone(zone))

    def local(value: datetime) -> str:
        return value.astimezone(zone).isoformat(timespec="minutes")

    return {
        "day": day,
        "date_of": lambda text: day(date.fromisoformat(text)),
        "clock": clock,
        "local": local,
        "known": Known.of,
        "source_of": as_source,
        "printed_at": record.now,
        "cover": initials if covered else str,
        "once": lambda: secrets.token_urlsafe(12),
    }
