"""Clients: found, added, changed, and each on one page."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk import chart, views
from ...desk.acts import Done
from ...desk.already_here import Alike, already_here
from ...desk.client_page import client_page, payers_asked
from ...desk.errors import PreconditionError
from ...desk.fact_fields import CLIENT
from ...desk.fact_forms import shown as as_shown
from ...desk.fact_forms import typed as as_typed
from ...desk.find_clients import LONGEST, find_clients
from ...desk.notes import add_note
from ...desk.open_days import open_days
from ...desk.own import own_client
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.say import NO_NAME, short_name
from ...desk.sight import payer_called
from ...desk.tags import tag_of
from ...desk.task_page import to_add
from ...desk.tasks import as_to_do
from ...domain.reading import Problem, UnusableInputError
from ...store.acts import About
from ...store.record import Record
from ..door.given import Here
from .facts import Filled, made_from
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who
from .quicker import meet, was_of, who_was
from .routes import StaffRoute

router = APIRouter(prefix="/clients", include_in_schema=False, route_class=StaffRoute)
#: The field by which somebody says that nobody on file is the client whom they add.
_NEW = "is_new"
LABELS = {field.path: field.label for field in CLIENT}


@router.get("")
def clients(request: Request, who: Who, installation: Here) -> Response:
    """All clients, as many as a page shows."""
    return _found(request, who, installation, "")


@router.post("")
def find_client(request: Request, form: Sent, installation: Here) -> Response:
    """Find a client, or ask for a new one of that name. What is typed is a name or a number, and
    these stand in no address."""
    typed = form.fields.get("q", "")[:LONGEST]
    if form.get("do") == "add":
        must_be_allowed(form.signed.person, "work")
        return _form(request, form.signed, installation, Filled({"name": typed}))
    return _found(request, form.signed, installation, typed)


def _found(request: Request, who: Signed, installation: Any, typed: str) -> Response:
    """Those who are found. One who is found alone is shown at once."""
    with installation.read(who.person.clinic) as record:
        found = find_clients(record, request.app.state.opened, who.person, typed)
        if typed and len(found.clients) == 1:
            return RedirectResponse(f"/clients/{found.clients[0].id}", 303)
        return page(request, record, who, "clients.html", found=found, q=typed)


@router.get("/new")
def new_client(request: Request, who: Who, installation: Here) -> Response:
    """Ask for a new client."""
    must_be_allowed(who.person, "work")
    return _form(request, who, installation, Filled({}))


@router.post("/new")
def add_client(request: Request, form: Sent, installation: Here) -> Response:
    """Add a client, and show them."""
    person = form.signed.person
    must_be_allowed(person, "work")
    made: list[str] = []
    alike = () if form.get(_NEW) else _already_here(installation, form)
    if alike:
        return _form(request, form.signed, installation, Filled(form.fields), alike=alike)

    def do(record: Record) -> Done:
        data = {k: v for k, v in as_typed(CLIENT, form.fields).items() if v is not None}
        if not data.get("name"):
            raise UnusableInputError([Problem("name", "is empty; write what the client is called")])
        row = chart.add_client(record, data)
        made.append(row.id)
        return Done("client-added", f"{data['name']} is on file.", About(row.id))

    try:
        answer = act(installation, form, do)
    except UnusableInputError as error:
        return _form(request, form.signed, installation, Filled(form.fields, error=error))
    if made:
        answer.headers["location"] = answer.headers["location"].replace(
            form.back, f"/clients/{made[0]}", 1
        )
    return answer


def _already_here(installation: Any, form: Form) -> tuple[Alike, ...]:
    """Those who may be the one who is typed; nobody where it cannot be read, which is told then,
    and where the form was sent before."""
    try:
        data = as_typed(CLIENT, form.fields)
        with installation.read(form.signed.person.clinic) as record:
            if form.once and record.acts.by_form(form.once) is not None:
                return ()
            chart.checked_client(record, {k: v for k, v in data.items() if v is not None})
            return already_here(record, form.signed.person, data)
    except UnusableInputError:
        return ()


@router.get("/{patient_id}")
def client(request: Request, patient_id: str, who: Who, installation: Here) -> Response:
    """One client's page; that it was seen is on record."""
    return _client(request, patient_id, who, installation)


def _client(
    request: Request,
    patient_id: str,
    who: Signed,
    installation: Any,
    error: UnusableInputError | None = None,
    note: str = "",
) -> Response:
    with installation.read(who.person.clinic) as record:
        joined = record.clients.who_is(patient_id)
        if joined is not None and joined.id != patient_id:
            own_client(record, who.person, joined.id)
            return RedirectResponse(f"/clients/{joined.id}", 303)
        own_client(record, who.person, patient_id)
        shown = client_page(installation, record, request.app.state.opened, who.person, patient_id)
        name = str(shown.client.get("name") or NO_NAME)
        return page(
            request,
            record,
            who,
            "client.html",
            422 if error else 200,
            shown=shown,
            problems=problems_of(error, {"note": "New note"}),
            note=note,
            name=name,
            title=short_name(name),
            payer_of=partial(payer_called, installation),
            asked_of={} if who.person.covered else payers_asked(installation, record, shown),
            adding=to_add(record, open_days(installation), who.person),
            to_do=lambda task: as_to_do(task.kind, task.message),
        )


@router.get("/{patient_id}/edit")
def edit_client(request: Request, patient_id: str, who: Who, installation: Here) -> Response:
    """Ask what is to be changed of a client."""
    must_not_be_covered(who.person)
    must_be_allowed(who.person, "work")
    with installation.read(who.person.clinic) as record:
        row = own_client(record, who.person, patient_id)
        known = as_shown(CLIENT, views.client(record, row))
        seen = tag_of(chart.whole_client(record, row))
    return _form(request, who, installation, made_from(known, seen), patient_id)


@router.post("/{patient_id}/edit")
def change_client(request: Request, patient_id: str, form: Sent, installation: Here) -> Response:
    """Change a client."""
    person = form.signed.person
    must_be_allowed(person, "work")

    def do(record: Record) -> Done | None:
        row = own_client(record, person, patient_id)
        before = views.client(record, row)
        data = as_typed(CLIENT, form.fields)
        changed = {k: v for k, v in data.items() if before.get(k) != v}
        if not changed:
            return None
        tags = frozenset({form.seen}) if form.seen else None
        after = views.client(record, chart.change_client(record, patient_id, changed, tags))
        needs = {
            "patient": patient_id,
            "before": {k: before.get(k) for k in changed},
            "after": {k: after.get(k) for k in changed},
        }
        said = "; ".join(_from_to(k, after.get(k), before.get(k)) for k in changed)
        return Done("client-changed", f"Changed: {said}.", About(patient_id), "client", needs)

    try:
        return act(installation, form, do)
    except UnusableInputError as error:
        return _form(
            request,
            form.signed,
            installation,
            Filled(form.fields, form.seen, error, was=form.was),
            patient_id,
        )
    except PreconditionError:
        return _somebody_was_quicker(request, form, installation, patient_id)


def _from_to(name: str, now: Any, before: Any) -> str:
    """What a field says now, and what it said."""
    field = next(one for one in CLIENT if one.path == name)
    new, old = (as_shown([field], {name: value})[field.name] for value in (now, before))
    named = dict(field.options)
    new, old = named.get(new, new), named.get(old, old)
    return f"{field.label.lower()}: {new or 'not known'}, was {old or 'not known'}"


def _somebody_was_quicker(
    request: Request, form: Form, installation: Any, patient_id: str
) -> Response:
    """The form again with what was typed, beside what somebody else saved meanwhile."""
    with installation.read(form.signed.person.clinic) as record:
        row = own_client(record, form.signed.person, patient_id)
        now = as_shown(CLIENT, views.client(record, row))
        seen = tag_of(chart.whole_client(record, row))
        quicker = who_was(record, row.id)
    values, theirs = meet(form, now)
    filled = Filled(values, seen, theirs={"": quicker, **theirs}, was=was_of(now))
    return _form(request, form.signed, installation, filled, patient_id)


@router.post("/{patient_id}/note")
def note(request: Request, patient_id: str, form: Sent, installation: Here) -> Response:
    """Write a note that staff alone sees."""
    person, text = form.signed.person, form.fields.get("note", "")
    try:
        return act(installation, form, lambda record: add_note(record, person, patient_id, text))
    except UnusableInputError as error:
        must_not_be_covered(person)
        return _client(request, patient_id, form.signed, installation, error, text)


def _form(
    request: Request,
    who: Signed,
    installation: Any,
    filled: Filled,
    patient_id: str = "",
    alike: tuple[Alike, ...] = (),
) -> Response:
    status = 422 if filled.error else 409 if filled.theirs or alike else 200
    with installation.read(who.person.clinic) as record:
        return page(
            request,
            record,
            who,
            "fact.html",
            status,
            heading="Change the client" if patient_id else "Add a client",
            fields=CLIENT,
            values=filled.values,
            seen=filled.seen,
            was=filled.was,
            problems=problems_of(filled.error, LABELS),
            theirs=filled.theirs,
            button="Add them all the same" if alike else "Save",
            alike=alike,
            sure=_NEW,
            payers=(),
            back=f"/clients/{patient_id}" if patient_id else "/clients",
        )
