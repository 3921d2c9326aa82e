"""What is sent where, and how much of an answer is taken."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest
from tests.http.conftest import FakeTime, Make
from tests.http.script import DATE, OK, Script, moved

from massage_ins_bridge.http import (
    PlatformBusyError,
    PlatformError,
    PlatformGoneError,
)


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


def test_one_may_take_less_of_an_answer(make_client: Make) -> None:
    client = make_client(Script(httpx.Response(200, content=b"x" * 11)))
    assert client.send("GET", "/x", most=11).body == b"x" * 11
    with pytest.raises(PlatformError, match="too large"):
        client.send("GET", "/x", most=10)


def test_it_goes_on_at_another_address_with_one_rate_limit(make_client: Make) -> None:
    script = Script(OK)
    client = make_client(script, {"authorization": "Basic k"}, per_minute=1)
    client.at("https://other.example").get("/x")
    [request] = script.requests
    assert str(request.url) == "https://other.example/x"
    assert request.headers["authorization"] == "Basic k"
    with pytest.raises(PlatformBusyError):
        client.get("/x")
    with pytest.raises(ValueError, match="https"):
        client.at("http://other.example")


def test_a_redirect_leads_on_and_another_server_gets_no_key(make_client: Make) -> None:
    script = Script(moved("/base/b?key=1"), moved("https://cdn.example/c", 308), OK)
    client = make_client(script, {"authorization": "Bearer k"})
    answer = client.send("PROPFIND", "/a", headers={"depth": "0", "x-own": "1"}, content=b"<x/>")
    assert answer.url == "https://cdn.example/c"
    sent = [(r.method, str(r.url), "authorization" in r.headers) for r in script.requests]
    assert sent == [
        ("PROPFIND", "https://api.platform.example/base/a", True),
        ("PROPFIND", "https://api.platform.example/base/b?key=1", True),
        ("PROPFIND", "https://cdn.example/c", False),
    ]
    last = script.requests[-1]
    assert (last.headers["depth"], "x-own" in last.headers, last.content) == ("0", False, b"<x/>")


@pytest.mark.parametrize(
    ("allowed", "gets"),
    [("p42.platform.example", True), ("*.platform.example", True), ("*.example.com", False)],
)
def test_a_host_that_the_clinic_allows_gets_the_key(
    make_client: Make,
    allowed: str,
    gets: bool,
) -> None:
    script = Script(moved("https://P42.platform.example/b"), OK)
    make_client(script, {"authorization": "k"}, allowed_hosts=[allowed]).send("GET", "/a")
    assert ("authorization" in script.requests[-1].headers) == gets


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/base/a", "without end"),
        ("http://api.platform.example/a", "sent on to api.platform.example without encryption"),
        ("https://u:pw@api.platform.example/a", "that holds a password"),
        ("data:text/calendar,x", "no web address"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_refused(
    make_client: Make, target: str, said: str
) -> None:
    script = Script(moved(target))
    with pytest.raises(PlatformError, match=said) as caught:
        make_client(script).send("GET", "/a")
    assert caught.value.permanent
    assert len(script.requests) <= 6


def test_what_changes_something_is_never_led_on(make_client: Make) -> None:
    script = Script(moved("/base/b"))
    client = make_client(script)
    for call in (lambda: client.send("PUT", "/a", content=b"x"), lambda: client.post("/a")):
        with pytest.raises(PlatformError, match="answered 302"):
            call()
    assert len(script.requests) == 2
