"""Taking a platform's state of one booking into the record, and deciding it, at one stroke."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from ..api.connectors import PlatformBooking
from ..domain.reading import UnusableInputError
from ..store.bookings import LIVE, Bookings, Details, Seen
from ..store.facts import Facts
from ..store.models import BookingRow
from ..store.patients import Patients, Person
from ..store.tasks import Tasks
from .deciding import complete_visit, decide_patient, lock_clinic
from .effects import Planned
from .service import Account, Service

#: Longer answers of a booking form are cut: they are no payer, plan or number.
MAX_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of one state: the booking's id and the effects to carry out."""

    booking_id: str
    stale: bool
    planned: list[Planned]


def observe(
    session: Session,
    service: Service,
    account: Account,
    booking: PlatformBooking,
    cause: str,
    now: datetime,
) -> Observed:
    """Store the state unless a newer one is known, and decide the client's bookings anew."""
    lock_clinic(session, service)
    bookings = Bookings(session, service.store.vault, service.clinic)
    seen = _seen(account, booking)
    row = bookings.by_ref(seen.account, seen.ref)
    before: str | None = None
    learned = True
    if row is None:
        row = _new(session, service, account, booking, seen, now)
    else:
        Patients(session, service.store.vault, service.clinic).get(row.patient_id, lock=True)
        session.refresh(row)
        result = bookings.refresh(row, seen, now)
        if result.stale:
            return Observed(row.id, True, [])
        before = result.before
        learned = _learn(bookings, row, account, booking)
    former = bookings.replace_previous(row, now)
    if former is not None:
        _settle(session, service, former, now)
    if learned:  # what staff has put right since is not overruled by the same word again
        _file_coverage(session, service, row, bookings.details(row), now)
    if row.platform_status == "completed" and before != "completed":
        complete_visit(session, service, row, now)
    if row.platform_status not in LIVE:
        _settle(session, service, row, now)
    return Observed(row.id, False, decide_patient(session, service, row.patient_id, cause, now))


def _seen(account: Account, booking: PlatformBooking) -> Seen:
    return Seen(
        account=account.settings.name,
        ref=booking.ref,
        status=booking.status,
        start=booking.start,
        end=booking.end,
        version=booking.version,
        recurring=booking.recurring,
        previous_ref=booking.previous_ref,
    )


def _new(
    session: Session,
    service: Service,
    account: Account,
    booking: PlatformBooking,
    seen: Seen,
    now: datetime,
) -> BookingRow:
    bookings = Bookings(session, service.store.vault, service.clinic)
    details = _details(account, booking)
    old = bookings.by_ref(seen.account, seen.previous_ref) if seen.previous_ref else None
    if old is not None:
        former = bookings.details(old)
        if not details.answers:
            details = replace(details, answers=former.answers, payer=former.payer)
        if former.by_staff:
            details = replace(details, payer=former.payer, self_pay=former.self_pay, by_staff=True)
        patient_id, doubt = old.patient_id, ""
    else:
        match = Patients(session, service.store.vault, service.clinic).match(
            _person(account, booking), now
        )
        patient_id, doubt = match.patient_id, match.doubt
    Patients(session, service.store.vault, service.clinic).get(patient_id, lock=True)
    row = bookings.add(seen, patient_id, details, now)
    tasks = Tasks(session, service.store.vault, service.clinic)
    if doubt:
        tasks.open("who-is-it", row.id, doubt, now, patient_id=patient_id, booking_id=row.id)
    if booking.service_ref not in account.settings.services and row.platform_status in LIVE:
        tasks.open(
            "unknown-service",
            f"{account.settings.name}:{booking.service_ref}",
            f"Bookings of the platform's service {booking.service_ref!r} are treated as "
            f"insurance bookings. Say in the settings of the account "
            f"{account.settings.name!r} what that service is.",
            now,
        )
    return row


def _person(account: Account, booking: PlatformBooking) -> Person:
    person = booking.person
    ref = f"{account.settings.name}:{person.ref}" if person.ref else None
    return Person(ref, person.name, person.email, person.phone)


def _details(account: Account, booking: PlatformBooking) -> Details:
    service = account.settings.services.get(booking.service_ref or "")
    return Details(
        service_ref=booking.service_ref,
        service=service.service if service else None,
        self_pay=service.self_pay if service else None,
        payer=(booking.answers.get("payer") or "").strip()[:MAX_ANSWER] or None,
        practitioner_ref=booking.practitioner_ref,
        answers={k: v.strip()[:MAX_ANSWER] for k, v in booking.answers.items() if v.strip()},
    )


def _learn(
    bookings: Bookings,
    row: BookingRow,
    account: Account,
    booking: PlatformBooking,
) -> bool:
    """What a later state adds; it never takes back an answer or a choice of staff. Whether it
    says anything new of who is billed."""
    known, given = bookings.details(row), _details(account, booking)
    merged = replace(
        known,
        service_ref=given.service_ref or known.service_ref,
        service=given.service or known.service,
        self_pay=known.self_pay if given.self_pay is None or known.by_staff else given.self_pay,
        payer=known.payer if known.by_staff else known.payer or given.payer,
        practitioner_ref=given.practitioner_ref or known.practitioner_ref,
        answers={**known.answers, **given.answers},
    )
    if merged != known:
        bookings.put_details(row, merged)
    return (merged.payer, merged.answers) != (known.payer, known.answers)


def _file_coverage(
    session: Session, service: Service, row: BookingRow, details: Details, now: datetime
) -> None:
    """The client's own word about her insurance becomes an unconfirmed coverage, once."""
    payer = details.payer
    if not payer or details.self_pay:
        return
    facts = Facts(session, service.store.vault, service.clinic)
    known = facts.known(row.patient_id)["coverage"]
    key_of = service.host.payers.key_of
    answers = details.answers
    same = [c for c in known if key_of(c.payer) == key_of(payer)]
    if not same:
        claim = {k: answers.get(n) for k, n in _CLAIM.items() if answers.get(n)}
        data = {
            "payer": payer,
            **{k: answers[k] for k in ("plan", "group_number", "member_id") if answers.get(k)},
            "position": "secondary" if known else "primary",
            "staff_confirmed": False,
            **({"claim": claim} if claim else {}),
        }
        try:
            facts.add(row.patient_id, "coverage", data, now)
        except UnusableInputError as error:
            _ask_about_form(session, service, row, str(error.problems[0].path), now)
            facts.add(row.patient_id, "coverage", {"payer": payer, "staff_confirmed": False}, now)
        patients = Patients(session, service.store.vault, service.clinic)
        patients.index_members(row.patient_id, [answers.get("member_id")])
    elif answers.get("member_id") and all(
        c.member_id and c.member_id != answers["member_id"] for c in same
    ):
        _ask_about_form(session, service, row, "member_id", now)


_CLAIM = {"number": "claim_number", "date_of_injury": "date_of_injury"}


def _ask_about_form(
    session: Session, service: Service, row: BookingRow, what: str, now: datetime
) -> None:
    Tasks(session, service.store.vault, service.clinic).open(
        "form-answer",
        f"{row.patient_id}:{what}",
        f"What the client wrote on the booking form under {what} cannot be used, or differs from "
        "the chart. Ask her, and put the chart right.",
        now,
        patient_id=row.patient_id,
        booking_id=row.id,
    )


def _settle(session: Session, service: Service, row: BookingRow, now: datetime) -> None:
    """A booking that stands no longer leaves no task about itself behind."""
    tasks = Tasks(session, service.store.vault, service.clinic)
    for task in tasks.list(limit=1000, booking_id=row.id):
        if task.kind in _ABOUT_STANDING:
            tasks.done(task, now)


_ABOUT_STANDING = frozenset(
    {
        "action",
        "hold-by-hand",
        "confirm-by-hand",
        "block-by-hand",
        "hold-begun",
        "visit-not-closed",
        "deciding-failed",
    }
)
