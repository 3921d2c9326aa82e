"""Clients from a file: sent, looked over line by line, and taken in as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ...desk.acts import Done
from ...desk.chart_columns import COLUMNS, template
from ...desk.chart_file import MOST_BYTES, MOST_LINES, as_file, read_lines
from ...desk.charts_found import FoundLine, look_over
from ...desk.charts_taken import keep_file, may_take_in, take_in
from ...desk.errors import NotFoundError
from ...desk.papers import Given
from ...desk.roles import must_not_be_covered
from ...domain.reading import Problem, UnusableInputError
from ...store.record import Record
from ..door.bodies import content_type
from ..door.given import Here
from ..door.paper_forms import FormError, PaperForm, read_with_files
from ..door.problems import ProblemError
from ..door.uploads import MULTIPART
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute
from .sent_files import form_with_files, sent_files

router = APIRouter(prefix="/clients/file", include_in_schema=False, route_class=StaffRoute)
LABELS = {"file": "The file", "instead": "The file before"}
#: How many lines of each kind a page shows.
MOST_SHOWN = 100
_SETTLE = "settle-"


@dataclass(frozen=True, slots=True)
class _Shown:
    """The file that is kept, looked over: ``left`` somebody has to see to."""

    name: str
    lines: list[FoundLine]

    @property
    def ready(self) -> list[FoundLine]:
        return [one for one in self.lines if one.ready]

    @property
    def left(self) -> list[FoundLine]:
        return [one for one in self.lines if one.left]

    @property
    def differing(self) -> list[FoundLine]:
        return [one for one in self.lines if one.differs]


@router.get("")
def chart_file(request: Request, who: Who, installation: Here) -> Response:
    """Send a file; and what the last one would write."""
    return _page(request, who, installation)


@router.post("")
async def send_file(request: Request, installation: Here) -> Response:
    """Keep a file, and look it over; nothing is written to any chart."""
    try:
        who, sent = await sent_files(request, _read, may_take_in)
    except FormError:
        raise ProblemError(400, "The file did not come whole. Send it again.") from None

    def keep() -> Response:
        form = form_with_files(request, who, sent)
        return _kept(request, form, installation, sent.files)

    return await run_in_threadpool(keep)


async def _read(request: Request) -> PaperForm:
    if content_type(request) != MULTIPART:
        raise ProblemError(415, "A file must be sent by the form of its page.")
    return await read_with_files(request, MOST_BYTES, 1)


@router.get("/template.csv")
def empty_file(who: Who) -> Response:
    """The line that names the columns."""
    may_take_in(who.person)
    return _csv(template(), "clients.csv")


@router.get("/left.csv")
def left_lines(who: Who, installation: Here) -> Response:
    """The lines that are not ready, to be mended and sent again."""
    may_take_in(who.person)
    with installation.read(who.person.clinic) as record:
        shown = _look(installation, record, {})
        if shown is None:
            raise NotFoundError("file")
        return _csv(as_file([one.line for one in shown.left]), "clients-left.csv")


@router.post("/take-in")
def taken_in(form: Sent, installation: Here) -> Response:
    """Take in all lines that are ready, at once; a file of which nothing is left is kept no longer.
    Or keep the file no longer as it is."""
    may_take_in(form.signed.person)
    settled = {
        int(name.removeprefix(_SETTLE)): said
        for name, said in form.fields.items()
        if name.removeprefix(_SETTLE).isdecimal() and len(name) < 16 and said
    }

    def do(record: Record) -> Done:
        row = record.chart_files.current()
        if row is None or row.id != form.seen:
            raise NotFoundError("file as it was shown; open its page again")
        if form.get("do") == "forget":
            record.chart_files.forget()
            return Done("charts-forgotten", "The file is kept no longer. No chart is changed.")
        found = look_over(installation, record, record.chart_files.content(row), settled)
        done = take_in(record, form.signed.person, found)
        if not any(one.left for one in found):
            record.chart_files.forget()
        return done

    return act(installation, form, do)


def _kept(request: Request, form: Form, installation: Here, files: tuple[Given, ...]) -> Response:
    try:
        may_take_in(form.signed.person)
        if not files:
            raise UnusableInputError([Problem("file", "is missing; choose one")])
        read_lines(files[0].content, installation.host.payers)
        with installation.write(form.signed.person.clinic) as record:
            keep_file(
                installation,
                record,
                form.signed.person,
                files[0].name,
                files[0].content,
                instead=form.get("instead") == "yes",
            )
    except UnusableInputError as error:
        return _page(request, form.signed, installation, error)
    return RedirectResponse("/clients/file", 303)


def _look(installation: Here, record: Record, settled: dict[int, str]) -> _Shown | None:
    row = record.chart_files.current()
    if row is None:
        return None
    lines = look_over(installation, record, record.chart_files.content(row), settled)
    return _Shown(record.chart_files.name(row), lines)


def _page(
    request: Request, who: Signed, installation: Here, error: UnusableInputError | None = None
) -> Response:
    may_take_in(who.person)
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        row = record.chart_files.current()
        return page(
            request,
            record,
            who,
            "charts.html",
            422 if error else 200,
            shown=_look(installation, record, {}),
            seen=row.id if row is not None else "",
            columns=tuple(COLUMNS.values()),
            most=MOST_SHOWN,
            most_lines=f"{MOST_LINES:,}",
            problems=problems_of(error, LABELS),
        )


def _csv(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")
