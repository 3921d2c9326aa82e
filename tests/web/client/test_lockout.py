"""Who asks for addresses that there are not: asked to wait after a while, and nobody else is."""

import pytest
from starlette.requests import Request
from tests.web.client.own_pages import booked, revoked
from tests.web.conftest import Site

from massage_ins_bridge.web.client import lockout


def test_who_guesses_on_and_on_has_to_wait(shared: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = booked(shared, "locked")
    guesser = {"x-forwarded-for": "198.51.100.7"}
    for number in range(lockout.MOST):
        assert shared.http.get(f"/p/{number:032}", headers=guesser).status_code == 404
    for where in (path, f"{path}/visit.ics", "/p/" + "z" * 32):
        answer = shared.http.get(where, headers=guesser)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")
        assert "try again in a few minutes" in answer.text
    data = {"once": "x" * 20}
    assert shared.http.post(f"{path}/intake", data=data, headers=guesser).status_code == 429
    other = {"x-forwarded-for": "198.51.100.7, 203.0.113.9"}  # what the proxy itself adds
    assert shared.http.get(path, headers=other).status_code == 200
    monkeypatch.setattr(lockout, "WITHIN", 0.0)
    assert shared.http.get(path, headers=guesser).status_code == 200


def test_what_is_known_and_over_locks_nobody_out(shared: Site) -> None:
    path = revoked(shared, "old")
    caller = {"x-forwarded-for": "198.51.100.8"}
    answers = {shared.http.get(path, headers=caller).status_code for _ in range(lockout.MOST + 5)}
    assert answers == {404}


@pytest.mark.parametrize(
    ("peer", "passed", "caller"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.1.2.3", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("93.184.216.34", "1.2.3.4", "93.184.216.34"),  # a stranger says what they like
        ("127.0.0.1", "no address", "127.0.0.1"),
        ("testclient", "", "testclient"),
    ],
)
def test_who_asks(peer: str, passed: str, caller: str) -> None:
    headers = [(b"x-forwarded-for", passed.encode())] if passed else []
    request = Request({"type": "http", "client": (peer, 1), "headers": headers})
    assert lockout.caller_of(request) == caller


def test_callers_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "CALLERS", 2)
    out = lockout.Lockout()
    for caller in ("a", "b", "c"):
        for _ in range(lockout.MOST):
            out.missed(caller)
    assert [out.is_out(caller) for caller in ("c", "a")] == [True, False]
