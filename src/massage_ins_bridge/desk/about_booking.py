"""What the small forms about one booking show, and that it is still as they show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.answers import Terms
from ..messages.days import Language
from ..messages.terms import Offer, terms
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from . import chart
from .acts import last_of
from .after_refusal import comes_back
from .by_hand import by_hand
from .client_texts import reason_for
from .day_rows import Row, day_rows
from .installation import Installation
from .opened import Opened
from .own import own_booking, seen_booking
from .page_decision import why_refused
from .page_said import PageSaid, signed_terms
from .roles import Person
from .say import initials
from .sight import payer_name
from .staff_words import open_words
from .tags import must_match, tag_of


@dataclass(frozen=True, slots=True)
class AboutBooking:
    """What a form shows of its booking. ``payers``: whom else there is to bill, by what is said;
    ``reads``: what the client is told where it is refused, nothing where nobody writes to them;
    ``terms``: on which self-pay is offered, ``None`` where it is not lawful, or not offered;
    ``written_terms``: what the client is handed then, in their ``language``; ``priced``: whether
    the clinic has named the price that stands there; ``seen``: the tag of how the booking stands,
    which a form carries along; ``chosen``: the client pays already, and ``agreed``: what they
    signed; ``comes_back``: it was refused, and is brought back where it is let stand."""

    id: str
    patient_id: str
    client: str
    start: datetime
    payer: str
    outcome: str | None
    pending: bool
    payers: tuple[tuple[str, str], ...]
    reads: str
    terms: Terms | None
    chosen: bool
    agreed: PageSaid | None
    minutes: int
    service: str
    language: Language
    written_terms: tuple[str, ...]
    priced: bool
    seen: str
    comes_back: bool


def about(
    installation: Installation, record: Record, person: Person, booking_id: str
) -> AboutBooking:
    """Raises ``NotFoundError``."""
    row = seen_booking(record, person, booking_id)
    details = record.bookings.details(row)
    client = record.clients.get(row.patient_id)
    facts = record.clients.facts(client) if client is not None else {}
    name, language = str(facts.get("name") or ""), _language(facts)
    account = installation.accounts.get(row.account)
    offer = _offer(installation, record, row)
    return AboutBooking(
        id=row.id,
        patient_id=row.patient_id,
        client=(initials(name) if person.covered else name) or "The client",
        start=row.start_at,
        payer="" if person.covered else payer_name(installation, details),
        outcome=row.outcome,
        pending=row.platform_status == "pending",
        payers=_payers(installation, record, row),
        reads="" if by_hand(row) else reason_for("block", None, self_pay=bool(details.self_pay)),
        terms=terms_of(record, row),
        chosen=bool(details.self_pay),
        agreed=signed_terms(record, row.patient_id, row.id) if details.self_pay else None,
        minutes=account.settings.refuse_after_minutes if account is not None else 0,
        service=(details.service or "").replace("-", " "),
        language=language,
        written_terms=tuple(terms(offer, language, record.today)),
        priced=offer.price is not None,
        seen=tag_of(_standing(record, row)),
        comes_back=comes_back(installation, record, row),
    )


@dataclass(frozen=True, slots=True)
class StandsNow:
    """How a booking stands that was changed while somebody had its form open; ``last``: who did
    what about it last, and nothing where names are covered."""

    row: Row
    last: str


def stands_now(
    installation: Installation, record: Record, opened: Opened, person: Person, booking_id: str
) -> StandsNow:
    """Raises ``NotFoundError``."""
    row = seen_booking(record, person, booking_id)
    (shown,) = day_rows(installation, record, opened, person, [row])
    act_id = last_of(record, booking_id)
    done = record.acts.get(act_id) if act_id is not None and not person.covered else None
    act = record.acts.act(done) if done is not None else None
    return StandsNow(shown, f"{act.who}: {act.said}" if act is not None else "")


def must_be_as_seen(record: Record, person: Person, booking_id: str, seen: str) -> None:
    """Raises ``NotFoundError``, and ``PreconditionError`` where the booking, or what staff said of
    it, is not as a form shows it (``seen``). Until the commit nobody else changes it."""
    row = own_booking(record, person, booking_id)
    if seen:
        must_match(frozenset({seen}), _standing(record, row))


def _standing(record: Record, row: BookingRow) -> list[Any]:
    """What a word about a booking rests on: not what follows from a word by itself."""
    details = record.bookings.details(row)
    words = record.words.of_bookings([row.id]).get(row.id, [])
    said = sorted(word.id for word in open_words(words, record.now))
    decided = (_decision(record, row) or {}).get("outcome")
    how = [row.platform_status in LIVE, decided, details.payer, details.self_pay]
    return [row.patient_id, row.start_at.timestamp(), *how, *said]


def _language(facts: Mapping[str, Any]) -> Language:
    return "es" if facts.get("language") == "es" else "en"


def _offer(installation: Installation, record: Record, row: BookingRow) -> Offer:
    """The visit without insurance, as the client agrees to it."""
    details = record.bookings.details(row)
    minutes = round((row.end_at - row.start_at).total_seconds() / 60) if row.end_at else None
    decision = _decision(record, row)
    why = why_refused(decision) if terms_of(record, row) == "signed-before" else ()
    service = details.service or ""
    price = installation.settings.client_page.prices.get(service)
    return Offer(service, record.day(row.start_at), minutes, price, why)


def _payers(
    installation: Installation, record: Record, row: BookingRow
) -> tuple[tuple[str, str], ...]:
    """The client's own insurers first, then all others that somebody serves."""
    own = [
        str(fact.data["payer"])
        for fact in chart.list_facts(record, row.patient_id, "coverage")
        if fact.data.get("payer")
    ]
    others = sorted(payer.name for payer in installation.host.payers.payers)
    matches = [(name, installation.host.payers.find(name)) for name in own]
    known = [found.payer.name if found and not found.plan else name for name, found in matches]
    names = list(dict.fromkeys([*known, *others]))
    nobody = ("", "Choose who is billed")  # a hurried Save bills nobody by accident
    return (nobody, *((name, name) for name in names))


def terms_of(record: Record, row: BookingRow) -> Terms | None:
    """On which terms self-pay is offered; ``None`` where it is not."""
    found: Terms | None = (_decision(record, row) or {}).get("self_pay_terms")
    return found


def _decision(record: Record, row: BookingRow) -> dict[str, Any] | None:
    decisions = record.decisions.of_booking(row.id)
    return record.decisions.data(decisions[-1]) if decisions else None
