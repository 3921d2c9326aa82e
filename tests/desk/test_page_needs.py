"""What the client's page still asks for: of what came and was read, and of what cannot be."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import act, held, link_to, look, page_bridge, prescribed, told
from tests.documents.made import JPEG, PDF

from massage_ins_bridge.desk.page_needs import Need, card_of
from massage_ins_bridge.desk.paper_states import change_document
from massage_ins_bridge.desk.papers import Given, Whose, file_paper, list_documents, look_through
from massage_ins_bridge.web.client.cards import card_shown

LACKS: dict[str, Any] = {"frequency": None, "duration": None}


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    held(made)
    told(made, intake_received=True)
    link_to(made)
    yield made
    made.close()


def asked(bridge: Bridge) -> Need | None:
    return next((one for one in look(bridge).needs.cards if one.card == "prescription"), None)


def state(bridge: Bridge) -> str | None:
    need = asked(bridge)
    return need.state if need else None


def sent(bridge: Bridge, content: bytes = JPEG, once: str = "a-token-of-one-form") -> None:
    bridge.clock.moment += timedelta(minutes=1)
    act(bridge, "prescription", once, files=[Given("rx.jpg", content)])


def mark(bridge: Bridge, state: str) -> None:
    with bridge.installation.write() as record:
        last = list_documents(record, bridge.row("b1").patient_id)[-1]
        change_document(bridge.installation, record, last.id, {"state": state})


def test_what_staff_has_to_read_is_not_what_the_client_sent(bridge: Bridge) -> None:
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        files = look_through([Given("fax.pdf", PDF)])
        whose = Whose(patient, None, "staff")
        file_paper(bridge.installation, record, whose, "prescription", files)
    assert (state(bridge), look(bridge).state) == ("missing", "hold")


def test_an_unread_photo_hides_nothing_that_a_later_reading_lacks(bridge: Bridge) -> None:
    sent(bridge)
    assert (state(bridge), look(bridge).state) == ("looking", "waiting")
    bridge.clock.moment += timedelta(minutes=1)
    prescribed(bridge, **LACKS)
    assert (state(bridge), look(bridge).state) == ("partly", "hold")
    sent(bridge, PDF, "another-form-of-it")
    assert state(bridge) == "looking"


def test_what_nobody_can_read_is_asked_for_again(bridge: Bridge) -> None:
    sent(bridge)
    mark(bridge, "unusable")
    page = look(bridge)
    assert (state(bridge), page.state, page.needs.missing) == ("again", "hold", 1)
    sent(bridge, PDF, "another-form-of-it")
    assert state(bridge) == "looking"
    mark(bridge, "filed")
    assert state(bridge) == "missing"


def test_it_is_almost_complete_where_the_prescriber_only_adds(bridge: Bridge) -> None:
    prescribed(bridge, **LACKS)
    need = asked(bridge)
    assert need is not None
    shown = card_shown(need, "en", date(2026, 11, 22), "America/Los_Angeles", is_open=True)
    assert (shown.tag, shown.here, shown.note) == (
        "Not complete yet",
        True,
        "Your prescription is almost complete.",
    )
    said = [one.text for one in shown.texts]
    assert len(said) == len(set(said)) == 3
    assert said[-1] == "Please ask your provider to add it."


def test_another_paper_is_not_almost_there(bridge: Bridge) -> None:
    prescribed(bridge, orders=["physical-therapy"])
    need = asked(bridge)
    assert need is not None
    assert (need.state, need.almost) == ("partly", False)


def test_when_it_is_looked_at_is_counted_from_when_it_came(bridge: Bridge) -> None:
    friday_night = bridge.clock.moment.replace(day=28, hour=5)  # Friday evening at the clinic
    bridge.clock.moment = friday_night
    sent(bridge)
    need = asked(bridge)
    assert need is not None
    assert need.by == date(2026, 11, 30)
    zone = "America/Los_Angeles"
    on_time = card_shown(need, "en", date(2026, 11, 30), zone, is_open=True)
    late = card_shown(need, "en", date(2026, 12, 1), zone, is_open=True)
    assert on_time.note.endswith("A person will look at it by Monday, November 30.")
    assert late.note == "We got it on Friday, November 27. A person will look at it."
    bridge.clock.moment += timedelta(days=3)
    again = asked(bridge)
    assert again is not None
    assert again.by == need.by


def test_what_no_card_is_for_is_a_question() -> None:
    assert card_of("acme.letter") == "other"
