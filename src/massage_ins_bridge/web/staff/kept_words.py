"""What is kept of a form, in the words of its page: what each field is called there, and what was
chosen in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from ...desk.booking_words import LABELS as OF_BOOKINGS
from ...desk.errors import NotFoundError
from ...desk.fact_fields import CLIENT, FORMS, Field
from ...desk.fact_forms import fields_of
from ...desk.kept_form import KeptForm
from ...desk.own import own_client, seen_booking
from ...desk.papers import plain_name
from ...desk.phone import LABELS as OF_PHONE
from ...desk.roles import Person
from ...desk.say import day_in_words, time_in_words
from ...store.record import Record
from .labels import FIELD, OF_RULES, OF_WORKSHEETS

_OTHERS: Mapping[str, str] = {
    "do": "What was pressed",
    "note": "Note",
    "what": "What",
    "due": "By",
    "given_to": "Who sees to it",
    "patient": "Client",
    "payer_is": "Payer as typed",
    "other": "The other client",
    "q": "Searched for",
    "policy": "Start from",
    "is_new": "Nobody on file",
}
#: By the last part of a booking's address, what its form is for.
_ACTS: Mapping[str, str] = {
    "refuse": "Refuse the visit",
    "stand": "Let it stand",
    "self-pay": "Pays without insurance",
    "payer": "Bill another payer",
    "client": "Move to another client",
}
Said = tuple[tuple[str, str], ...]


def in_words(record: Record, person: Person, form: KeptForm) -> Said:
    """Whom it is about, and what somebody typed or chose, by what the fields are called."""
    fields, labels = _fields(record, form.path), _labels(form.path)
    said = _about(record, person, form.path)
    for name, text in form.typed:
        if (name, text) == ("do", "save"):  # every form has that button
            continue
        field = fields.get(name)
        plain = name.removeprefix(FIELD).removeprefix("v-").replace("_", " ").replace("-", " ")
        label = field.label if field else labels.get(name) or plain.capitalize()
        if name == "do":
            words = _pressed(text)
        elif name in ("other", "client") and (found := _client(record, person, text)):
            words = found
        else:
            words = _chosen(field, text, record.today.year)
        said.append((label, words))
    if form.files:
        said.append(("Files", ", ".join(plain_name(file.name) for file in form.files)))
    return tuple(said)


def _about(record: Record, person: Person, path: str) -> list[tuple[str, str]]:
    """The client or booking of the form's address, and what the form is for where it says that
    nowhere else; nothing of whom the person may not see."""
    _, where, known, *rest = (*path.split("/"), "")
    if where == "clients":
        name = _client(record, person, known)
        return [("Client", name)] if name else []
    try:
        row = seen_booking(record, person, known) if where == "bookings" else None
    except NotFoundError:
        row = None
    if row is None:
        return []
    start = row.start_at.astimezone(ZoneInfo(record.zone))
    when = f"{day_in_words(start.date(), record.today.year)}, {time_in_words(start)}"
    said = [("Client", _client(record, person, row.patient_id)), ("Booking", when)]
    return [*said, *([(_OTHERS["do"], _ACTS[rest[0]])] if rest[0] in _ACTS else [])]


def _client(record: Record, person: Person, patient_id: str) -> str:
    """The client's name; empty where there is none whom the person may see."""
    try:
        row = own_client(record, person, patient_id)
    except NotFoundError:
        return ""
    return str(record.clients.facts(row).get("name") or "")


def _fields(record: Record, path: str) -> dict[str, Field]:
    """The fields of a client, or of one of their facts, by name."""
    _, where, *rest = path.split("/")
    if where != "clients":
        return {}
    known = rest[1] if len(rest) > 1 else ""
    if known in FORMS:
        return {field.name: field for field in fields_of(known, record.vocabulary)}
    return {field.name: field for field in CLIENT} if rest[0] == "new" or known == "edit" else {}


def _labels(path: str) -> Mapping[str, str]:
    if path.startswith("/bookings/new"):
        return {**_OTHERS, **OF_PHONE}
    if path.startswith("/clients/"):
        return {**_OTHERS, **OF_WORKSHEETS}
    return {**_OTHERS, **(OF_RULES if path.startswith("/rules/") else OF_BOOKINGS)}


def _chosen(field: Field | None, text: str, year: int) -> str:
    if field is not None and field.widget == "yes-no":
        return text.capitalize()
    return dict(field.options if field else ()).get(text) or _date(text, year)


def _pressed(text: str) -> str:
    return text.replace("-", " ").replace("_", " ").capitalize()


def _date(text: str, year: int) -> str:
    try:
        return day_in_words(date.fromisoformat(text), year) if "-" in text else text
    except ValueError:
        return text
