"""The worksheet for a payer's portal, that it was asked, and the answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...desk.acts import Done
from ...desk.appeals import has_complaint
from ...desk.worksheet import worksheet
from ...desk.worksheet_answers import ANSWERS, record_answer, record_asked
from ...desk.worksheet_typed import type_over
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .forms import Sent, act
from .labels import FIELD, OF_WORKSHEETS
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(
    prefix="/clients/{patient_id}/ask/{payer}", include_in_schema=False, route_class=StaffRoute
)


@router.get("")
def sheet(request: Request, patient_id: str, payer: str, who: Who, installation: Here) -> Response:
    """What the portal asks, to copy or print."""
    return _shown(request, who, installation, (patient_id, payer))


@router.post("")
def recorded(
    request: Request, patient_id: str, payer: str, form: Sent, installation: Here
) -> Response:
    """What a field is to say, that it was asked, or what they said."""
    person, where = form.signed.person, (patient_id, payer)

    def do(record: Record) -> Done | None:
        if form.get("do") == "sheet":
            typed = {
                name.removeprefix(FIELD): text
                for name, text in form.fields.items()
                if name.startswith(FIELD)
            }
            return type_over(installation, record, person, where, typed)
        record_it = record_asked if form.get("do") == "asked" else record_answer
        return record_it(installation, record, person, where, form.fields)

    try:
        return act(installation, form, do)
    except UnusableInputError as error:
        return _shown(request, form.signed, installation, where, error, dict(form.fields))


def _shown(
    request: Request,
    who: Signed,
    installation: Any,
    where: tuple[str, str],
    error: UnusableInputError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    with installation.read(who.person.clinic) as record:
        found = worksheet(installation, record, who.person, *where)
        lines = (line for part in found.sections for line in part.lines)
        labels = {**OF_WORKSHEETS, **{f"{FIELD}{one.name}": one.label for one in lines}}
        waits = found.open.record if found.open is not None else ""
        return page(
            request,
            record,
            who,
            "ask.html",
            422 if error else 200,
            sheet=found,
            complaint=bool(waits and has_complaint(installation, record, where[0], waits)),
            answers=ANSWERS,
            today=record.today,
            problems=problems_of(error, labels),
            typed=typed or {},
        )
