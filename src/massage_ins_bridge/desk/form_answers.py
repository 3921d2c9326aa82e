"""What a client says of their insurance, on a booking form or on their own page: filed as a
coverage that nobody has confirmed, once."""

from __future__ import annotations

from ..domain.reading import UnusableInputError
from ..store.bookings import Details
from ..store.models import BookingRow
from ..store.record import Record
from ..store.vault import normal_id
from .installation import Installation
from .platform_words import bare_coverage, said_coverage, says_other_member
from .tasks import TaskKind, ask


def file_coverage(
    installation: Installation, record: Record, row: BookingRow, details: Details
) -> None:
    """The client's own word about their insurance becomes an unconfirmed coverage, once."""
    known = record.facts.known(row.patient_id)["coverage"]
    key_of = installation.host.payers.key_of
    data = said_coverage(details, known, key_of)
    member = details.answers.get("member_id")
    if data is not None:
        try:
            record.facts.add(row.patient_id, "coverage", data)
        except UnusableInputError as error:
            ask_about_form(record, row, str(error.problems[0].path))
            record.facts.add(row.patient_id, "coverage", bare_coverage(details))
        if member_key := normal_id(member):
            record.clients.identities.add(row.patient_id, "member", member_key)
    elif member and says_other_member(details, known, key_of):
        ask_about_form(record, row, "member_id")


def ask_about_form(record: Record, row: BookingRow, field: str) -> None:
    ask(record, TaskKind.FORM_ANSWER, f"{row.patient_id}:{field}", about=row, field=field)
