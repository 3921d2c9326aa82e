"""After a refusal: told, invited, brought back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api.connectors import PlatformRefusedError, WriteResult
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.overrides import override, take_back
from massage_ins_bridge.testing.bookings import START
from massage_ins_bridge.testing.fake_connector import FakeConnector

NO = {"outcome": "block", "reason": "asked to", "name": "Dana"}
YES = {"outcome": "allow", "reason": "the plan said yes", "name": "Dana"}


class Reopening(FakeConnector):
    """A platform that tells its clients, and brings bookings back."""

    capabilities = FakeConnector.capabilities | {"reopen"}
    tells_client = True

    def reopen(self, ref: str, idem_key: str) -> WriteResult:
        self.platform.call("reopen")
        if "taken" in self.platform.tags:
            raise PlatformRefusedError("its time is taken", True, 409)
        found = self.platform.bookings[ref]
        self.platform.bookings[ref] = replace(found, status="accepted", version="again")
        return WriteResult("native")


@pytest.fixture
def reopening(tmp_path: Path) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, None, connector=Reopening)
    yield made
    made.close()


def refuse_then_cure(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.knobs.visits = 9
    bridge.confirm_coverage("b1")


def test_staff_tells_and_invites_until_the_client_has_booked_again(bridge: Bridge) -> None:
    refuse_then_cure(bridge)
    assert {"invite", "tell-client"} <= set(bridge.tasks())
    bridge.take("b2", start=START + timedelta(days=1))
    assert not {"invite", "tell-client"} & set(bridge.tasks())


def test_where_the_platform_can_it_is_brought_back(reopening: Bridge) -> None:
    refuse_then_cure(reopening)
    row = reopening.row("b1")
    assert (row.platform_status, row.accepted_by) == ("accepted", "bridge")
    reopening.work()
    assert reopening.outcome("b1") == "allow"
    assert reopening.platform.calls["reopen"] == 1
    assert reopening.tasks() == []


def test_where_its_time_is_taken_the_client_is_invited(reopening: Bridge) -> None:
    reopening.knobs.visits = 0
    reopening.take("b1")
    reopening.knobs.visits = 9
    reopening.confirm_coverage_alone("b1")
    reopening.platform.tags["taken"] = ""
    for _ in range(3):
        reopening.work()
    reopening.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert reopening.row("b1").platform_status == "rejected"
    assert "invite" in reopening.tasks()


def test_who_called_it_off_themselves_is_not_invited(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.take("b1", "cancelled", status="cancelled")
    bridge.confirm_coverage("b1")
    assert "invite" not in bridge.tasks()


def refused_by_dana(bridge: Bridge, **more: str) -> None:
    """Nothing is missing: the rules would let the visit stand."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    with bridge.installation.write() as record:
        override(record, bridge.row("b1").id, {**NO, **more})
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_what_a_person_refused_stays_refused_when_their_word_is_over(reopening: Bridge) -> None:
    """It was carried out, and the client was told: the end of a word cures nothing."""
    end = START - timedelta(days=1)
    refused_by_dana(reopening, until=end.isoformat())
    reopening.pass_time(end + timedelta(hours=1))
    reopening.add_fact("b1", "visit", {"on": "2026-11-01"})
    row = reopening.row("b1")
    assert (row.platform_status, reopening.platform.calls["reopen"]) == ("cancelled", 0)


def test_a_person_brings_back_what_they_refused(reopening: Bridge) -> None:
    refused_by_dana(reopening)
    with reopening.installation.write() as record:
        take_back(record, reopening.row("b1").id, {"name": "Kim"})
    reopening.work()
    assert reopening.row("b1").platform_status == "accepted"


def test_a_word_that_it_may_stand_brings_back_what_the_rules_refused(reopening: Bridge) -> None:
    reopening.knobs.visits = 0
    reopening.take("b1")
    assert reopening.row("b1").platform_status == "rejected"
    with reopening.installation.write() as record:
        override(record, reopening.row("b1").id, YES, reopening.installation)
    reopening.work()
    row = reopening.row("b1")
    assert (row.platform_status, row.accepted_by) == ("accepted", "person")
    reopening.work()
    assert reopening.outcome("b1") == "allow"


@pytest.mark.parametrize("word", [YES, NO])
def test_where_the_platform_cannot_no_word_brings_it_back(
    bridge: Bridge, word: dict[str, str]
) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="book again"):
        override(record, bridge.row("b1").id, word, bridge.installation)


def test_nobody_refuses_what_is_refused_already(reopening: Bridge) -> None:
    reopening.knobs.visits = 0
    reopening.take("b1")
    with reopening.installation.write() as record, pytest.raises(ConflictError):
        override(record, reopening.row("b1").id, NO, reopening.installation)


def test_telling_the_client_cannot_wait(bridge: Bridge) -> None:
    """It is Sunday; the desk is there on Monday."""
    refuse_then_cure(bridge)
    (task,) = open_tasks(bridge, "tell-client")
    assert str(task.due) == "2026-11-23"
