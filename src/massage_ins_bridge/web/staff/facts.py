"""Forms for every fact of a chart, from insurance to progress reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...desk import chart
from ...desk.acts import Done
from ...desk.errors import NotFoundError, PreconditionError
from ...desk.fact_fields import FORMS, Field
from ...desk.fact_forms import fields_of
from ...desk.fact_forms import shown as as_shown
from ...desk.fact_forms import typed as as_typed
from ...desk.heard_coverage import add_coverage
from ...desk.own import own_client
from ...desk.payer_names import payer_like
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.tags import tag_of
from ...domain.reading import UnusableInputError
from ...store.acts import About
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import page, problems_of
from .person import Signed, Who
from .quicker import meet, was_of, who_was
from .routes import StaffRoute

router = APIRouter(prefix="/clients/{patient_id}", include_in_schema=False, route_class=StaffRoute)
#: By form, what it is called.
NAMES: Mapping[str, str] = {
    "coverages": "insurance",
    "claims": "claim",
    "prescriptions": "prescription",
    "authorizations": "authorization",
    "visits": "visit",
    "progress-reports": "progress report",
}
#: The field by which somebody says that the payer is called as it is typed.
_SURE = "payer_is"
_ADD: Mapping[str, str] = {
    "coverages": "Add insurance",
    "claims": "Add a claim",
    "prescriptions": "Add a prescription",
    "authorizations": "Record an answer",
    "visits": "Add a visit",
    "progress-reports": "Add a progress report",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows: what stands in its fields, the version that it is made from, what is
    wrong, and what somebody else saved meanwhile (who, under the empty name); ``was``: how its
    fields stood in that version."""

    values: Mapping[str, str]
    seen: str = ""
    error: UnusableInputError | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)
    was: str = ""
    meant: str = ""


def made_from(values: Mapping[str, str], seen: str) -> Filled:
    """A form as it is opened, of a version (``seen``) of what it changes."""
    return Filled(values, seen, was=was_of(values))


@router.get("/{form}/new")
def new_fact(
    request: Request,
    patient_id: str,
    form: str,
    who: Who,
    installation: Here,
    payer: str = "",
    kind: str = "",
) -> Response:
    """Ask for a new fact."""
    must_be_allowed(who.person, "work")
    _must_be_form(form)
    known = {"payer": payer[:100], "kind": kind[:100]}
    return _form(request, who, installation, (patient_id, form, ""), Filled(known))


@router.post("/{form}/new")
def add_fact(
    request: Request, patient_id: str, form: str, sent: Sent, installation: Here
) -> Response:
    """Add a fact, and go back to the client."""
    must_be_allowed(sent.signed.person, "work")
    kind = _must_be_form(form)
    if meant := payer_meant(installation, sent):
        return _form(request, sent.signed, installation, (patient_id, form, ""), meant)

    def do(record: Record) -> Done:
        own_client(record, sent.signed.person, patient_id)
        data = as_typed(fields_of(form, record.vocabulary), sent.fields)
        known = {name: value for name, value in data.items() if value is not None}
        if kind == "coverage":
            fact, heard = add_coverage(installation, record, patient_id, known)
        else:
            fact, heard = chart.add_fact(record, patient_id, kind, known), None
        after = tag_of(fact.data)
        needs: dict[str, Any] = {"fact": [patient_id, kind, fact.record], "after": after}
        if heard is not None:
            said = f"The {NAMES[form]} is saved, in the place of what the client told."
            needs["before"] = heard.data
            return Done("fact-changed", said, About(patient_id), "fact", needs)
        return Done(
            "fact-added",
            f"The {NAMES[form]} is saved. The visits are judged again.",
            About(patient_id),
            "fact-added",
            needs,
        )

    return _carried(request, installation, sent, (patient_id, form, ""), do)


@router.get("/{form}/{fact_id}")
def edit_fact(
    request: Request, patient_id: str, form: str, fact_id: str, who: Who, installation: Here
) -> Response:
    """Show a fact, to be changed."""
    must_not_be_covered(who.person)
    kind = _must_be_form(form)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        fact = chart.get_fact(record, patient_id, kind, fact_id)
        values = as_shown(fields_of(form, record.vocabulary, fact.data), fact.data)
        seen = tag_of(fact.view)
    return _form(request, who, installation, (patient_id, form, fact_id), made_from(values, seen))


@router.post("/{form}/{fact_id}")
def change_fact(
    request: Request,
    patient_id: str,
    form: str,
    fact_id: str,
    sent: Sent,
    installation: Here,
) -> Response:
    """Change a fact, or take it out of the chart."""
    must_be_allowed(sent.signed.person, "work")
    where = (patient_id, _must_be_form(form), fact_id)
    meant = payer_meant(installation, sent) if sent.get("do") != "remove" else None
    if meant is not None:
        return _form(request, sent.signed, installation, (patient_id, form, fact_id), meant)

    def do(record: Record) -> Done | None:
        own_client(record, sent.signed.person, patient_id)
        before = chart.get_fact(record, *where)
        tags = frozenset({sent.seen}) if sent.seen else None
        if sent.get("do") == "remove":
            chart.remove_fact(record, where, tags)
            needs: dict[str, Any] = {"fact": list(where), "before": before.data}
            said = f"The {NAMES[form]} is taken out of the chart."
            return Done("fact-removed", said, About(patient_id), "fact-removed", needs)
        fields = fields_of(form, record.vocabulary, before.data)
        data = as_typed(fields, sent.fields)
        after = chart.change_fact(record, where, data, merge=True, tags=tags)
        if after.data == before.data:
            return None
        needs = {"fact": list(where), "before": before.data, "after": tag_of(after.data)}
        said = f"The {NAMES[form]} is saved. The visits are judged again."
        return Done("fact-changed", said, About(patient_id), "fact", needs)

    return _carried(request, installation, sent, (patient_id, form, fact_id), do)


def payer_meant(installation: Any, sent: Form) -> Filled | None:
    """The form again, where the payer is none that is known and is written almost as one that is:
    what is typed is saved by a second press."""
    typed = sent.fields.get("payer", "")
    like = payer_like(installation.host.payers, typed)
    if like is None or sent.get(_SURE) == typed:
        return None
    return Filled(sent.fields, sent.seen, was=sent.was, meant=like)


def _must_be_form(form: str) -> str:
    """The kind of fact of a form. Raises ``NotFoundError``."""
    if form not in FORMS:
        raise NotFoundError("form")
    return FORMS[form][0]


def _carried(
    request: Request, installation: Any, sent: Form, where: tuple[str, str, str], do: Any
) -> Response:
    """Carry it out; else the form again, with all that was typed."""
    try:
        return act(installation, sent, do)
    except UnusableInputError as error:
        return _form(
            request,
            sent.signed,
            installation,
            where,
            Filled(sent.fields, sent.seen, error, was=sent.was),
        )
    except PreconditionError:
        return _somebody_was_quicker(request, installation, sent, where)


def _somebody_was_quicker(
    request: Request, installation: Any, sent: Form, where: tuple[str, str, str]
) -> Response:
    """The form again with what was typed, beside what somebody else saved meanwhile."""
    return _form(request, sent.signed, installation, where, theirs_of(installation, sent, where))


def theirs_of(installation: Any, sent: Form, where: tuple[str, str, str]) -> Filled:
    """What was typed, with the fact's version of now and what differs in it."""
    patient_id, form, fact_id = where
    with installation.read(sent.signed.person.clinic) as record:
        fact = chart.get_fact(record, patient_id, FORMS[form][0], fact_id)
        now = as_shown(fields_of(form, record.vocabulary, fact.data), fact.data)
        seen = tag_of(fact.view)
        quicker = who_was(record, patient_id)
    values, theirs = meet(sent, now)
    return Filled(values, seen, theirs={"": quicker, **theirs}, was=was_of(now))


def _form(
    request: Request, who: Signed, installation: Any, where: tuple[str, str, str], filled: Filled
) -> Response:
    patient_id, form, fact_id = where
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        kind = FORMS[form][0]
        known = chart.get_fact(record, patient_id, kind, fact_id).data if fact_id else None
        fields = fields_of(form, record.vocabulary, known)
        labels = {one.path: one.label for one in fields}
        status = 422 if filled.error else 409 if filled.theirs or filled.meant else 200
        return page(
            request,
            record,
            who,
            "fact.html",
            status,
            heading=f"Change the {NAMES[form]}" if fact_id else _ADD[form],
            fields=fields,
            values=filled.values,
            seen=filled.seen,
            was=filled.was,
            problems=problems_of(filled.error, labels),
            theirs=filled.theirs,
            meant=filled.meant,
            sure=_SURE,
            button="Save",
            removable=bool(fact_id),
            payers=payer_names(installation, fields),
            back=f"/clients/{patient_id}",
        )


def payer_names(installation: Any, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """The payers that somebody serves, for a field that asks for one."""
    if not any(one.widget == "payer" for one in fields):
        return ()
    return tuple(sorted(payer.name for payer in installation.host.payers.payers))
