"""A prescription beside its paper, what the rules find while it is typed, and the letter to the
prescriber."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk import chart
from ...desk import prescription_form as desk
from ...desk.acts import Done
from ...desk.errors import NotFoundError, PreconditionError
from ...desk.fact_forms import shown as as_shown
from ...desk.fact_forms import typed as as_typed
from ...desk.own import own_client
from ...desk.prescriber_letter import letterhead, prescriber_letter
from ...desk.prescriptions import KIND, serving
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.say import NO_NAME
from ...desk.tags import tag_of, to_json
from ...documents.pdf import letter_pdf
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .facts import Filled, made_from, theirs_of
from .forms import Form, Sent, act, with_done
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(
    prefix="/clients/{patient_id}/prescriptions", include_in_schema=False, route_class=StaffRoute
)


@router.get("/new")
def new(
    request: Request, patient_id: str, who: Who, installation: Here, paper: str = ""
) -> Response:
    """Ask for a new prescription, beside the paper that came in."""
    must_be_allowed(who.person, "work")
    must_not_be_covered(who.person)
    return _form(request, who, installation, (patient_id, "", paper), Filled({}))


@router.post("/new")
def add(request: Request, patient_id: str, sent: Sent, installation: Here) -> Response:
    """File a new prescription, or only look at what the rules find of it."""
    person = sent.signed.person
    must_be_allowed(person, "work")
    where = (patient_id, "", sent.get("paper") or "")
    if sent.get("do") == "look":
        return _form(request, sent.signed, installation, where, Filled(sent.fields))
    made: list[str] = []

    def do(record: Record) -> Done:
        own_client(record, person, patient_id)
        data = as_typed(desk.fields(record), sent.fields)
        done = desk.file_new(record, patient_id, where[2], data, confirm=_confirms(sent))
        made.append(done.needs["fact"][2])
        return done

    answer = _carried(request, installation, sent, where, do)
    return _to_letter(answer, sent, patient_id, made[0]) if made else answer


@router.get("/of/{booking_id}")
def of_booking(patient_id: str, booking_id: str, who: Who, installation: Here) -> Response:
    """To the prescription that serves a booking best; to a new one where none is on file."""
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        found = serving(installation, record, patient_id, booking_id)
    return RedirectResponse(f"/clients/{patient_id}/prescriptions/{found or 'new'}", 303)


@router.get("/{fact_id}")
def edit(request: Request, patient_id: str, fact_id: str, who: Who, installation: Here) -> Response:
    """Show a prescription beside its paper, to be changed."""
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        fact = chart.get_fact(record, patient_id, KIND, fact_id)
        values = as_shown(desk.fields(record), fact.data)
    filled = made_from(values, tag_of(fact.view))
    return _form(request, who, installation, (patient_id, fact_id, ""), filled)


@router.post("/{fact_id}")
def change(
    request: Request, patient_id: str, fact_id: str, sent: Sent, installation: Here
) -> Response:
    """Change a prescription, confirm it, take it out of the chart, or only look at it."""
    person = sent.signed.person
    must_be_allowed(person, "work")
    where = (patient_id, fact_id, "")
    if sent.get("do") == "look":
        return _form(
            request, sent.signed, installation, where, Filled(sent.fields, sent.seen, was=sent.was)
        )

    def do(record: Record) -> Done | None:
        own_client(record, person, patient_id)
        tags = frozenset({sent.seen}) if sent.seen else None
        if sent.get("do") == "remove":
            return desk.take_out(record, patient_id, fact_id, tags)
        data = as_typed(desk.fields(record), sent.fields)
        confirm = _confirms(sent)
        return desk.file_again(record, patient_id, fact_id, data, confirm=confirm, tags=tags)

    return _to_letter(_carried(request, installation, sent, where, do), sent, patient_id, fact_id)


@router.post("/{fact_id}/findings")
def findings(patient_id: str, fact_id: str, sent: Sent, installation: Here) -> Response:
    """What the rules find of what is typed so far, for the page's script; ``new`` is one that is
    not on file yet. Nothing is kept."""
    must_be_allowed(sent.signed.person, "work")
    known = "" if fact_id == "new" else fact_id
    with installation.read(sent.signed.person.clinic) as record:
        own_client(record, sent.signed.person, patient_id)
        found = _found(installation, record, (patient_id, known), sent.fields)
    return Response(to_json(found), media_type="application/json")


@router.get("/{fact_id}/letter")
def letter(
    request: Request, patient_id: str, fact_id: str, who: Who, installation: Here
) -> Response:
    """The letter to the prescriber, to copy, print or fax."""
    must_be_allowed(who.person, "papers")
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        row = own_client(record, who.person, patient_id)
        where = letterhead(installation, record)
        return page(
            request,
            record,
            who,
            "letter.html",
            name=str(record.clients.facts(row).get("name") or NO_NAME),
            patient=patient_id,
            fact=fact_id,
            letter=prescriber_letter(installation, record, patient_id, fact_id),
            says_where=bool(where["contact"] or where["address"]),
        )


@router.get("/{fact_id}/letter.pdf")
def letter_file(patient_id: str, fact_id: str, who: Who, installation: Here) -> Response:
    """The same as a PDF."""
    must_be_allowed(who.person, "papers")
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        made = prescriber_letter(installation, record, patient_id, fact_id)
    if not made.asks:
        raise NotFoundError("letter")
    return pdf_answer(made.paragraphs)


def pdf_answer(paragraphs: tuple[str, ...]) -> Response:
    """A letter as a PDF, to be saved or printed."""
    headers = {"content-disposition": 'inline; filename="letter.pdf"'}
    content = letter_pdf(paragraphs)
    return Response(content, headers=headers, media_type="application/pdf")


def _confirms(sent: Form) -> bool:
    return sent.get("do") in ("confirm", "confirm-and-write")


def _to_letter(answer: Response, sent: Form, patient_id: str, fact_id: str) -> Response:
    """After that the letter is shown, where it was asked for."""
    if sent.get("do") == "confirm-and-write" and answer.status_code == 303:
        done = answer.headers["location"].partition("done=")[2]
        path = f"/clients/{patient_id}/prescriptions/{fact_id}/letter"
        answer.headers["location"] = with_done(path, done or None)
    return answer


def _carried(
    request: Request, installation: Any, sent: Form, where: tuple[str, str, str], do: Any
) -> Response:
    """Carry it out; else the form again, with all that was typed."""
    try:
        return act(installation, sent, do)
    except UnusableInputError as error:
        filled = Filled(sent.fields, sent.seen, error, was=sent.was)
    except PreconditionError:
        filled = theirs_of(installation, sent, (where[0], desk.FORM, where[1]))
    return _form(request, sent.signed, installation, where, filled)


def _found(
    installation: Any, record: Record, where: tuple[str, str], values: Mapping[str, str]
) -> desk.Findings:
    """What the rules find. What cannot be read is said at its field; the others are judged as if
    nothing stood there."""
    fields = {one.path: one.name for one in desk.fields(record)}
    labels = {one.path: one.label for one in desk.fields(record)}
    read, unread = dict(values), dict[str, tuple[desk.Said, ...]]()
    while True:
        try:
            data = as_typed(desk.fields(record), read)
            found = desk.findings(installation, record, *where, data)
        except UnusableInputError as error:
            wrong = {fields[p.path]: p for p in error.problems if read.get(fields.get(p.path, ""))}
            if not wrong:
                return desk.Findings(unread, (), "", (), "")
            for said in problems_of(error, labels):
                if fields.get(said["path"]) in wrong:
                    words = f"{said['label']} {said['message']}."
                    unread[fields[said["path"]]] = (desk.Said("unknown", words),)
            for name in wrong:
                del read[name]
        else:
            return replace(found, fields={**found.fields, **unread})


def _arrived(record: Record, fact_id: str, beside: desk.Beside) -> dict[str, str]:
    """What is known of a paper before anybody reads it: when it came."""
    if fact_id or not beside.files:
        return {}
    return {"received_on": record.day(beside.files[0].created_at).isoformat()}


def _form(
    request: Request, who: Signed, installation: Any, where: tuple[str, str, str], filled: Filled
) -> Response:
    patient_id, fact_id, paper = where
    with installation.read(who.person.clinic) as record:
        row = own_client(record, who.person, patient_id)
        beside = desk.beside(record, patient_id, fact_id, paper)
        labels = {one.path: one.label for one in desk.fields(record)}
        return page(
            request,
            record,
            who,
            "prescription.html",
            422 if filled.error else 409 if filled.theirs else 200,
            name=str(record.clients.facts(row).get("name") or NO_NAME),
            patient=patient_id,
            fact=fact_id,
            beside=beside,
            found=_found(installation, record, (patient_id, fact_id), filled.values),
            values=filled.values or _arrived(record, fact_id, beside),
            seen=filled.seen,
            was=filled.was,
            problems=problems_of(filled.error, labels),
            theirs=filled.theirs,
            back=f"/clients/{patient_id}",
        )
