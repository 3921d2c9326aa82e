"""What an answer means, and what stands in an error."""

import httpx
import pytest
from tests.http.conftest import Make
from tests.http.script import OK, PAGE, Script

from massage_ins_bridge.http import (
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)

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


def test_any_method_is_sent_and_its_answer_comes_as_it_is(make_client: Make) -> None:
    """For platforms that do not speak JSON."""
    script = Script(httpx.Response(207, text="<x/>", headers={"ETag": '"1"'}))
    client = make_client(script, {"authorization": "Basic k"})
    answer = client.send("REPORT", "/cal/", b"<y/>", headers={"Depth": "1"})
    assert (answer.status, answer.body, answer.headers["etag"]) == (207, b"<x/>", '"1"')
    [request] = script.requests
    assert (request.method, request.content) == ("REPORT", b"<y/>")
    assert (request.headers["depth"], request.headers["authorization"]) == ("1", "Basic k")
    assert "k" not in repr(answer)


def test_an_expected_status_is_an_answer(make_client: Make) -> None:
    script = Script(412, 404, 404)
    client = make_client(script)
    assert client.send("PUT", "/x", b"", expects={412}).status == 412
    assert client.send("REPORT", "/x", expects={404}).status == 404
    with pytest.raises(PlatformGoneError):
        client.send("REPORT", "/x")


def test_a_page_for_people_is_called_one(make_client: Make) -> None:
    for page in (PAGE, httpx.Response(200, html="x")):
        with pytest.raises(PlatformError, match="web page instead of data: is base_url") as caught:
            make_client(Script(page)).get("/x")
        assert not caught.value.permanent


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_no_longer_taken_is_said(make_client: Make, status: int) -> None:
    with pytest.raises(PlatformRefusedError, match="does not take the account's key"):
        make_client(Script(status)).get("/x")


def test_an_answer_that_is_no_json_comes_as_it_is(make_client: Make) -> None:
    feed = httpx.Response(200, text="BEGIN:VCALENDAR", headers={"ETag": '"1"'})
    script = Script(feed, httpx.Response(304), PAGE)
    client = make_client(script)
    first = client.send("GET", "https://feeds.example/a-secret.ics?key=1")
    assert (first.status, first.body, first.headers["etag"]) == (200, b"BEGIN:VCALENDAR", '"1"')
    assert "secret" not in repr(first)
    second = client.send("GET", "/x", headers={"If-None-Match": '"1"'}, expects={304})
    assert (second.status, script.requests[-1].headers["if-none-match"]) == (304, '"1"')
    assert client.send("REPORT", "/x", content=b"<x/>").is_web_page
    assert script.requests[-1].content == b"<x/>"


def test_a_feeds_address_stands_in_no_error(make_client: Make) -> None:
    with pytest.raises(PlatformError, match=r"feeds\.example: GET answered 500") as caught:
        make_client(Script(500)).send("GET", "https://feeds.example/a-secret.ics?key=1")
    assert "secret" not in str(caught.value)
