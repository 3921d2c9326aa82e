"""Whose a booking is: judged, or left alone and asked about once."""

from dataclasses import replace
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformBooking
from massage_ins_bridge.desk.accounts import Account
from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.desk.tasks import finish
from massage_ins_bridge.desk.whose import ask_whose, close_answered, judged, still_judged
from massage_ins_bridge.store.bookings import Details
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import booking

HOSTS = {"812": "mira"}


def account_of(bridge: Bridge, **settings: Any) -> Account:
    account = bridge.installation.accounts["desk"]
    return replace(account, settings=account.settings.model_copy(update=settings))


@pytest.mark.parametrize(
    ("seen", "hosts", "is_judged"),
    [
        ({}, {}, True),
        ({"service_ref": "77"}, {}, False),
        ({"service_ref": None}, {}, False),
        ({"own": True}, {}, True),
        ({"own": False}, {}, False),
        ({"host_refs": ("812",)}, HOSTS, True),
        ({"host_refs": ("900", "812"), "own": False}, HOSTS, True),
        ({"host_refs": ("900",), "own": True}, HOSTS, False),
        ({}, HOSTS, False),
    ],
)
def test_only_what_the_settings_name(
    bridge: Bridge, seen: dict[str, Any], hosts: dict[str, str], is_judged: bool
) -> None:
    found: PlatformBooking = booking("b1", **seen)
    account = account_of(bridge, practitioners=hosts)
    assert judged(account, found) is is_judged
    if found.own is None:
        kept = Details(service_ref=found.service_ref, host_refs=found.host_refs)
        assert still_judged(account, kept) is is_judged


def test_one_task_for_each_service_and_host(bridge: Bridge) -> None:
    account = account_of(bridge, practitioners=HOSTS)
    strangers = [booking(f"b{n}", service_ref="77") for n in (1, 2)]
    hosted = [booking(f"c{n}", host_refs=("900",)) for n in (1, 2)]
    with bridge.installation.write() as record:
        for one in (*strangers, *hosted, booking("d1", service_ref=None)):
            ask_whose(record, account, one)
    assert bridge.tasks() == ["unknown-host", "unknown-service", "unknown-service"]
    with bridge.installation.write() as record:
        for row in record.session.query(TaskRow):
            assert (row.patient_id, row.booking_id) == (None, None)
            assert str(strangers[0].person.name) not in record.tasks.message(row)
            finish(record, row.id)
        ask_whose(record, account, strangers[0])
    assert bridge.tasks() == []


def test_what_is_named_by_now_is_not_asked_about(bridge: Bridge) -> None:
    account = account_of(bridge)
    with bridge.installation.write() as record:
        ask_whose(record, account, booking("b1", service_ref="77"))
    services = {**account.settings.services, "77": account.settings.services["1"]}
    with bridge.installation.write() as record:
        close_answered(record, account_of(bridge, services=services))
    assert bridge.tasks() == []


def test_a_host_whose_bookings_are_judged_by_now_is_not_asked_about(bridge: Bridge) -> None:
    """The settings named another host, and name nobody any more."""
    hosted = booking("b1", host_refs=("5",), own=True)
    with bridge.installation.write() as record:
        ask_whose(record, account_of(bridge, practitioners=HOSTS), hosted)
    assert bridge.tasks() == ["unknown-host"]
    account = account_of(bridge)
    with bridge.installation.write() as record:
        look = Look(looked_at=record.now)
        observe(bridge.installation, record, account, hosted, look, "test")
    assert "unknown-host" not in bridge.tasks()
