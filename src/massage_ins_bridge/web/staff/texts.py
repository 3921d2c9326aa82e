"""What e-mails say: the clinic's own words, tried with a booking before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...desk import mail_texts
from ...desk.acts import Done
from ...desk.errors import NotFoundError, PreconditionError
from ...desk.mail_acts import CALLED, SPOKEN, shipped, to_try_with, worded
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.tags import tag_of
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import Known, page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(prefix="/settings/texts", include_in_schema=False, route_class=StaffRoute)
LABELS = {"subject": "Subject", "body": "Text", "booking": "Try it with"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that comes back: what was typed, how it would read, what is wrong; ``late``: somebody
    changed the text meanwhile."""

    typed: Mapping[str, str]
    mail: mail_texts.MailPreview | None = None
    error: UnusableInputError | None = None
    late: bool = False


@router.get("")
def texts(request: Request, who: Who, installation: Here) -> Response:
    """Every e-mail, in every language."""
    must_be_allowed(who.person, "settings")
    with installation.read(who.person.clinic) as record:
        found = mail_texts.list_texts(record)
        sends = installation.settings.mail is not None
        return page(
            request, record, who, "texts.html", found=found, called=CALLED, spoken=SPOKEN, on=sends
        )


@router.get("/{name}/{language}")
def one_text(request: Request, name: str, language: str, who: Who, installation: Here) -> Response:
    """One of them, to be changed."""
    must_be_allowed(who.person, "settings")
    return _form(request, who, installation, (name, language))


@router.post("/{name}/{language}")
def change_text(
    request: Request, name: str, language: str, sent: Sent, installation: Here
) -> Response:
    """Show how it would read, keep it, or take the text that is shipped."""
    must_be_allowed(sent.signed.person, "settings")
    where, what = (name, language), sent.get("do")
    if what not in ("keep", "shipped"):
        return _tried(request, sent, installation, where)
    typed = {key: _lines(sent.fields.get(key, "")) for key in ("subject", "body")}
    tags = frozenset({sent.seen}) if sent.seen else None

    def do(record: Record) -> Done | None:
        if what == "shipped":
            return shipped(record, name, language, tags)
        return worded(record, name, language, {**typed, "by": sent.signed.person.name}, tags)

    try:
        return act(installation, sent, do)
    except UnusableInputError as error:
        tried = Tried(sent.fields, error=error)
    except PreconditionError:
        tried = Tried(sent.fields, late=True)
    return _form(request, sent.signed, installation, where, tried)


def _tried(request: Request, sent: Form, installation: Any, where: tuple[str, str]) -> Response:
    """The form again, with how it would read for the booking that was chosen."""
    must_not_be_covered(sent.signed.person)
    typed = {key: _lines(sent.fields.get(key, "")) for key in ("subject", "body")}
    data = {**typed, **({"booking": sent.fields["booking"]} if sent.get("booking") else {})}
    try:
        with installation.read(sent.signed.person.clinic) as record:
            mail = mail_texts.preview(installation, record, *where, data)
        tried = Tried(sent.fields, mail)
    except UnusableInputError as error:
        tried = Tried(sent.fields, error=error)
    return _form(request, sent.signed, installation, where, tried)


def _lines(typed: str) -> str:
    """As it was typed: browsers end lines in two characters."""
    return typed.replace("\r\n", "\n")


def _form(
    request: Request,
    who: Signed,
    installation: Any,
    where: tuple[str, str],
    tried: Tried | None = None,
) -> Response:
    must_not_be_covered(who.person)
    problems = problems_of(tried.error if tried else None, LABELS)
    if where[0] not in CALLED:
        raise NotFoundError("e-mail")
    with installation.read(who.person.clinic) as record:
        now = mail_texts.text(record, *where)
        tried = tried or Tried({"subject": now.subject, "body": now.body})
        return page(
            request,
            record,
            who,
            "text.html",
            422 if tried.error else 409 if tried.late else 200,
            now=now,
            heading=CALLED[now.name],
            spoken=SPOKEN[now.language],
            seen=tag_of(now),
            tried=tried,
            bookings=() if now.name == "digest" else to_try_with(record),
            problems=problems,
            wrong=Known({one["path"]: one["message"] for one in problems}),
        )
