"""Links to a client's own page: made, listed, revoked, and found by their token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from ..domain.days import zone
from ..domain.reading import Problem, UnusableInputError, read
from ..store.links import TOKEN_LENGTH, NewLink, token_hash
from ..store.models import BookingRow
from ..store.page_models import LinkRow
from ..store.record import Record
from .bookings import booking_row
from .chart import client_row
from .errors import NotFoundError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .staff_words import must_say

#: For how many days a link to a client's page is good, unless another number is asked for.
USUAL_DAYS, MOST_DAYS = 30, 365
#: A link is shown as used once an hour at most: a page that is looked at writes little.
_SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LinkSent:
    """Of a ``booking`` or of a ``patient`` (an id, one of the two). ``days``: for how long a
    patient's is good; a booking's is until the day after the visit. ``name``: who makes it."""

    name: str
    booking: str | None = None
    patient: str | None = None
    days: int = USUAL_DAYS


@dataclass(frozen=True, slots=True)
class Link:
    """A link, without its address, which was shown when it was made. ``made_by`` is null for one
    that an e-mail took along; ``used_at``: when it was last opened, to the hour; ``good``: whether
    it opens now; ``last_day``: the last one on which it does, unless it is revoked."""

    id: str
    patient: str
    booking: str | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    good: bool
    last_day: date


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link with its address, which nobody can be shown again."""

    link: Link
    url: str


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """What a token opens. ``booking`` is the one that the link's was moved to; ``None``: it is the
    client's page."""

    link: LinkRow
    patient_id: str
    booking: BookingRow | None


def make_link(installation: Installation, record: Record, data: Any) -> MadeLink:
    """A new link. Raises ``NotFoundError`` and ``UnusableInputError``."""
    refuse_odd_characters(data, one_line=True)
    wanted = read(LinkSent, data)
    must_say("name", wanted.name)
    if (wanted.booking is None) == (wanted.patient is None):
        raise UnusableInputError([Problem("booking", "send the id of one: booking, or patient")])
    if not 1 <= wanted.days <= MOST_DAYS:
        raise UnusableInputError([Problem("days", f"must be 1 to {MOST_DAYS}")])
    if wanted.booking is not None:
        row, token = link_of_booking(record, booking_row(record, wanted.booking), wanted.name)
    else:
        patient = client_row(record, wanted.patient or "")
        until = record.now + timedelta(days=wanted.days)
        new = NewLink(patient.id, None, until, by=wanted.name)
        row, token = record.links.make(new)
    return MadeLink(link_view(record, row), address_of(installation, token))


def link_of_booking(record: Record, row: BookingRow, by: str = "") -> tuple[LinkRow, str]:
    """A link to the page of one booking, and its token. Without ``by`` an e-mail takes it along."""
    new = NewLink(row.patient_id, row.id, _until(record, row), "staff" if by else "mail", by)
    return record.links.make(new)


def address_of(installation: Installation, token: str) -> str:
    """Where the page is."""
    return f"{installation.settings.address}/p/{token}"


def list_links(record: Record, patient_id: str) -> list[Link]:
    """All links ever made to the client's pages, newest first. Raises ``NotFoundError``."""
    row = client_row(record, patient_id)
    rows = record.links.of_clients(record.clients.one_person(row.id))
    return [link_view(record, link) for link in rows]


def revoke_link(record: Record, link_id: str) -> Link:
    """The link opens nothing from now on; doing so twice changes nothing. Raises
    ``NotFoundError``."""
    row = record.links.get(link_id)
    if row is None:
        raise NotFoundError("link")
    row.revoked_at = row.revoked_at or record.now
    return link_view(record, row)


def link_view(record: Record, row: LinkRow) -> Link:
    """A link as the doors show it."""
    opened = open_link(record, row)
    until = ends_at(record, opened) if opened is not None else row.expires_at
    return Link(
        id=row.id,
        patient=row.patient_id,
        booking=row.booking_id,
        made_by=record.links.by(row),
        created_at=row.created_at,
        expires_at=until,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        good=opened is not None,
        last_day=last_day(record, until),
    )


def clinic_of_token(installation: Installation, token: str) -> tuple[str, str] | None:
    """The link of a token, and whose clinic it is; nothing of it is known for good yet."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    store = installation.store
    with store.read() as session:
        digest = token_hash(store.vault, token)
        found = session.execute(
            select(LinkRow.id, LinkRow.clinic).where(LinkRow.token_hash == digest)
        ).one_or_none()
    return (found[0], found[1]) if found is not None else None


def open_link(record: Record, row: LinkRow) -> LinkedPage | None:
    """What the link opens now; ``None`` for one that is over, was revoked, or whose booking is
    another person's by now."""
    if row.revoked_at is not None:
        return None
    patient = record.clients.who_is(row.patient_id)
    if patient is None:
        return None
    if row.booking_id is None:
        return LinkedPage(row, patient.id, None) if record.now < row.expires_at else None
    booking = record.bookings.get(row.booking_id)
    while booking is not None and booking.replaced_by is not None:
        booking = record.bookings.get(booking.replaced_by)
    if booking is None or booking.patient_id not in record.clients.one_person(patient.id):
        return None
    return LinkedPage(row, patient.id, booking) if record.now < _until(record, booking) else None


def ends_at(record: Record, opened: LinkedPage) -> datetime:
    """When a link that works opens nothing any more."""
    return _until(record, opened.booking) if opened.booking else opened.link.expires_at


def last_day(record: Record, until: datetime) -> date:
    """The last day on which a link that ends then works, for some of it at least."""
    return record.day(until - timedelta(microseconds=1))


def is_fresh(record: Record, row: LinkRow) -> bool:
    """Whether it is news that the page was opened."""
    return row.used_at is None or record.now - row.used_at >= _SEEN_EVERY


def note_use(record: Record, link_id: str) -> None:
    """The page was opened."""
    row = record.links.get(link_id)
    if row is not None:
        row.used_at = record.now


def _until(record: Record, row: BookingRow) -> datetime:
    """The end of the day after the visit."""
    day = record.day(row.end_at or row.start_at) + timedelta(days=2)
    return datetime.combine(day, time(), zone(record.zone))
