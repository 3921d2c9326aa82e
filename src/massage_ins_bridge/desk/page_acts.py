"""What a client does on their own page: each form once, however often it is sent.

What is refused here was not done at all; ``PageError`` says why, in words that the page has in both
languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ..messages.days import Language, day_in_words
from ..messages.page_words import say
from ..messages.terms import Offer, dollars, terms, terms_copy
from ..store.models import BookingRow
from ..store.page_models import PageActRow
from ..store.record import Record
from .errors import ConflictError
from .give_back import give_back
from .installation import Installation
from .links import LinkedPage
from .own_page import OwnPage, own_page
from .papers import PaperError, SoundFile, Whose, file_paper
from .plan_mail import mail_terms
from .said import INSURER, choose_self_pay, say_done, say_insurer, say_known

ActKind = Literal[
    "prescription",
    "card",
    "other",
    "intake-paper",
    "consent-paper",
    "insurer",
    "intake",
    "consent",
    "cost",
    "self-pay",
    "give-back",
]
#: By act, the kind of paper that it sends.
PAPERS: Mapping[str, str] = {
    "prescription": "prescription",
    "card": "card",
    "other": "other",
    "intake-paper": "intake",
    "consent-paper": "consent",
}
MOST_LETTERS = 200
_ONCE = 16


class PageError(ValueError):
    """What the client sent cannot be taken. ``wrong`` names the words that say why, ``values`` fill
    them in; ``act`` is the form that it is about."""

    def __init__(self, act: str, wrong: str, **values: object) -> None:
        super().__init__(wrong)
        self.act, self.wrong, self.values = act, wrong, values


@dataclass(frozen=True, slots=True)
class Sent:
    """One form. ``once``: its one-time token; ``seen``: what the page showed when it was made;
    ``booking``: the visit that it was shown for, where the link is the client's."""

    kind: ActKind
    once: str
    language: Language
    seen: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[SoundFile] = ()
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class _Doing:
    installation: Installation
    record: Record
    opened: LinkedPage
    sent: Sent
    page: OwnPage
    row: BookingRow | None

    def wrong(self, why: str, **values: object) -> PageError:
        return PageError(self.sent.kind, why, **values)

    def text(self, name: str) -> str:
        """A field's text in one line."""
        text = " ".join(self.sent.fields.get(name, "").split())
        if len(text) > MOST_LETTERS:
            raise self.wrong("wrong_long", most=MOST_LETTERS)
        if not text.isprintable():
            return "".join(c for c in text if c.isprintable())
        return text

    def booked(self) -> BookingRow:
        """The visit that the form is about, as the page showed it."""
        if self.row is None or self.page.visit is None:
            raise self.wrong("wrong_now")
        if self.sent.seen != seen_of(self.page):
            raise self.wrong("wrong_old")
        return self.row


def do(installation: Installation, record: Record, opened: LinkedPage, sent: Sent) -> PageActRow:
    """Take a form in, once. Raises ``PageError``."""
    if not _ONCE <= len(sent.once) <= MOST_LETTERS:
        raise PageError(sent.kind, "wrong_old")
    record.clients.get(opened.patient_id, lock=True)
    once = f"{sent.kind}:{sent.once}"
    known = record.page_acts.known(opened.link, once)
    if known is not None:
        return known
    page = own_page(installation, record, opened, sent.booking)
    shown = page.visit.id if page.visit is not None else None
    if opened.booking is None and sent.booking not in (None, shown):
        raise PageError(sent.kind, "wrong_old")  # nothing is filed with another visit
    row = record.bookings.get(page.visit.id) if page.visit is not None else None
    doing = _Doing(installation, record, opened, sent, page, row)
    try:
        said = _ACTS[sent.kind](doing)
    except ConflictError:
        raise doing.wrong("wrong_now") from None
    about = row.id if row is not None else None
    said["language"] = sent.language
    return record.page_acts.add(opened.link, about, sent.kind, once, said)


def seen_of(page: OwnPage) -> str:
    """What a form that binds its sender rests on: the visit, its time, and the price."""
    visit, offer = page.visit, page.self_pay
    parts = [visit.id, f"{visit.start:%Y%m%dT%H%M}"] if visit is not None else []
    if offer is not None:
        parts += [offer.terms, str(offer.price)]
    return ".".join(parts)


def offer_of(page: OwnPage) -> Offer | None:
    """What the client may agree to, where the clinic has named its price."""
    offer, visit = page.self_pay, page.visit
    if offer is None or visit is None or offer.price is None:
        return None
    why = offer.why if offer.terms == "signed-before" else ()
    return Offer(offer.service, visit.day, visit.minutes, offer.price, why)


def cost_words(page: OwnPage, language: Language) -> tuple[str, str]:
    """What the visit may cost the client, and what they say that they know."""
    if page.pays is None:
        return say(language, "cost_text"), say(language, "cost_agree")
    price = dollars(page.pays)
    return say(language, "cost_text_paid", price=price), say(language, "cost_agree_paid")


def consent_text(clinic: str, day: date, language: Language, today: date) -> str:
    """What a guardian agrees to."""
    said = day_in_words(day, language, today)
    return say(language, "consent_agree", clinic=clinic, day=said)


def _paper(doing: _Doing) -> dict[str, Any]:
    about = doing.row.id if doing.row is not None else None
    whose = Whose(doing.opened.patient_id, about, "client")
    kind = PAPERS[doing.sent.kind]
    try:
        new, known = file_paper(doing.installation, doing.record, whose, kind, doing.sent.files)
    except PaperError as error:
        raise doing.wrong(f"wrong_{error.wrong}", name=error.name) from None
    return {"documents": [row.id for row in new], "known": [row.id for row in known]}


def _insurer(doing: _Doing) -> dict[str, Any]:
    given = {name: doing.text(name) for name in INSURER}
    if not any(map(str.isalnum, given["payer"])):
        raise doing.wrong("wrong_payer")
    if given["date_of_injury"]:
        try:
            date.fromisoformat(given["date_of_injury"])
        except ValueError:
            raise doing.wrong("wrong_date", value=given["date_of_injury"]) from None
    if doing.row is None:
        raise doing.wrong("wrong_now")
    say_insurer(doing.installation, doing.record, doing.row, given)
    return {name: text for name, text in given.items() if text}


def _intake(doing: _Doing) -> dict[str, Any]:
    say_done(doing.installation, doing.record, doing.opened.patient_id, "intake", doing.row)
    return {}


def _consent(doing: _Doing) -> dict[str, Any]:
    row = doing.booked()
    name = _full_name(doing, "name")
    _box(doing)
    record = doing.record
    clinic = doing.installation.settings.clinic_facts.name or ""
    text = consent_text(clinic, record.day(row.start_at), doing.sent.language, record.today)
    say_done(doing.installation, record, doing.opened.patient_id, "consent", row)
    return {"name": name, "text": text}


def _cost(doing: _Doing) -> dict[str, Any]:
    _box(doing)
    text = " ".join(cost_words(doing.page, doing.sent.language))
    say_known(doing.record, doing.opened.patient_id, text)
    return {"text": text}


def _self_pay(doing: _Doing) -> dict[str, Any]:
    offer = offer_of(doing.page)
    if offer is None:
        raise doing.wrong("wrong_now")
    row = doing.booked()
    name = _full_name(doing, "name")
    _box(doing)
    lines = terms(offer, doing.sent.language, doing.record.today)
    choose_self_pay(doing.record, row.id)
    copy = terms_copy(offer, doing.sent.language)
    said = {"name": name, "terms": lines, "copy": copy, "price": str(offer.price)}
    mail_terms(doing.installation, doing.record, row)
    return said


def _give_back(doing: _Doing) -> dict[str, Any]:
    row = doing.booked()
    if not doing.page.may_give_back:
        raise doing.wrong("wrong_now")
    give_back(doing.installation, doing.record, row.id)
    return {}


def _full_name(doing: _Doing, name: str) -> str:
    """A typed name, of two words at least."""
    text = doing.text(name)
    if text and text.casefold() == doing.page.first.casefold() == doing.page.name.casefold():
        return text
    if len(text.split()) < 2 or sum(c.isalpha() for c in text) < 3:
        raise doing.wrong("wrong_name")
    return text


def _box(doing: _Doing) -> None:
    if not doing.sent.fields.get("agree"):
        raise doing.wrong("wrong_box")


_ACTS: Mapping[ActKind, Callable[[_Doing], dict[str, Any]]] = {
    "prescription": _paper,
    "card": _paper,
    "other": _paper,
    "intake-paper": _paper,
    "consent-paper": _paper,
    "insurer": _insurer,
    "intake": _intake,
    "consent": _consent,
    "cost": _cost,
    "self-pay": _self_pay,
    "give-back": _give_back,
}
