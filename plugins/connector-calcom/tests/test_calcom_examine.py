"""What ``doctor`` hears of the clinic's settings in Cal.com."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Advice,
    PlatformClient,
    ServiceMeaning,
)
from massage_ins_bridge_calcom.connector import CalcomConnector

if TYPE_CHECKING:
    from conftest import Calcom

BRIDGE = "https://bridge.example/webhooks/front-desk"
MASSAGE = {"30412": ServiceMeaning("medical-massage", self_pay=False)}


@pytest.fixture
def clinic(alone: Calcom) -> Calcom:
    """A Cal.com whose settings are as they should be."""
    alone.control("POST", "settings", webhook_url=BRIDGE)
    return alone


def advice(clinic: Calcom, services: dict[str, ServiceMeaning] = MASSAGE) -> list[Advice]:
    return clinic.connector(services).examine(BRIDGE)


def test_of_good_settings_nothing_is_said(clinic: Calcom) -> None:
    assert advice(clinic) == []
    relaxation = {"30413": ServiceMeaning("relaxation-massage", self_pay=True)}
    assert advice(clinic, {**MASSAGE, **relaxation}) == []


AMISS: list[tuple[dict[str, Any], str, str]] = [
    ({"event_type": 30412, "requires_confirmation": False}, "bad", "asks for no confirmation"),
    ({"event_type": 30412, "within": 48}, "bad", "only of bookings within 48 hours"),
    ({"event_type": 30412, "blocks_slot": False}, "bad", "still block calendar slots"),
    ({"event_type": 30412, "seats": 4}, "bad", "offers seats"),
    ({"triggers": ["BOOKING_CREATED"]}, "bad", "requested, rescheduled, cancelled, rejected, no s"),
    ({"active": False}, "bad", "turned off"),
    ({"template": "{{title}}"}, "bad", "custom payload template"),
    ({"secret": "another"}, "bad", "another secret"),
    ({"secret": ""}, "bad", "has no secret"),
    ({"webhook_url": BRIDGE + "/"}, "note", "ends in '/'"),
    ({"webhook_url": "https://elsewhere.example/hook"}, "note", "no webhook"),
]


@pytest.mark.parametrize(("setting", "level", "words"), AMISS)
def test_what_is_amiss_is_said_once(
    clinic: Calcom, setting: dict[str, Any], level: str, words: str
) -> None:
    clinic.control("POST", "settings", **setting)
    [said] = advice(clinic)
    assert (said.level, words in said.message) == (level, True), said
    assert "whsec" not in said.message


@pytest.mark.parametrize(("hosts", "said"), [((), 0), (("own",), 0), (("812",), 1)])
def test_the_keys_own_user_left_out_of_the_hosts_is_told(
    clinic: Calcom, hosts: tuple[str, ...], said: int
) -> None:
    own = clinic.connector(MASSAGE)._there.own_id()
    named = tuple(own if host == "own" else host for host in hosts)
    with PlatformClient(clinic.url, per_minute=100_000) as client:
        account = dataclasses.replace(clinic.connector(MASSAGE)._account, hosts=named)
        found = CalcomConnector(account, client).examine(BRIDGE)
    told = [advice for advice in found if "[accounts.practitioners]" in advice.message]
    assert [advice.level for advice in told] == ["note"] * said


def test_an_event_type_that_is_not_there(clinic: Calcom) -> None:
    """A number that nobody has, and a name in its stead."""
    for ref in ("99", "medical"):
        [said] = advice(clinic, {ref: MASSAGE["30412"]})
        assert f"event type {ref} (medical-massage) is not among those" in said.message


def test_what_the_api_does_not_say_is_not_amiss() -> None:
    silent = {"data": [{"subscriberUrl": BRIDGE}]}
    base = "https://api.cal.example"
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=silent))
    with PlatformClient(base, transport=transport) as client:
        account = AccountConfig("front-desk", base, "key", "secret")
        assert CalcomConnector(account, client).examine(None) == []


def test_the_address_need_not_be_known(clinic: Calcom) -> None:
    with PlatformClient(clinic.url, per_minute=100_000) as client:
        account = clinic.connector(MASSAGE)._account
        other = dataclasses.replace(account, name="other")
        assert CalcomConnector(account, client).examine(None) == []
        [said] = CalcomConnector(other, client).examine(None)
    assert "no webhook" in said.message
