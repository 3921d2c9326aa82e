"""Bookings of what the settings did not name before are taken in first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.daily import look_at_the_day, look_where_others_decide
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.going_live import preview
from massage_ins_bridge.desk.looked import complete
from massage_ins_bridge.desk.newly_named import look_where_more_is_named
from massage_ins_bridge.settings import ServiceSettings
from massage_ins_bridge.testing.bookings import START

ONE = {"1": ServiceSettings(service="medical-massage", self_pay=False)}
MORE = {**ONE, "77": ServiceSettings(service="deep-tissue", self_pay=False)}


def start_with(bridge: Bridge, **settings: Any) -> bool:
    """The service starts with these settings. Whether it knows all bookings of the account."""
    account = bridge.installation.accounts["desk"]
    account = replace(account, settings=account.settings.model_copy(update=settings))
    bridge.installation.accounts = {"desk": account}
    look_where_more_is_named(bridge.installation)
    with bridge.installation.read() as record:
        return complete(record, account)


def test_a_booking_that_was_left_alone_counts_before_others_are_decided(bridge: Bridge) -> None:
    """Two visits are paid for; both stand as bookings of a service that was not named."""
    bridge.knobs.visits = 2
    start_with(bridge, services=ONE)
    for number in (1, 2):
        day = START + timedelta(days=number)
        bridge.arrive(f"old{number}", "created", status="accepted", service_ref="77", start=day)
    bridge.work()
    assert start_with(bridge, services=MORE) is False
    bridge.take("new", start=START + timedelta(days=9))
    bridge.confirm_coverage("new")
    assert bridge.platform.changes == []
    first_look(bridge.installation, "desk")
    bridge.work()
    assert bridge.outcome("new") == "block"
    assert ("new", "accepted") not in [change[:2] for change in bridge.platform.changes]
    with bridge.installation.read() as record:
        shown = preview(bridge.installation, record, "desk").bookings
    assert {record_of.booking for record_of in shown} == {
        bridge.row("old1").id,
        bridge.row("old2").id,
    }


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [
        ({"services": ONE}, {"services": ONE}, True),
        ({"services": ONE}, {"services": MORE}, False),
        ({"services": MORE}, {"services": ONE}, True),
        ({"practitioners": {}}, {"practitioners": {"812": "mira"}}, False),
        ({"practitioners": {"812": "mira"}}, {"practitioners": {}}, False),
        ({"practitioners": {"812": "mira"}}, {"practitioners": {"812": "bo"}}, True),
    ],
)
def test_only_more_that_is_named_is_looked_for(
    bridge: Bridge, before: dict[str, Any], now: dict[str, Any], known: bool
) -> None:
    assert start_with(bridge, **before)
    assert start_with(bridge, **now) is known
    first_look(bridge.installation, "desk")
    assert start_with(bridge)


def test_what_is_named_again_was_not_seen_meanwhile(bridge: Bridge) -> None:
    assert [start_with(bridge, services=named) for named in (MORE, ONE, MORE)] == [
        *(True, True),
        False,
    ]


def start_again(bridge: Bridge, **settings: Any) -> None:
    """The same, with what each start has looked at, and done."""
    start_with(bridge, **settings)
    first_look(bridge.installation, "desk")
    look_where_others_decide(bridge.installation)
    look_at_the_day(bridge.installation)
    bridge.work()


def test_who_is_named_later_reaches_the_bookings_that_stand(bridge: Bridge) -> None:
    start_again(bridge, practitioners={})
    bridge.take("to-come", host_refs=("812",))
    bridge.take("over", host_refs=("812",), start=bridge.clock.moment - timedelta(days=2))
    start_again(bridge, practitioners={"812": "mira"})
    assert [bridge.details(ref).practitioner for ref in ("to-come", "over")] == ["mira", "mira"]
    start_again(bridge, practitioners={"812": "bo"})
    assert [bridge.details(ref).practitioner for ref in ("to-come", "over")] == ["bo", "mira"]


def test_a_service_that_is_put_right_has_its_bookings_decided_anew(bridge: Bridge) -> None:
    """What the client wrote of their insurance counts from then on."""
    wrong = {"1": ServiceSettings(service="relaxation", self_pay=True)}
    start_again(bridge, services=wrong)
    patient = bridge.take("b1", answers={"payer": "regence", "member_id": "ZZZ123"}).patient_id
    assert bridge.outcome("b1") == "allow"
    start_again(bridge, services=ONE)
    assert (bridge.details("b1").service, bridge.outcome("b1")) == ("medical-massage", "hold")
    with bridge.installation.read() as record:
        (coverage,) = record.facts.known(patient)["coverage"]
    assert coverage.payer == "regence"


def test_what_staff_chose_of_paying_is_not_taken_back(bridge: Bridge) -> None:
    start_again(bridge, services=ONE)
    bridge.take("b1")
    bridge.choose("b1", self_pay=True)
    start_again(bridge, services={"1": ServiceSettings(service="deep-tissue", self_pay=False)})
    assert (bridge.details("b1").service, bridge.details("b1").self_pay) == ("deep-tissue", True)
