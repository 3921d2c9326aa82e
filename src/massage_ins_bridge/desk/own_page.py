"""The client's own page as a read model: whether their visit is on, what it needs, what they may
do. It shows no insurer's number, day of birth, diagnosis or claim, and of the name the first alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ..domain.answers import Terms
from ..messages.days import Language
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.page_models import DocumentRow
from ..store.record import Record
from .after_refusal import was_refused
from .by_hand import by_hand
from .client_file import ClientFile, Held, load_client
from .forewarn import would_refuse
from .give_back import given_back
from .going_live import may_write
from .installation import Installation
from .links import LinkedPage, ends_at, last_day
from .open_days import open_days
from .page_decision import (
    days_to_come,
    for_a_paper,
    last_decision,
    may_be_billed,
    offers_self_pay,
    why_refused,
)
from .page_needs import NOTHING, Needs, needs_of, papers_of, with_days
from .plan_writes import wanted_step
from .staff_words import in_force

State = Literal[
    "hold",
    "hold_standing",
    "waiting",
    "today",
    "confirmed",
    "booked",
    "chosen",
    "call",
    "refused",
    "leaving",
    "cancelled",
    "no_visit",
]


@dataclass(frozen=True, slots=True)
class Visit:
    """When and with whom. ``therapist`` as the settings name them."""

    id: str
    start: datetime
    minutes: int | None
    therapist: str | None
    day: date
    pending: bool


@dataclass(frozen=True, slots=True)
class SelfPay:
    """On which terms the client may come without insurance. ``price`` is ``None`` where the clinic
    named none: then nobody can agree to it here. ``why``: why the plan will not pay, in English."""

    terms: Terms
    price: Decimal | None
    service: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """``keep_until``: the last day on which the visit is kept, where it is refused after it.
    ``soon``: a refusal waits. ``by``: the next day on which somebody is at the desk.
    ``for_a_paper``: a prescription would have done. ``may_pay``: the visit is refused and over, and
    another one may be without insurance. ``name`` is for comparing, not for showing.
    ``pays``: what is paid at the visit and may come back from the plan. ``works_until``: the last
    day on which the link opens the page."""

    state: State
    first: str
    name: str
    language: Language | None
    visit: Visit | None
    needs: Needs
    keep_until: date | None
    soon: bool
    why: tuple[str, ...]
    for_a_paper: bool
    may_pay: bool
    self_pay: SelfPay | None
    pays: Decimal | None
    may_give_back: bool
    late: bool
    by: date
    papers: tuple[DocumentRow, ...]
    others: tuple[tuple[str, datetime], ...]
    works_until: date
    gave_back_on: date | None = None


def own_page(
    installation: Installation, record: Record, opened: LinkedPage, asked_for: str | None = None
) -> OwnPage:
    """What the page shows now. ``asked_for``: which of the client's bookings, where the link is
    theirs and not a booking's."""
    file = load_client(record, opened.patient_id)
    assert file is not None, "the link was opened"
    standing_now = _to_come(record, file)
    row = opened.booking
    if row is None:
        row = next((r for r in standing_now if r.id == asked_for), None)
        row = row or (standing_now[0] if standing_now else None)
    others = [r for r in standing_now if opened.booking is None and r is not row]
    page = _Page(installation, record, file, row, last_day(record, ends_at(record, opened)))
    return page.made(tuple((other.id, other.start_at) for other in others))


def state_of(installation: Installation, record: Record, held: Held, needs: Needs) -> State:
    """How a visit stands, in the client's eyes."""
    row = held.row
    if row.platform_status not in LIVE:
        if row.platform_status in ("completed", "no-show"):
            return "no_visit"
        return "refused" if was_refused(held) else "cancelled"
    if given_back(held.writes, row) is not None:
        return "leaving"
    match row.outcome:
        case "block":
            return _of_a_block(installation, record, held)
        case "hold":
            return _of_a_hold(record, row, needs)
    return "confirmed" if row.outcome and row.platform_status == "accepted" else "booked"


def _of_a_block(installation: Installation, record: Record, held: Held) -> State:
    """Refused only where the bridge refuses it: everywhere else a person decides."""
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    if account is not None and not may_write(record, account, row, said):
        return "booked"
    return "refused" if wanted_step(account, held, said) == "refuse" else "call"


def _of_a_hold(record: Record, row: BookingRow, needs: Needs) -> State:
    if record.day(row.start_at) <= record.today:
        return "today"
    if not needs.missing:
        return "waiting"
    return "hold" if row.platform_status == "pending" else "hold_standing"


@dataclass(slots=True)
class _Page:
    installation: Installation
    record: Record
    file: ClientFile
    row: BookingRow | None
    works_until: date

    def made(self, others: tuple[tuple[str, datetime], ...]) -> OwnPage:
        record, patient = self.record, self.file.patient
        held = self.file.held(self.row.id) if self.row is not None else None
        decision = last_decision(record, held)
        live = held is not None and held.row.platform_status in LIVE
        chosen = bool(held and live and _chosen(held, decision))
        if chosen:
            decision = None  # it was made before they chose
        days = open_days(self.installation)
        needs = with_days(needs_of(record, self.file, decision), days) if live else NOTHING
        if not may_be_billed(self.installation, decision):  # no word of paying is said to them
            needs = replace(needs, cards=tuple(n for n in needs.cards if n.card != "cost"))
        state = state_of(self.installation, record, held, needs) if held else "no_visit"
        if chosen and state != "leaving":
            state = "chosen"
        if state in ("leaving", "call", "refused"):
            needs = NOTHING
        asked_back = given_back(held.writes, held.row) if held else None
        return OwnPage(
            state=state,
            first=first_name(patient.name),
            name=patient.name or "",
            language="es" if patient.language == "es" else "en" if patient.language else None,
            visit=self._visit(held) if held else None,
            needs=needs,
            keep_until=self._kept(held) if held and state in ("hold", "waiting") else None,
            soon=state == "refused" and live,
            why=why_refused(decision) if state == "refused" else (),
            for_a_paper=for_a_paper(decision),
            may_pay=state == "refused" and not live and offers_self_pay(decision),
            self_pay=self._self_pay(held, decision) if held and state != "leaving" else None,
            pays=self._pays(held, decision) if held else None,
            may_give_back=bool(held and self._may_give_back(held, state)),
            late=bool(held and self._late(held)),
            by=days.next_day(record.now),
            papers=tuple(papers_of(record, self.file.patient_id)),
            others=others,
            works_until=self.works_until,
            gave_back_on=record.day(asked_back.wanted_at) if asked_back else None,
        )

    def _visit(self, held: Held) -> Visit:
        row = held.row
        minutes = round((row.end_at - row.start_at).total_seconds() / 60) if row.end_at else None
        return Visit(
            id=row.id,
            start=row.start_at,
            minutes=minutes,
            therapist=therapist_of(self.installation, held),
            day=self.record.day(row.start_at),
            pending=row.platform_status == "pending",
        )

    def _kept(self, held: Held) -> date | None:
        return keep_until(self.installation, self.record, self.file, held)

    def _self_pay(self, held: Held, decision: dict[str, Any] | None) -> SelfPay | None:
        row = held.row
        open_now = row.platform_status in LIVE and row.start_at > self.record.now
        overridden = in_force(held.words, self.record.now).override is not None
        if not open_now or overridden or row.outcome not in ("hold", "block") or not decision:
            return None
        terms: Terms | None = decision.get("self_pay_terms")
        if terms is None or not offers_self_pay(decision):
            return None
        service = held.details.service or ""
        price = self.installation.settings.client_page.prices.get(service)
        return SelfPay(terms, price, service, why_refused(decision))

    def _pays(self, held: Held, decision: dict[str, Any] | None) -> Decimal | None:
        """What is paid at a visit that the plan may pay back, where the clinic named it."""
        if not decision or decision.get("route") != "superbill":
            return None
        return self.installation.settings.client_page.prices.get(held.details.service or "")

    def _may_give_back(self, held: Held, state: State) -> bool:
        row = held.row
        ours = by_hand(row) or row.account in self.installation.accounts
        open_now = row.platform_status in LIVE and row.start_at > self.record.now
        return ours and open_now and state not in ("leaving", "refused")

    def _late(self, held: Held) -> bool:
        hours = self.installation.settings.tasks.late_cancel_hours
        return (held.row.start_at - self.record.now).total_seconds() < hours * 3600


def keep_until(
    installation: Installation, record: Record, file: ClientFile, held: Held
) -> date | None:
    """The last day on which a visit on hold is kept, where it is refused by itself after it. The
    first day that passes need not be the one that refuses."""
    days = days_to_come(last_decision(record, held), record.today)
    return next((d for d in days if would_refuse(installation, record, file, held, d)), None)


def first_name(name: str | None) -> str:
    """The first word of a name; of "Reyes, Carmen" what stands after the comma."""
    text = (name or "").strip()
    last, comma, rest = text.partition(",")
    words = (rest if comma and rest.strip() else last).split()
    return words[0] if words else ""


def therapist_of(installation: Installation, held: Held) -> str | None:
    """Who gives the visit, without titles, as the settings name them."""
    key = held.details.practitioner
    people = installation.settings.clinic_facts.practitioners or ()
    name = next((p.name for p in people if p.key == key), None)
    return name.partition(",")[0].strip() if name else None


def _chosen(held: Held, decision: dict[str, Any] | None) -> bool:
    """Whether the client chose to come without insurance, and the last decision does not know it
    yet: one that does offers it no more."""
    return bool(held.details.self_pay) and offers_self_pay(decision)


def _to_come(record: Record, file: ClientFile) -> list[BookingRow]:
    """The client's bookings that stand and have not begun, the next one first."""
    rows = (held.row for held in file.bookings)
    return [r for r in rows if r.platform_status in LIVE and r.start_at > record.now]
