"""What a client says on their own page: filed as their word, with a task where staff has to look.

Nothing that is said here is confirmed: an insurer is filed as a booking form's answer is, and that
an intake form was filled in, or that a guardian agrees, is for staff to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .chart import acknowledge
from .client_file import ClientFile
from .errors import ConflictError
from .form_answers import file_coverage
from .installation import Installation
from .open_days import open_days
from .tasks import TaskKind, ask
from .visits import locked_booking

#: What may be said of an insurance.
INSURER = ("payer", "plan", "member_id", "group_number", "claim_number", "date_of_injury")
_CAUSE = "client-said"
_LOOK: Mapping[str, str] = {
    "intake": "The client says that they filled in the intake form. Look for it, and note on the "
    "client that it is in.",
    "consent": "A guardian agreed on the client's page, by typing their name. Look at what they "
    "said, under Papers and links, and note the consent on the client where it does.",
}


def say_insurer(
    installation: Installation, record: Record, row: BookingRow, answers: Mapping[str, str]
) -> None:
    """File an insurance as the client gave it. Where staff, or the booking form, said who is
    billed, that stays."""
    details = record.bookings.details(row)
    given = {name: text for name, text in answers.items() if name in INSURER and text}
    payer = details.payer if details.by_staff else details.payer or given.get("payer")
    record.bookings.put_details(
        row, replace(details, payer=payer, answers={**details.answers, **given})
    )
    named = given.get("payer")
    file_coverage(installation, record, row, replace(details, payer=named, answers=given))
    record.wake(row.patient_id, _CAUSE)


def say_done(
    installation: Installation, record: Record, patient_id: str, what: str, about: BookingRow | None
) -> None:
    """Have staff look for an ``intake`` form, or at a ``consent``."""
    ask(
        record,
        TaskKind.CLIENT_SAYS,
        f"{patient_id}:{what}",
        about=about,
        patient_id=patient_id,
        due=open_days(installation).next_day(record.now),
        what=_LOOK[what],
    )


def is_looked_for(record: Record, patient_id: str, what: str) -> bool:
    """Whether staff has still to look at what the client said."""
    return record.tasks.is_open(TaskKind.CLIENT_SAYS, f"{patient_id}:{what}")


def settle_said(record: Record, file: ClientFile) -> None:
    """What is on file by now needs nobody to look for it."""
    if not any(t.kind == TaskKind.CLIENT_SAYS and t.done_at is None for t in file.tasks):
        return
    known = {"intake": file.patient.intake_received, "consent": file.patient.guardian_consent}
    there = [name for name, on_file in known.items() if on_file]
    record.tasks.close(*((TaskKind.CLIENT_SAYS, f"{file.patient_id}:{name}") for name in there))


def say_known(record: Record, patient_id: str, text: str) -> None:
    """Keep that the client knows what a visit may cost them, in the words that they were shown."""
    acknowledge(record, patient_id, text)


def choose_self_pay(record: Record, booking_id: str) -> BookingRow:
    """Bill the booking to nobody, on the client's own word. Raises ``NotFoundError``, and
    ``ConflictError`` where it does not stand any more."""
    row = locked_booking(record, booking_id)
    if row.platform_status not in LIVE or row.start_at <= record.now:
        raise ConflictError("This booking does not stand any more, or has begun.")
    details = record.bookings.details(row)
    chosen: dict[str, Any] = {"self_pay": True, "billed": None, "by_staff": True}
    changed = replace(details, **chosen)
    record.bookings.put_details(row, changed)
    record.visits.follow(row, changed)
    record.wake(row.patient_id, "booking-changed")
    return row
