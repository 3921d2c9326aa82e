"""Whose key it is, what can be booked with whom, and the webhook that is made or mended."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    PlatformError,
    PlatformHost,
    PlatformRefusedError,
    Registration,
)
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom.examine import WANTED

if TYPE_CHECKING:
    from conftest import Calcom

BRIDGE = "https://bridge.example/webhooks/front-desk"


@pytest.fixture
def team(calcom_of: type[Calcom]) -> Iterator[Calcom]:
    with calcom_of("--team-admin") as simulator:
        yield simulator
        while simulator.clients:
            simulator.clients.pop().close()


def webhooks(clinic: Calcom) -> list[dict[str, Any]]:
    key = {"authorization": "Bearer cal_test_key"}
    found: list[dict[str, Any]] = clinic.http.get("/v2/webhooks", headers=key).json()["data"]
    return found


def test_a_key_tells_whose_it_is(alone: Calcom) -> None:
    found = alone.connector().access()
    assert (found.owner, found.lacks) == ("Example Massage (desk@clinic.example)", ())


def test_a_key_that_opens_nothing_is_refused(alone: Calcom) -> None:
    alone.control("POST", "faults", kind="status", action="me", status=401)
    with pytest.raises(PlatformRefusedError, match="does not take the account's key"):
        alone.connector().access()


def test_what_a_key_may_not_see_is_told(alone: Calcom) -> None:
    alone.control("POST", "faults", kind="status", action="webhooks", status=403)
    [lack] = alone.connector().access().lacks
    assert "may not list webhooks" in lack


def test_event_types_come_with_their_questions(alone: Calcom) -> None:
    medical, relaxation = alone.connector().services()
    assert (medical.ref, medical.name, medical.minutes) == ("30412", "Medical massage", 60)
    assert (medical.asks_confirmation, relaxation.asks_confirmation) == (True, False)
    assert medical.questions == {"insurance": "Insurance", "member-id": "Member id"}


def test_a_teams_admin_sees_its_event_types_and_members(team: Calcom) -> None:
    team.control("POST", "settings", event_type=50, slug="team-massage", team=True)
    assert [one.ref for one in team.connector().services()] == ["30412", "30413", "50"]
    own, other = team.connector().hosts()
    assert own == PlatformHost("5", "Example Massage", own=True)
    assert (other.name, other.own) == ("Noa Example", False)


def test_who_is_no_admin_sees_themself(alone: Calcom) -> None:
    assert [host.own for host in alone.connector().hosts()] == [True]


def test_the_webhook_is_made_once(alone: Calcom) -> None:
    connector = alone.connector()
    assert connector.register(BRIDGE) == Registration("made")
    assert connector.register(BRIDGE) == Registration("already")
    [made] = [one for one in webhooks(alone) if one["subscriberUrl"] == BRIDGE]
    assert (set(made["triggers"]), made["active"]) == (set(WANTED), True)
    assert connector.examine(BRIDGE) == []


AMISS: list[tuple[dict[str, Any], str]] = [
    ({"webhook_url": BRIDGE + "/"}, "address"),
    ({"active": False}, "turned on"),
    ({"triggers": ["BOOKING_CREATED"]}, "events"),
    ({"template": "{{title}}"}, "template"),
    ({"secret": "another"}, "secret"),
]


@pytest.mark.parametrize(("setting", "words"), AMISS)
def test_what_leads_there_already_is_mended(
    alone: Calcom, setting: dict[str, Any], words: str
) -> None:
    alone.control("POST", "settings", **{"webhook_url": BRIDGE, **setting})
    connector = alone.connector()
    assert connector.register(BRIDGE) == Registration("changed", f"set anew: {words}")
    assert connector.register(BRIDGE) == Registration("already")
    assert connector.examine(BRIDGE) == []
    assert len(webhooks(alone)) == 1


def test_what_leads_elsewhere_stays(alone: Calcom) -> None:
    elsewhere = "https://other.example/webhooks/front-desk"
    alone.control("POST", "settings", webhook_url=elsewhere, active=False)
    assert alone.connector().register(BRIDGE).how == "made"
    assert [(w["subscriberUrl"], w["active"]) for w in webhooks(alone)] == [
        (elsewhere, False),
        (BRIDGE, True),
    ]


def test_a_lost_answer_makes_no_second_webhook(alone: Calcom) -> None:
    alone.control(
        "POST", "faults", kind="status", action="webhook-create", status=502, after_applying=True
    )
    assert alone.connector().register(BRIDGE).how == "made"
    assert len([one for one in webhooks(alone) if one["subscriberUrl"] == BRIDGE]) == 1


def test_an_address_that_cal_com_does_not_reach_is_refused_in_its_words(alone: Calcom) -> None:
    with pytest.raises(PlatformRefusedError, match="only HTTPS URLs to public hosts"):
        alone.connector().register("http://127.0.0.1:8766/webhooks/front-desk")


def test_without_a_secret_nothing_is_registered(alone: Calcom) -> None:
    with PlatformClient(alone.url, per_minute=100_000) as client:
        account = dataclasses.replace(alone.connector()._account, webhook_secret="")
        with pytest.raises(PlatformError, match="webhook_secret is missing"):
            CalcomConnector(account, client).register(BRIDGE)


def test_who_was_quicker_did_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(409 if request.method == "POST" else 200, json={"data": []})

    base = "https://api.cal.example"
    with PlatformClient(base, transport=httpx.MockTransport(answer)) as client:
        account = AccountConfig("front-desk", base, "key", "secret")
        assert CalcomConnector(account, client).register(BRIDGE).how == "already"
