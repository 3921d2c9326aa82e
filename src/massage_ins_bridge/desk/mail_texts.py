"""The clinic's own wording of e-mails: shown, changed, and tried with a real booking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from ..domain.reading import Problem, UnusableInputError, read
from ..messages.days import LANGUAGES, Language
from ..messages.mails import NAMES, Mail, Template, fill, languages, problems_of
from ..store.mail_texts import OwnText
from ..store.record import Record
from .bookings import booking_row
from .client_file import load_client
from .digest import digest_values
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .links import address_of
from .mail_values import values_of
from .odd_characters import refuse_odd_characters
from .page_needs import needs_of
from .send_mail import template_of
from .staff_words import must_say
from .tags import tag_of

MailName = Literal["hold", "waiting", "reminder", "cured", "refused", "terms", "digest"]
#: The link in a preview leads nowhere.
_NO_TOKEN = "preview"  # noqa: S105 - it opens nothing
_SOME_TERMS = "…"


@dataclass(frozen=True, slots=True)
class MailText:
    """One e-mail in one language. ``names``: what may stand in braces; ``own``: whether the clinic
    wrote it; ``by``: who did."""

    name: MailName
    language: Language
    subject: str
    body: str
    names: tuple[str, ...]
    own: bool
    by: str | None


@dataclass(frozen=True, slots=True)
class MailTextSent:
    """The clinic's own text; ``{link}`` and ``{clinic}`` have to stand in the body. ``by``: who
    writes it."""

    subject: str
    body: str
    by: str


@dataclass(frozen=True, slots=True)
class PreviewSent:
    """``booking``: the one that it is tried with; not needed for the staff's ``digest``.
    ``subject`` and ``body``: a text that is not kept yet."""

    booking: str | None = None
    subject: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class MailPreview:
    """The e-mail as it would be sent, with a link that opens nothing."""

    subject: str
    body: str


def list_texts(record: Record) -> list[MailText]:
    """Every e-mail in every language."""
    return [text(record, name, language) for name in NAMES for language in languages(name)]


def text(record: Record, name: str, language: str) -> MailText:
    """Raises ``NotFoundError``."""
    known = _known(name, language)
    own = record.mail_texts.get(name, language)
    template = template_of(record, name, language)
    names = tuple(sorted(NAMES[name]))
    by = own.by if own is not None else None
    kind = cast(MailName, name)
    return MailText(kind, known, template.subject, template.body, names, own is not None, by)


def put_text(record: Record, name: str, language: str, data: Any) -> MailText:
    """Use another text from now on. Raises ``NotFoundError`` and ``UnusableInputError``."""
    _known(name, language)
    refuse_odd_characters(data)
    sent = read(MailTextSent, data)
    must_say("by", sent.by)
    template = Template(sent.subject.strip(), sent.body.strip() + "\n")
    _refuse(name, template)
    record.mail_texts.put(name, language, OwnText(template.subject, template.body, sent.by))
    return text(record, name, language)


def reset_text(record: Record, name: str, language: str) -> MailText:
    """Use the text that is shipped again. Raises ``NotFoundError``."""
    _known(name, language)
    record.mail_texts.remove(name, language)
    return text(record, name, language)


def put_text_back(record: Record, needs: Mapping[str, Any]) -> None:
    """Have an e-mail say what it said before (``before``: the clinic's own text, or none). Raises
    ``ConflictError`` where it was changed since (``after``: the tag of how it was left)."""
    name, language, before = needs["name"], needs["language"], needs["before"]
    if tag_of(text(record, name, language)) != needs["after"]:
        raise ConflictError("It was changed since. Change it where it stands instead.")
    if before is None:
        record.mail_texts.remove(name, language)
    else:
        record.mail_texts.put(name, language, OwnText(**before))


def preview(
    installation: Installation, record: Record, name: str, language: str, data: Any
) -> MailPreview:
    """How an e-mail would read. Raises ``NotFoundError`` and ``UnusableInputError``."""
    known = _known(name, language)
    refuse_odd_characters(data)
    sent = read(PreviewSent, data)
    template = template_of(record, name, language)
    template = Template(sent.subject or template.subject, sent.body or template.body)
    _refuse(name, template)
    mail = fill(template, _values(installation, record, name, known, sent.booking))
    return MailPreview(mail.subject, mail.body)


def sample(installation: Installation, record: Record) -> Mail:
    """What a trial of the mail server sends."""
    clinic = installation.settings.clinic_facts.name or "massage-ins-bridge"
    day = f"{record.now:%Y-%m-%d %H:%M} UTC"
    body = f"This is a trial of the mail settings of {clinic}, sent on {day}.\nE-mail leaves.\n"
    return Mail(f"A trial of the mail settings of {clinic}", body)


def _values(
    installation: Installation, record: Record, name: str, language: Language, booking: str | None
) -> dict[str, str | None]:
    if name == "digest":
        values = digest_values(installation, record)
        if values is None:
            raise UnusableInputError([Problem("name", "has nothing to tell today; it is not sent")])
        return values
    if booking is None:
        raise UnusableInputError([Problem("booking", "name the booking to try it with")])
    row = booking_row(record, booking)
    file = load_client(record, row.patient_id)
    if file is None:
        raise NotFoundError("booking")
    held = file.held(row.id)
    decision = record.decisions.data(held.last) if held.last is not None else None
    needs = needs_of(record, file, decision)
    values = values_of(installation, record, file, held, language, needs)
    return {**values, "link": address_of(installation, _NO_TOKEN), "terms": _SOME_TERMS}


def _refuse(name: str, template: Template) -> None:
    problems = problems_of(name, template)
    if problems:
        raise UnusableInputError(problems)


def _known(name: str, language: str) -> Language:
    if name not in NAMES or language not in LANGUAGES or language not in languages(name):
        raise NotFoundError("e-mail")
    return language
