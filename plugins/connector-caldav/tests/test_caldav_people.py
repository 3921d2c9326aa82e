"""Which event is a booking, and of whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from massage_ins_bridge.api.calendars import CalendarPerson, Occurrence
from massage_ins_bridge.api.connectors import PlatformPerson
from massage_ins_bridge_caldav.people import answers, labelled, person_of, service_of

SERVICES = ("Massage", "Medical massage", "L&I visit")
START = datetime(2026, 12, 8, 18, tzinfo=UTC)
MIRA = CalendarPerson("Mira", "Mira@Example.com")
ADA = CalendarPerson("Ada Test", "ada@example.com")
BO = CalendarPerson("bo@example.com", "bo@example.com")


def occurrence(**values: Any) -> Occurrence:
    return Occurrence("u", None, START, START, "1", **values)


@pytest.mark.parametrize(
    ("title", "service"),
    [
        ("Medical massage", "Medical massage"),
        ("MEDICAL  Massage: Ada", "Medical massage"),
        ("Medical massage - Ada Test", "Medical massage"),
        ("Medical massage with Ada", "Medical massage"),
        ("medical massage (60 min)", "Medical massage"),
        ("Massage", "Massage"),
        ("L&I visit for Ada", "L&I visit"),
        ("Massage therapy school", None),
        ("Medical massages", None),
        ("Dentist", None),
        ("my Massage", None),
        ("", None),
    ],
)
def test_a_title_begins_with_the_services_name(title: str, service: str | None) -> None:
    assert service_of(title, {}, SERVICES) == service


def test_a_template_names_the_service() -> None:
    """Also one that the settings do not name: it is asked about once."""
    assert service_of("Ada", labelled("Service: medical MASSAGE"), SERVICES) == "Medical massage"
    assert service_of("Massage", labelled("service: Hot stones"), SERVICES) == "Hot stones"


@pytest.mark.parametrize(
    "description",
    [
        "Client: Ada Test\nE-mail: ada@example.com\nPhone: 206 555 0100",
        " client :  Ada   Test \r\nEMAIL:ada@example.com\nTelephone: 206 555 0100\nClient: Other",
        "<p>Client: Ada Test</p><p>Email: ada@example.com<br/>Phone:&nbsp;206 555 0100</p>",
    ],
)
def test_the_template_says_who_comes(description: str) -> None:
    said = labelled(description)
    found = person_of(occurrence(attendees=(BO,)), said, {"mira@example.com"})
    assert found == PlatformPerson(None, "Ada Test", "ada@example.com", "206 555 0100")


@pytest.mark.parametrize(
    ("organizer", "attendees", "own", "name"),
    [
        (MIRA, (ADA,), {"mira@example.com"}, "Ada Test"),
        (MIRA, (MIRA, ADA), (), "Ada Test"),
        (None, (ADA,), (), "Ada Test"),
        (ADA, (MIRA,), {"mira@example.com"}, "Ada Test"),
        (ADA, (ADA, MIRA), {"mira@example.com"}, "Ada Test"),
        (MIRA, (ADA, BO), {"mira@example.com"}, None),
        (MIRA, (), {"mira@example.com"}, None),
        (ADA, (), (), None),
        (None, (), (), None),
        (ADA, (MIRA,), (), "Mira"),
    ],
)
def test_else_the_one_who_attends(
    organizer: CalendarPerson | None,
    attendees: tuple[CalendarPerson, ...],
    own: set[str],
    name: str | None,
) -> None:
    """Where the account's own addresses are not known the one attendee who did not make the event
    counts; ``options.own_addresses`` says who gives visits."""
    found = person_of(occurrence(organizer=organizer, attendees=attendees), {}, own)
    assert (found.name if found else None) == name


def test_an_address_is_no_name() -> None:
    found = person_of(occurrence(attendees=(BO,)), {}, ())
    assert found == PlatformPerson(None, None, "bo@example.com", None)


def test_answers_go_by_their_labels() -> None:
    said = labelled("Insurance: Regence\nMember  ID: ZZZ 1\nNote: later\nEmpty:")
    fields = {"insurance": "payer", "Member ID": "member_id", "Empty": "plan"}
    assert answers(said, fields) == {"payer": "Regence", "member_id": "ZZZ 1"}
