"""A client gives their visit back: cancelled on the platform, once, on their own word."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks
from tests.desk.pages import act, come, insured, link_to, look, page_bridge, prescribed, told

from massage_ins_bridge.api.connectors import PlatformError, PlatformRefusedError
from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.give_back import REASON, give_back
from massage_ins_bridge.testing.bookings import START
from massage_ins_bridge.testing.fake_connector import FakeConnector


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    come(made)
    insured(made)
    link_to(made)
    yield made
    made.close()


def give(bridge: Bridge, ref: str = "b1") -> None:
    with bridge.installation.write() as record:
        give_back(bridge.installation, record, bridge.row(ref).id)


@pytest.mark.parametrize("status", ["pending", "accepted"])
def test_it_is_cancelled_once(bridge: Bridge, status: str) -> None:
    if status == "accepted":
        told(bridge, intake_received=True)
        prescribed(bridge)
    assert bridge.row("b1").platform_status == status
    bridge.platform.journal.clear()
    give(bridge)
    assert look(bridge).state == "leaving"
    give(bridge)
    bridge.work()
    assert [(c.before, c.after, c.reason) for c in bridge.platform.journal] == [
        (status, "cancelled", REASON)
    ]
    give(bridge)
    bridge.work()
    row = bridge.row("b1")
    assert (row.platform_status, len(bridge.platform.journal)) == ("cancelled", 1)
    assert row.called_off_at is not None
    assert look(bridge).state == "cancelled"
    assert "hold-by-hand" not in bridge.tasks()


def test_an_answer_that_was_lost_cancels_nothing_twice(bridge: Bridge) -> None:
    bridge.platform.lost_answers = 1
    give(bridge)
    bridge.work()
    bridge.work()
    assert [c.after for c in bridge.platform.journal] == ["cancelled"]
    assert bridge.row("b1").platform_status == "cancelled"


def test_a_platform_that_is_down_is_asked_again(bridge: Bridge) -> None:
    bridge.platform.faults = [PlatformError("down")] * 2
    give(bridge)
    for _ in range(3):
        bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_what_the_platform_refuses_is_staff_s(bridge: Bridge) -> None:
    give(bridge)
    for _ in range(2):
        bridge.platform.faults = [PlatformRefusedError("no", True, 400)]
        bridge.write_back()
    assert "not-written" in bridge.tasks()


def test_an_account_that_observes_writes_nothing(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path, enforcement="observe")
    come(bridge)
    link_to(bridge)
    act(bridge, "give-back")
    assert (bridge.platform.journal, look(bridge).state) == ([], "leaving")
    assert [str(task.due) for task in open_tasks(bridge, "given-back")] == ["2026-11-23"]
    bridge.platform.put("b1", status="cancelled")
    bridge.take("b1", "cancelled", status="cancelled")
    assert "given-back" not in bridge.tasks()
    bridge.close()


class Declines(FakeConnector):
    """A platform on which nothing can be cancelled."""

    capabilities = FakeConnector.capabilities - {"cancel"}


@pytest.mark.parametrize(("recurring", "changes"), [(False, 1), (True, 0)])
def test_a_series_is_never_declined_for_one_visit(
    tmp_path: Path, recurring: bool, changes: int
) -> None:
    bridge = page_bridge(tmp_path, connector=Declines)
    come(bridge, recurring=recurring)
    give(bridge)
    bridge.work()
    assert len(bridge.platform.journal) == changes
    assert ("given-back" in bridge.tasks()) == recurring
    bridge.close()


def test_a_booking_that_no_platform_knows_ends_at_once(bridge: Bridge) -> None:
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        sent = {"patient": patient, "start": (START + timedelta(days=1)).isoformat()}
        row = book(bridge.installation, record, sent)
        assert give_back(bridge.installation, record, row.id).platform_status == "cancelled"


def test_what_has_begun_or_ended_is_not_given_back(bridge: Bridge) -> None:
    bridge.clock.moment = START
    with pytest.raises(ConflictError):
        give(bridge)
    bridge.clock.moment = START - timedelta(days=3)
    bridge.take("b1", "rejected", status="rejected")
    with pytest.raises(ConflictError):
        give(bridge)
