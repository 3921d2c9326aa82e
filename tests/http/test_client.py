"""What is sent again, what is not, and how long the client waits in between."""

import contextlib
from typing import Any

import httpx
import pytest
from tests.http.conftest import FakeTime, Make
from tests.http.script import DATE, OK, Script

from massage_ins_bridge.http import (
    PlatformError,
    PlatformResponse,
    Timeouts,
)


def test_it_returns_the_parsed_answer(make_client: Make) -> None:
    """An empty one is None."""
    assert make_client(Script(httpx.Response(204))).post("/x") is None
    script = Script(200)
    client = make_client(script, {"Authorization": "Bearer k"})
    assert client.get("/v2/me", params={"take": 5}) == {"done": 200}
    [request] = script.requests
    assert str(request.url) == "https://api.platform.example/base/v2/me?take=5"
    assert request.headers["authorization"] == "Bearer k"


LOST = [httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), 500, 503]
UNSENT = [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), 429]


@pytest.mark.parametrize("trouble", [*LOST, *UNSENT, 408, httpx.Response(200, text="<html>")])
def test_a_get_is_tried_again_after_passing_trouble(
    make_client: Make, fake_time: FakeTime, trouble: Any
) -> None:
    script = Script(trouble, trouble, OK)
    assert make_client(script).get("/x") == {"done": True}
    assert (len(script.requests), len(fake_time.slept)) == (3, 2)
    assert min(fake_time.slept) > 0


def test_it_gives_up_after_four_tries(make_client: Make) -> None:
    script = Script(503)
    with pytest.raises(PlatformError) as caught:
        make_client(script).get("/x")
    assert (len(script.requests), caught.value.permanent, caught.value.status) == (4, False, 503)


@pytest.mark.parametrize("trouble", LOST)
def test_a_post_whose_answer_was_lost_is_not_sent_again(make_client: Make, trouble: Any) -> None:
    script = Script(trouble, OK)
    with pytest.raises(PlatformError) as caught:
        make_client(script).post("/x", {"a": 1})
    assert (len(script.requests), caught.value.permanent) == (1, False)


AGAIN: list[tuple[list[Any], dict[str, Any]]] = [([trouble], {}) for trouble in UNSENT]
AGAIN += [(LOST[:2], {"idempotent": True}), (LOST[:2], {"applied": lambda: None})]


@pytest.mark.parametrize(("troubles", "options"), AGAIN)
def test_a_post_that_surely_did_not_happen_or_may_happen_twice_is_sent_again(
    make_client: Make, troubles: list[Any], options: dict[str, Any]
) -> None:
    script = Script(*troubles, OK)
    assert make_client(script).post("/x", {"a": 1}, **options) == {"done": True}
    assert len(script.requests) == len(troubles) + 1


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("x"), *UNSENT])
def test_the_platform_is_asked_before_a_post_is_sent_again(make_client: Make, trouble: Any) -> None:
    """Whether or not it may have happened: meanwhile somebody else may have been quicker. Where it
    cannot say, nothing is sent again."""
    asked: list[int] = []
    script = Script(trouble, OK)

    def applied() -> Any:
        asked.append(len(script.requests))
        if len(asked) > 1:
            raise PlatformError("cannot be read either")
        return "it had happened"

    assert make_client(script).post("/x", applied=applied) == "it had happened"
    script.answers.insert(0, trouble)
    with pytest.raises(PlatformError):
        make_client(script).post("/x", applied=applied)
    assert (len(script.requests), asked[:2]) == (2, [1, 2])


EMPTY = {"x-ratelimit-remaining-default": "0", "x-ratelimit-reset-default": "1"}
SHORT: list[tuple[dict[str, str], int]] = [
    *(({"retry-after": text}, 0) for text in ("Sun, 22 Nov 2020 10:00:00 GMT", "soon", "-5", "²")),
    *(({"retry-after": "2"}, 2), (EMPTY, 1)),
    ({"retry-after": "Sun, 22 Nov 2026 10:00:01 GMT", "date": DATE}, 1),
]


@pytest.mark.parametrize(("headers", "wait"), SHORT)
def test_it_waits_as_long_as_it_is_asked_to(
    make_client: Make, fake_time: FakeTime, headers: dict[str, str], wait: int
) -> None:
    began = fake_time.now
    encoded = [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    make_client(Script(httpx.Response(429, headers=encoded), OK)).get("/x")
    assert wait < fake_time.now - began <= wait + 1


LONG: list[tuple[dict[str, str], int]] = [
    *(({"retry-after": "86400"}, 120), ({"retry-after": "3"}, 3)),
    ({"retry-after": "Sun, 22 Nov 2026 10:00:09 GMT", "date": DATE}, 9),
    (EMPTY | {"x-ratelimit-reset-default": "11"}, 11),
]


@pytest.mark.parametrize(("headers", "wait"), LONG)
def test_a_longer_wait_is_left_to_the_caller(
    make_client: Make, fake_time: FakeTime, headers: dict[str, str], wait: int
) -> None:
    script = Script(httpx.Response(503, headers=headers))
    with pytest.raises(PlatformError) as caught:
        make_client(script).get("/x")
    assert (len(script.requests), fake_time.slept) == (1, [])
    assert (caught.value.retry_after, caught.value.permanent) == (wait, False)


def test_all_tries_together_have_a_time_limit(make_client: Make, fake_time: FakeTime) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        fake_time.now += 4
        return httpx.Response(500)

    with pytest.raises(PlatformError):
        make_client(slow, timeout=Timeouts(total=6)).get("/x")
    assert fake_time.now - 1000 < 12


def test_what_may_not_be_sent_twice_is_asked_about_first(make_client: Make) -> None:
    done = PlatformResponse(204, {}, b"")
    script = Script(httpx.ReadTimeout("x"), OK)
    client = make_client(script)
    assert client.send("PUT", "/x", b"", repeatable=False, applied=lambda: done) is done
    script = Script(httpx.ReadTimeout("x"), OK)
    with pytest.raises(PlatformError):
        make_client(script).send("PUT", "/x", b"", repeatable=False)
    assert len(script.requests) == 1


@pytest.mark.parametrize(("repeatable", "sent"), [(False, 1), (True, 2)])
def test_a_change_whose_answer_was_lost_is_sent_again_where_it_may_be(
    make_client: Make,
    repeatable: bool,
    sent: int,
) -> None:
    script = Script(httpx.ReadTimeout("x"), httpx.Response(204))
    with contextlib.nullcontext() if repeatable else pytest.raises(PlatformError):
        make_client(script).send("PUT", "/a", content=b"x", repeatable=repeatable)
    assert len(script.requests) == sent
