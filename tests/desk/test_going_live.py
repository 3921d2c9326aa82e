"""From observing to enforcing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.daily import look_where_others_decide
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.first_look import first_look, look_anew
from massage_ins_bridge.desk.going_live import go_live, let_through, preview
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.desk.known_plugins import remember_plugins
from massage_ins_bridge.store.known_plugins import KnownPluginRow
from massage_ins_bridge.store.models import MetaRow
from massage_ins_bridge.store.words import Said
from massage_ins_bridge.testing.bookings import START

PAT = Said("Pat")


def enforce(bridge: Bridge, enforcement: str = "enforce") -> None:
    """The settings say so from the next start on."""
    accounts = bridge.installation.accounts
    account = accounts["desk"]
    settings = account.settings.model_copy(update={"enforcement": enforcement})
    bridge.installation.accounts = {**accounts, "desk": replace(account, settings=settings)}
    bridge.clock.moment += timedelta(minutes=1)
    go_live(bridge.installation)


def would(bridge: Bridge) -> dict[str, str]:
    """By ref, what would be done."""
    with bridge.installation.read() as record:
        shown = preview(bridge.installation, record, "desk").bookings
        rows = [(record.bookings.get(one.booking), one.would) for one in shown]
        return {row.ref: done for row, done in rows if row is not None}


def stand(bridge: Bridge) -> None:
    """One that is to be confirmed, one to be declined, one that is accepted and one on hold."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    bridge.take("b2", start=START + timedelta(days=1))
    bridge.take("b3", "created", status="accepted", start=START + timedelta(days=2))
    bridge.knobs.visits = 9
    bridge.take("b4", start=START + timedelta(days=3), name="Bo Li", email="bo@example.com")


SEEN = {"b1": "confirm", "b2": "decline", "b3": "ask staff", "b4": "nothing"}


def test_what_stood_waits_for_staff_and_what_is_new_does_not(observer: Bridge) -> None:
    stand(observer)
    assert would(observer) == SEEN
    enforce(observer)
    observer.knobs.visits = 1
    observer.add_fact("b1", "visit", {"on": "2025-11-01"})
    assert observer.platform.changes == []
    assert would(observer) == SEEN
    observer.knobs.visits = 0
    observer.take("n1", start=START + timedelta(days=9), name="Cy Ng", email="cy@example.com")
    assert [c[:2] for c in observer.platform.changes] == [("n1", "rejected")]


def test_staff_lets_some_through_or_all(observer: Bridge) -> None:
    stand(observer)
    enforce(observer)
    observer.knobs.visits = 1
    with observer.installation.write() as record:
        chosen = [observer.row("b1").id]
        assert let_through(observer.installation, record, "desk", PAT, chosen) == 1
    observer.work()
    assert [c[:2] for c in observer.platform.changes] == [("b1", "accepted")]
    with observer.installation.write() as record:
        with pytest.raises(NotFoundError):
            let_through(observer.installation, record, "desk", PAT, chosen)
        assert let_through(observer.installation, record, "desk", PAT) == 3
    observer.work()
    assert [c[:2] for c in observer.platform.changes[1:]] == [("b2", "rejected")]
    assert "block-by-hand" in observer.tasks()
    assert would(observer) == {}


def test_back_to_observing_and_to_enforcing_asks_again(bridge: Bridge) -> None:
    bridge.take("b1")
    enforce(bridge, "observe")
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="not enforce"):
        let_through(bridge.installation, record, "desk", PAT)
    enforce(bridge)
    bridge.confirm_coverage("b1")
    assert (would(bridge), bridge.platform.changes) == ({"b1": "confirm"}, [])


def test_what_the_first_look_finds_stood_before(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None, looked=False)
    bridge.platform.put("old")
    bridge.knobs.visits = 0
    bridge.take("new", start=START + timedelta(days=1), name="Bo Li", email="bo@example.com")
    assert bridge.platform.changes == []
    first_look(bridge.installation, "desk")
    bridge.work()
    assert [c[:2] for c in bridge.platform.changes] == [("new", "rejected")]
    assert would(bridge) == {"old": "decline"}
    with bridge.installation.write() as record:
        look_anew(record, bridge.installation.accounts["desk"])
    bridge.knobs.visits = 9
    bridge.take("b3", service_ref="2")
    assert bridge.row("b3").platform_status == "pending"
    bridge.close()


@pytest.mark.parametrize("begin", [go_live, remember_plugins, look_where_others_decide])
def test_processes_that_start_at_one_moment_all_start(
    bridge: Bridge, begin: Callable[[Installation], None]
) -> None:
    with bridge.installation.write() as record:
        for kind in (MetaRow, KnownPluginRow):
            record.session.execute(delete(kind))
    together = threading.Barrier(6)

    def start(_: int) -> None:
        together.wait(30)
        begin(bridge.installation)

    with ThreadPoolExecutor(6) as pool:
        assert [*pool.map(start, range(6))] == [None] * 6
