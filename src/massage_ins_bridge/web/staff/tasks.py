"""Tasks: by day or by client, one's own, put off, done and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk.errors import ConflictError
from ...desk.open_days import open_days
from ...desk.own import own_client
from ...desk.task_acts import add_task, press_task
from ...desk.task_page import MOST, MOST_SHOWN, By, Which, task_page, to_add
from ...domain.reading import Problem, UnusableInputError
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(prefix="/tasks", include_in_schema=False, route_class=StaffRoute)
LABELS = {"what": "What", "due": "By", "given_to": "Who sees to it", "snoozed_until": "Until"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which tasks the address asks for, and how many at ``most``."""

    by: By = "day"
    which: Which = ""
    most: int = MOST


@router.get("")
def tasks(
    request: Request,
    who: Who,
    installation: Here,
    by: By = "day",
    whose: Annotated[Which | Literal["all"], Query()] = "",
    more: Annotated[int, Query(ge=MOST, le=MOST_SHOWN)] = MOST,
) -> Response:
    """What is to be done; ``more``: how many of it are shown at most."""
    which: Which = "" if whose == "all" else whose
    return _shown(request, who, installation, _Asked(by, which, more))


@router.post("/new")
def new_task(request: Request, form: Sent, installation: Here) -> Response:
    """A task of the desk's own."""
    person = form.signed.person
    try:
        return act(installation, form, lambda record: add_task(record, person, form.fields))
    except UnusableInputError as error:
        return _asked_again(request, form, installation, error)


def _asked_again(
    request: Request, form: Form, installation: Any, error: UnusableInputError
) -> Response:
    """The form with what was typed, and what is wrong with it."""
    person = form.signed.person
    with installation.read(person.clinic) as record:
        patient = form.fields.get("patient", "")
        name = ""
        if patient:
            own_client(record, person, patient)
            name = request.app.state.opened.names(record, [patient]).get(patient, "")
        return page(
            request,
            record,
            form.signed,
            "task.html",
            422,
            adding=to_add(record, open_days(installation), person),
            problems=problems_of(error, LABELS),
            typed=form.fields,
            patient=patient,
            name=name,
            back=form.back,
        )


@router.post("/{task_id}/do")
def pressed(request: Request, task_id: str, form: Sent, installation: Here) -> Response:
    """Done or not, put off, given away."""
    person, what = form.signed.person, form.get("do") or ""
    asked = _asked_from(form.back)
    try:
        return act(
            installation,
            form,
            lambda record: press_task(record, person, task_id, what, form.fields),
        )
    except UnusableInputError as error:
        return _shown(request, form.signed, installation, asked, error)
    except ConflictError as error:
        problem = UnusableInputError([Problem("", str(error))])
        return _shown(request, form.signed, installation, asked, problem, 409)


def _asked_from(path: str) -> _Asked:
    """Which tasks the page showed whose button was pressed."""
    given = {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}
    by: By = "client" if given.get("by") == "client" else "day"
    whiches: tuple[Which, ...] = get_args(Which)
    which: Which = next((one for one in whiches if one == given.get("whose")), "")
    more = given.get("more", "")
    return _Asked(
        by, which, min(int(more), MOST_SHOWN) if more.isdecimal() and len(more) < 5 else MOST
    )


def _shown(
    request: Request,
    who: Signed,
    installation: Any,
    asked: _Asked,
    error: UnusableInputError | None = None,
    status: int = 422,
) -> Response:
    with installation.read(who.person.clinic) as record:
        days, opened = open_days(installation), request.app.state.opened
        shown = task_page(record, opened, days, who.person, asked.by, asked.which, asked.most)
        return page(
            request,
            record,
            who,
            "tasks.html",
            status if error else 200,
            shown=shown,
            by=asked.by,
            which=asked.which,
            more=min(asked.most + MOST, MOST_SHOWN) if asked.most < MOST_SHOWN else None,
            problems=problems_of(error, LABELS),
            adding=to_add(record, days, who.person),
        )
