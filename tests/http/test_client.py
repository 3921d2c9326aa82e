"""What is sent again, what is not, and how long the client waits in between."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest
from tests.http.conftest import FakeTime, Make

from massage_ins_bridge.http import PlatformError, PlatformGoneError, PlatformRefusedError, Timeouts


class Script:
    """Answers one after the other; the last one for ever. An exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step, json={"done": step}) if isinstance(step, int) else step


DATE = "Sun, 22 Nov 2026 10:00:00 GMT"
OK = httpx.Response(200, json={"done": True})


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


CLEAR: dict[int, type[PlatformError]] = {
    **dict.fromkeys((400, 401, 422), PlatformRefusedError),
    **dict.fromkeys((404, 410), PlatformGoneError),
    302: PlatformError,
}


@pytest.mark.parametrize(("status", "error"), CLEAR.items())
def test_clear_answers_are_final(
    make_client: Make, status: int, error: type[PlatformError]
) -> None:
    headers = {"location": "https://elsewhere.example/"}
    script = Script(httpx.Response(status, json={"status": "error"}, headers=headers))
    with pytest.raises(error) as caught:
        make_client(script).get("/x")
    assert (len(script.requests), caught.value.permanent, caught.value.status) == (1, True, status)


@pytest.mark.parametrize("body", [b"", b"<html>no such site</html>", b"[]", b"404"])
@pytest.mark.parametrize("status", [404, 410])
def test_an_absence_in_words_that_are_not_the_platforms_may_pass(
    make_client: Make, status: int, body: bytes
) -> None:
    """A proxy answers so while the platform is being renewed."""
    with pytest.raises(PlatformError, match="not the platform's") as caught:
        make_client(Script(httpx.Response(status, content=body))).get("/x")
    assert not isinstance(caught.value, PlatformGoneError)
    assert (caught.value.permanent, caught.value.status) == (False, status)
    assert make_client(Script(httpx.Response(status, content=body), OK)).get("/x")


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


class Endless(httpx.SyncByteStream):
    def __init__(self, chunk: bytes, fake_time: FakeTime) -> None:
        self.chunk, self.fake_time = chunk, fake_time

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.fake_time.now += 0.1 if len(self.chunk) == 1 else 0
            yield self.chunk


@pytest.mark.parametrize(("size", "said"), [(1, "took too long"), (1_000_000, "too large")])
def test_an_answer_without_end_is_cut_off(
    make_client: Make, fake_time: FakeTime, size: int, said: str
) -> None:
    endless = Endless(b" " * size, fake_time)
    with pytest.raises(PlatformError, match=said):
        make_client(lambda request: httpx.Response(200, stream=endless)).get("/x")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity, br", "X-Own"])
def test_a_compressed_answer_is_refused_unopened(make_client: Make, encoding: str) -> None:
    """Some kilobytes unpack to gigabytes, and identity alone was asked for."""

    class Bomb(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            raise AssertionError("it was read")

    headers = {"content-encoding": encoding}
    for status, said in ((200, "GET /x: the answer is compressed"), (503, "answered 503")):
        answer = partial(httpx.Response, status, headers=headers)
        with pytest.raises(PlatformError, match=said) as caught:
            make_client(lambda r, answer=answer: answer(stream=Bomb())).get("/x")
        assert caught.value.permanent == (status == 200)
    as_it_is = httpx.Response(200, json=1, headers={"content-encoding": "identity"})
    assert make_client(Script(as_it_is)).get("/x") == 1


def test_the_platforms_own_time_is_remembered(make_client: Make, fake_time: FakeTime) -> None:
    """By the client that the host holds, whichever of its kin was answered."""
    answers = [
        httpx.Response(200, json=1, headers={"date": "Sun, 22 Nov 2026 11:00:00 GMT", "age": "60"}),
        httpx.Response(200, json=1, headers={"date": "soon"}),
        httpx.Response(404, json={}, headers={"date": DATE}),
        httpx.Response(200, json=1),
    ]
    client = make_client(Script(*reversed(answers)))
    assert (client.platform_time, client.platform_time_heard_at) == (None, None)
    client.get("/x")
    fake_time.now += 5
    with pytest.raises(PlatformGoneError):
        client.with_headers({"authorization": "k"}).get("/x")
    fake_time.now += 5
    client.get("/x")
    client.get("/x")
    assert client.platform_time == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert client.platform_time_heard_at == 1005
