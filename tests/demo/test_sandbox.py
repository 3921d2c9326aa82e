"""The sandbox's clients come out as its list says, and its secrets open no real account."""

import json
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from massage_ins_bridge.api.connectors import AccountConfig, PlatformClient
from massage_ins_bridge.demo.sandbox import (
    BRIDGE_SECRET,
    PLATFORM_SECRET,
    catching,
    prepare,
    words,
)
from massage_ins_bridge.demo.sandbox_people import PEOPLE
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.settings import StartError
from massage_ins_bridge.testing.bookings import booking
from massage_ins_bridge_webhook.connector import WebhookConnector


def test_each_client_comes_out_as_listed(tmp_path: Path) -> None:
    made = prepare(tmp_path, "http://127.0.0.1:9/x", 0)
    installation = build_installation(made.settings, SystemClock())
    account = installation.accounts["sandbox"]
    with installation.write() as record:
        for number, person in enumerate([*PEOPLE, *PEOPLE[-1:]]):
            email = person.email if number < len(PEOPLE) else "other@example.com"
            seen = booking(
                f"b{number}",
                start=(record.now + timedelta(days=14)).replace(hour=18),
                service_ref="massage",
                name=person.name,
                email=email,
                answers={},
                version=None,
            )
            found = observe(installation, record, account, seen, Look(told_at=record.now), "test")
            assert found.booking_id is not None
            row = record.bookings.get(found.booking_id)
            assert row is not None
            data = record.decisions.data(record.decisions.last_of([row.id])[row.id])
            keys = [r["key"] for r in data["requirements"] if r["effect"] in ("hold", "block")]
            if number == len(PEOPLE):
                assert (row.outcome, "identity" in keys) == ("hold", True)
            else:
                assert row.outcome == person.outcome, person.name
                assert not person.missing or person.missing in keys
    installation.close()
    said = "\n".join(words(made, "http://127.0.0.1:9/x", None))
    assert all(person.name in said for person in PEOPLE)
    assert made.settings.host == "127.0.0.1"
    with pytest.raises(StartError, match="is not empty"):
        prepare(tmp_path, "http://127.0.0.1:9/x", 0)


@pytest.mark.parametrize("real", [{}, {"test": False}])
def test_a_real_account_refuses_its_secrets(real: dict[str, bool]) -> None:
    own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    for keys in ((BRIDGE_SECRET, own), (own, PLATFORM_SECRET), (f"{own}1 {BRIDGE_SECRET}", own)):
        config = AccountConfig("desk", "https://platform.example", *keys, options=real)
        with PlatformClient(config.base_url) as client, pytest.raises(ValueError, match="api_key"):
            WebhookConnector(config, client)


def test_decisions_are_caught_told_and_given() -> None:
    told: list[str] = []
    with catching(0, told.append) as url:
        body = json.dumps({"type": "booking.decision"}).encode()
        with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:  # noqa: S310
            assert answer.status == 204
        with urllib.request.urlopen(url) as answer:  # noqa: S310
            assert json.loads(answer.read()) == [{"webhook-id": None, "type": "booking.decision"}]
    assert told == ['decision: {"type": "booking.decision"}']
