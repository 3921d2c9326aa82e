"""``/v1``: overrides, refusals that wait, and what is let through."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.testing.bookings import NOW

PAT = {"name": "Pat"}
ALLOW = {**PAT, "outcome": "allow", "reason": "the insurer said so"}


@pytest.fixture
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A site where refusals wait, and the id of a booking that is to be refused."""
    folder = tmp_path_factory.mktemp("slow")
    for site in open_site(folder, account={"refuse_after_minutes": 15}):
        site.knobs.visits = 0
        site.send("b1")
        yield site, str(site.until_state("b1", "blocked")["id"])


def post(site: Site, path: str, data: dict[str, Any]) -> Any:
    return site.api("POST", f"/v1/{path}", data)


def test_a_refusal_is_listed_stopped_and_carried_out(waiting: tuple[Site, str]) -> None:
    site, booking = waiting
    (listed,) = site.api("GET", "/v1/refusals").json()["refusals"]
    assert (listed["booking"], listed["by_clock"]) == (booking, False)
    whole = site.api("GET", f"/v1/bookings/{booking}").json()
    assert listed["at"] == whole["refused_at"]
    assert whole["decisions"][-1]["next"] == {
        "act": "decline",
        "at": whole["refused_at"],
        "called_off_by": ["fact", "staff"],
    }
    stopped = post(site, f"bookings/{booking}/refusal/stop", PAT).json()
    assert (stopped["stopped"], stopped["outcome"], stopped["refused_at"]) == (True, "hold", None)
    assert site.api("GET", "/v1/refusals").json() == {"refusals": []}
    undone = post(site, f"bookings/{booking}/refusal/stop/undo", PAT).json()
    assert [(w["kind"], w["ended_by"]) for w in undone["words"]] == [("stop", "Pat")]
    site.until_state("b1", "blocked")
    post(site, f"bookings/{booking}/refusal/now", PAT)
    site.until_state("b1", "blocked", "rejected")
    problem(post(site, f"bookings/{booking}/refusal/stop", PAT), 409)


def test_a_word_rests_on_the_booking_as_it_was_seen(waiting: tuple[Site, str]) -> None:
    site, booking = waiting
    seen = site.api("GET", f"/v1/bookings/{booking}").headers["etag"]
    stale = {"if-match": seen}
    path = f"/v1/bookings/{booking}"
    assert post(site, f"bookings/{booking}/refusal/stop", PAT).status_code == 200
    for way, data in (
        ("override", ALLOW),
        ("override/undo", PAT),
        ("refusal/stop", PAT),
        ("refusal/stop/undo", PAT),
        ("refusal/now", PAT),
    ):
        problem(site.api("POST", f"{path}/{way}", data, **stale), 412)


def test_an_override_stands_beside_what_was_decided(waiting: tuple[Site, str]) -> None:
    site, booking = waiting
    assert post(site, f"bookings/{booking}/override", ALLOW).status_code == 200
    site.until_state("b1", "allowed", "accepted")
    shown = site.api("GET", f"/v1/bookings/{booking}").json()
    assert (shown["override"], shown["accepted_by"], shown["outcome"]) == (
        *("allow", "person"),
        "allow",
    )
    assert shown["decisions"][-1]["decision"]["outcome"] == "block"
    assert shown["words"][0]["reason"] == ALLOW["reason"]
    post(site, f"bookings/{booking}/override/undo", PAT)
    site.until_state("b1", "blocked", "accepted")
    (task,) = (
        t
        for t in site.api("GET", f"/v1/tasks?booking={booking}").json()["tasks"]
        if t["kind"] == "block-by-hand"
    )
    assert post(site, task["button"].removeprefix("/v1/"), PAT).status_code == 200
    site.until_state("b1", "blocked", "cancelled")


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("override", {**ALLOW, "outcome": "maybe"}, "outcome"),
        ("override", {**ALLOW, "until": NOW.replace(year=2020).isoformat()}, "until"),
        ("override", {**ALLOW, "reason": ""}, "reason"),
        ("override/undo", {}, "name"),
        ("refusal/stop", {"name": "a", "why": "b"}, "why"),
        ("refusal/now", {"name": " "}, "name"),
    ],
)
def test_what_cannot_be_used(shared: Site, path: str, data: dict[str, Any], field: str) -> None:
    shared.send("u1")
    booking = shared.until_state("u1", "on hold")["id"]
    (error,) = problem(post(shared, f"bookings/{booking}/{path}", data), 422)["errors"]
    assert error["path"] == field


def test_nothing_is_there(shared: Site) -> None:
    for path in ("bookings/bkg_none/override/undo", "bookings/bkg_none/refusal/stop"):
        problem(post(shared, path, PAT), 404)
    problem(shared.api("GET", "/v1/accounts/none/preview"), 404)
    problem(post(shared, "accounts/none/let-through", PAT), 404)
    problem(post(shared, "accounts/desk/let-through", {**PAT, "bookings": ["bkg_none"]}), 404)


def test_what_would_be_written(shared: Site) -> None:
    shown = shared.api("GET", "/v1/accounts/desk/preview").json()
    assert (shown["account"], shown["enforcement"], shown["bookings"]) == ("desk", "enforce", [])
    assert post(shared, "accounts/desk/let-through", PAT).json() == {"number": 0}
