"""A visit as an entry for the client's own calendar (RFC 5545): when and where, and not why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from ...desk.installation import Installation
from ...desk.own_page import OwnPage
from ...messages.days import Language
from ...messages.page_words import say

#: A visit whose end is not known.
_USUAL = timedelta(hours=1)
_STATUS = {"confirmed": "CONFIRMED", "cancelled": "CANCELLED", "refused": "CANCELLED"}


def visit_entry(
    installation: Installation, page: OwnPage, language: Language, now: datetime
) -> bytes | None:
    """The calendar with the one entry; ``None`` where there is no visit."""
    visit = page.visit
    if visit is None:
        return None
    clinic = installation.settings.clinic_facts.name or ""
    status = _STATUS.get(page.state, "TENTATIVE")
    event = Event()
    event.add("uid", f"{visit.id}@massage-ins-bridge")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", visit.start.astimezone(UTC))
    length = timedelta(minutes=visit.minutes) if visit.minutes else _USUAL
    event.add("dtend", (visit.start + length).astimezone(UTC))
    title = clinic or say(language, "your_visit")
    if status == "TENTATIVE":
        unsure = say(language, "unconfirmed")
        title = f"{title} ({unsure})"
    event.add("summary", title)
    if installation.settings.client_page.address:
        event.add("location", installation.settings.client_page.address)
    event.add("status", status)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//massage-ins-bridge//visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
