"""What a platform is told, and what its answer is taken for."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import jsonschema_rs
import pytest
import standardwebhooks

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Notice,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    Remedy,
    Timeouts,
)
from massage_ins_bridge.testing.receiver import Receiver, Reply
from massage_ins_bridge_webhook.connector import SCHEDULE, WebhookConnector

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OURS = "whsec_" + base64.b64encode(b"o" * 32).decode()
NEXT = "whsec_" + base64.b64encode(b"n" * 32).decode()
SCHEMA = jsonschema_rs.validator_for(
    dict(WebhookConnector.schemas["decision"]), validate_formats=True
)
AT = datetime(2026, 11, 22, 18, 0, 0, 250_000, UTC)
HOLD = Notice(
    "b-1",
    "hold",
    "hold",
    "Please bring a prescription.",
    "The booking is on hold.",
    1,
    AT,
    (Remedy("prescription", "Ask for one.", "Please bring one.", date(2026, 12, 4)),),
    datetime(2026, 11, 23, 17, tzinfo=UTC),
)
CONFIRM = Notice("b-1", "allow", "confirm", "", "The booking may stand.", 2, AT)
Make = Callable[..., WebhookConnector]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def account_on(url: str, **changed: Any) -> AccountConfig:
    given = {"base_url": url, "api_key": OURS, "webhook_secret": SECRET, **changed}
    return AccountConfig(name="desk", **given)


@pytest.fixture
def make(receiver: Receiver) -> Iterator[Make]:
    clients: list[PlatformClient] = []

    def made(timeout: Timeouts | None = None, **changed: Any) -> WebhookConnector:
        config = account_on(receiver.url, **changed)
        clients.append(PlatformClient(config.base_url, timeout=timeout))
        return WebhookConnector(config, clients[-1])

    yield made
    for client in clients:
        client.close()


def test_a_decision_is_sent_signed_and_as_the_schema_says(make: Make, receiver: Receiver) -> None:
    now = datetime.now(UTC)
    result = make().tell(HOLD, "wrt_1", now)
    (taken,) = receiver.took
    headers, raw = dict(taken.headers), taken.body
    assert result.reached == "native"
    assert (headers["webhook-id"], headers["content-type"]) == ("wrt_1", "application/json")
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    said = standardwebhooks.Webhook(OURS).verify(raw, headers)
    SCHEMA.validate(said)
    assert said["timestamp"] == "2026-11-22T18:00:00.250000+00:00"
    assert said["data"]["remedies"] == [
        {
            "requirement": "prescription",
            "staff": "Ask for one.",
            "client": "Please bring one.",
            "due": "2026-12-04",
        }
    ]
    assert said["data"]["refused_at"] == "2026-11-23T17:00:00+00:00"
    assert "test" not in said["data"]


def test_what_is_sent_again_is_the_same_message_signed_anew(make: Make, receiver: Receiver) -> None:
    connector = make(options={"test": True})
    for seconds in (0, 3600):
        connector.tell(CONFIRM, "wrt_2", datetime.fromtimestamp(AT.timestamp() + seconds, UTC))
    one, two = receiver.took
    (first, raw), (second, again) = (one.headers, one.body), (two.headers, two.body)
    assert raw == again
    assert json.loads(raw)["data"]["test"] is True
    SCHEMA.validate(json.loads(raw))
    assert first["webhook-id"] == second["webhook-id"] == "wrt_2"
    assert first["webhook-signature"] != second["webhook-signature"]


def test_each_of_our_secrets_signs(make: Make, receiver: Receiver) -> None:
    make(api_key=f"{NEXT} {OURS}").tell(HOLD, "wrt_3", datetime.now(UTC))
    (taken,) = receiver.took
    headers, raw = dict(taken.headers), taken.body
    for secret in (OURS, NEXT):
        assert standardwebhooks.Webhook(secret).verify(raw, headers)


@pytest.mark.parametrize("body", [b"", b"OK", b"<br>", b'{"ok": true}'])
def test_any_2xx_is_a_yes(make: Make, receiver: Receiver, body: bytes) -> None:
    receiver.answers = [Reply(202, {"content-type": "text/html"}, body)]
    assert make().tell(HOLD, "wrt_4", AT).reached == "native"


def test_a_marking_platform_marks(make: Make) -> None:
    connector = make(options={"hold": "mark"})
    assert connector.hold_style == "tag"
    assert connector.tell(HOLD, "wrt_5", AT).reached == "tag"
    assert connector.tell(CONFIRM, "wrt_6", AT).reached == "native"


PAGE = b"\n<!DOCTYPE html><html><body>Please log in</body></html>"
FAULTS: list[tuple[int, dict[str, str], bytes, bool, float | None]] = [
    (200, {"content-type": "text/html"}, PAGE, False, None),
    (302, {"location": "http://169.254.169.254/latest/meta-data/"}, b"", True, None),
    (308, {"location": "http://10.0.0.1/hook"}, b"", True, None),
    (400, {}, b'{"error": "no such booking"}', True, None),
    (401, {}, b"", True, None),
    (403, {}, PAGE, True, None),
    (404, {}, b'{"error": "not found"}', True, None),
    (404, {}, PAGE, False, None),
    (410, {}, b"{}", True, None),
    (410, {}, b"", False, None),
    (429, {"retry-after": "90"}, b"", False, 90.0),
    (429, {"retry-after": "86400"}, b"", False, 120.0),
    (429, {}, b"", False, None),
    (500, {}, b"", False, None),
    (503, {"retry-after": "5"}, b"", False, 5.0),
]


@pytest.mark.parametrize(("status", "headers", "body", "lasts", "wait"), FAULTS)
def test_anything_else_is_a_no(
    make: Make,
    receiver: Receiver,
    status: int,
    headers: dict[str, str],
    body: bytes,
    lasts: bool,
    wait: float | None,
) -> None:
    """And one try is one call: the schedule has the next. No redirect is followed."""
    receiver.answers = [Reply(status, headers, body)]
    with pytest.raises(PlatformError) as caught:
        make().tell(HOLD, "wrt_7", AT)
    error = caught.value
    assert not isinstance(error, PlatformGoneError), "the booking would count as gone"
    assert (error.status, error.permanent, error.retry_after) == (status, lasts, wait)
    assert isinstance(error, PlatformRefusedError) == (status in (400, 401, 403))
    assert len(receiver.took) == 1
    assert "prescription" not in error.message


def test_a_receiver_that_hangs_is_left_in_time(make: Make, receiver: Receiver) -> None:
    receiver.hangs = True
    began = time.monotonic()
    with pytest.raises(PlatformError) as caught:
        make(Timeouts(1, 1, 2)).tell(HOLD, "wrt_8", AT)
    assert time.monotonic() - began < 2.5
    assert not caught.value.permanent
    while not receiver.took:  # it was sent, and its server may be slower
        time.sleep(0.01)
    assert len(receiver.took) == 1


def test_the_schedule_is_the_specifications() -> None:
    assert [sum(SCHEDULE[:n]) for n in (1, 2, 3, 4, 9)] == [5, 305, 2105, 9305, 272105]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"api_key": ""}, "api_key: is missing"),
        ({"webhook_secret": ""}, "webhook_secret: is missing"),
        ({"api_key": SECRET}, "api_key: is the webhook_secret"),
        ({"api_key": f"{OURS} {SECRET}"}, "api_key: is the webhook_secret"),
        ({"options": {"holds": "mark"}}, "options.holds: is not known; did you mean 'hold'?"),
        ({"options": {"hold": "tag"}}, "options.hold: must be one of pending, mark, none"),
        ({"options": {"strict": "yes"}}, "options.strict: must be true or false"),
    ],
)
def test_settings_that_do_not_do_are_named(make: Make, changed: Any, said: str) -> None:
    with pytest.raises(ValueError, match=r"must|is ") as caught:
        make(**changed)
    assert str(caught.value).startswith(said)


def test_who_tells_the_client_is_a_setting(make: Make) -> None:
    assert not make().tells_client
    assert make(options={"tells_client": True}).tells_client
