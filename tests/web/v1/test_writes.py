"""``/v1/writes``: the log, and its parameters."""

from tests.web.conftest import Site, problem


def test_the_log_says_what_was_written(shared: Site) -> None:
    shared.send("w1", answers={})
    shared.until_state("w1", "allowed", "accepted")
    booking = shared.booking("w1")["id"]
    (write,) = shared.api("GET", f"/v1/writes?booking={booking}&account=desk").json()["writes"]
    assert (write["ref"], write["kind"], write["state"]) == ("w1", "confirm", "done")
    assert write["tries"] == []  # it reads the platform: only those that are told have a log
    assert shared.api("GET", f"/v1/writes?booking={booking}&state=failed").json() == {"writes": []}
    problem(shared.api("POST", f"/v1/writes/{write['id']}/replay"), 409)


def test_what_cannot_be_is_refused(shared: Site) -> None:
    problem(shared.api("GET", "/v1/writes?state=lost"), 422)
    problem(shared.api("GET", "/v1/writes?sate=failed"), 422)
    problem(shared.api("POST", "/v1/writes/wrt_none/replay"), 404)
    problem(shared.api("POST", "/v1/accounts/desk/replay"), 422)
    problem(shared.api("POST", "/v1/accounts/none/replay?since=2026-11-01T00:00:00Z"), 404)
