"""Nothing that is secret or personal leaves the client: not in errors, logs or reprs."""

import logging
import pickle
import threading
import traceback

import httpx
import pytest
from tests.http.conftest import Make

from massage_ins_bridge.http import PlatformError, PlatformGoneError, PlatformRefusedError

SECRET = "cal_live_1234567890abcdef"
QUERY = {"attendeeEmail": "ada@lovelace.example", "n": "Lovelace"}
MESSAGE = (
    "Attendee Ada Lovelace <ada@lovelace.example> (206) 555-0100 has no seat; "
    f"key {SECRET}, see https://app.example/b?token=abc"
)
WORDS = {"status": "error", "error": {"code": "BadRequestException", "message": MESSAGE}}


@pytest.mark.parametrize("status", [400, 404, 429, 500, 302])
def test_errors_name_the_place_and_no_one(make_client: Make, status: int) -> None:
    headers = {"authorization": f"Bearer {SECRET}"}
    client = make_client(lambda r: httpx.Response(status, json=WORDS), headers)
    with pytest.raises(PlatformError) as caught:
        client.get("/v2/bookings", params=QUERY)
    text = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "api.platform.example: GET /v2/bookings" in str(caught.value)
    assert "has no seat" in str(caught.value)
    for leak in (SECRET, "lovelace", "555", "token", "attendeeEmail"):
        assert leak.lower() not in text.lower()


def test_what_we_sent_is_not_echoed(make_client: Make) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"message": f"bad reason: {request.content.decode()}"})

    with pytest.raises(PlatformRefusedError) as caught:
        make_client(echo).post("/x", {"reason": "Grace Hopper, back pain"})
    assert not {"grace", "hopper", "pain"} & set(str(caught.value).lower().split())


ODD = (b"", b"<html>Ada</html>", b"[" * 100_000, b'{"message": {"a": 1}}', b'"\\ud800"', b"\xff")


@pytest.mark.parametrize("body", ODD)
def test_odd_error_bodies_are_left_out(make_client: Make, body: bytes) -> None:
    with pytest.raises(PlatformRefusedError) as caught:
        make_client(lambda r: httpx.Response(400, content=body)).get("/x")
    assert str(caught.value).startswith("api.platform.example: GET /x answered 400")
    assert "Ada" not in str(caught.value)
    str(caught.value).encode()


def test_network_errors_hide_the_address_with_its_query(make_client: Make) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"cannot read {request.url}")

    with pytest.raises(PlatformError) as caught:
        make_client(fail).get("/x", params=QUERY)
    assert "lovelace" not in "".join(traceback.format_exception(caught.value))


def test_nothing_is_logged(make_client: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = make_client(lambda r: httpx.Response(200, json=WORDS), {"authorization": SECRET})
    client.get("/x", params=QUERY)
    ours = threading.get_ident()  # what an earlier test left may still be at work
    assert [record for record in caplog.records if record.thread == ours] == []
    assert SECRET not in repr(client)


@pytest.mark.parametrize("kind", [PlatformError, PlatformGoneError, PlatformRefusedError])
def test_errors_survive_a_durable_run(kind: type[PlatformError]) -> None:
    error = pickle.loads(pickle.dumps(kind("no", True, 404, 3.0)))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert (str(error), error.permanent, error.status, error.retry_after) == ("no", True, 404, 3.0)


def test_cookies_are_not_kept(make_client: Make) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        cookie = {"set-cookie": "session=1"}
        return httpx.Response(200, json=request.headers.get("cookie", "none"), headers=cookie)

    client = make_client(answer)
    assert [client.get("/x"), client.get("/x")] == ["none", "none"]
