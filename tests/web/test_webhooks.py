"""``POST /webhooks/{account}``: the contract's answers, and nothing lost after a 202."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.types import Message
from tests.web.conftest import Site
from tests.workflows.fakes import delivery

from massage_ins_bridge.web import bodies
from massage_ins_bridge.web.problems import ProblemError

GOOD = {"x-fake": "good"}


def test_a_delivery_and_its_repeat(shared: Site) -> None:
    raw = delivery("w1")
    first = shared.http.post("/webhooks/desk", content=raw, headers=GOOD)
    again = shared.http.post("/webhooks/desk", content=raw, headers=GOOD)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == {"delivery": first.json()["delivery"]}
    assert again.json() == {"delivery": first.json()["delivery"], "duplicate": True}
    shared.until_state("w1", "on hold")
    booking = shared.booking("w1")
    assert len(shared.api("GET", f"/v1/bookings/{booking['id']}").json()["decisions"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/webhooks/desk", delivery("w2"), {}, 401),
        ("/webhooks/desk", delivery("w2"), {"x-fake": "bad"}, 401),
        ("/webhooks/nobody", delivery("w2"), GOOD, 404),
        ("/webhooks/desk", b"{not json", GOOD, 400),
        ("/webhooks/desk", b"", GOOD, 400),
        ("/webhooks/desk", b"[]", GOOD, 400),
        ("/webhooks/desk", b"\xff\xfe\x00", GOOD, 400),
        ("/webhooks/desk", b"[" * 100_000, GOOD, 400),
        ("/webhooks/desk", b"x" * 2_000_000, GOOD, 413),
        ("/webhooks/desk", b"x" * 2_000_000, {}, 413),
    ],
)
def test_what_is_refused(
    shared: Site, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = shared.http.post(path, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]


def test_a_body_without_end_is_cut_off_early(shared: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65_536

    assert shared.http.post("/webhooks/desk", content=endless(), headers=GOOD).status_code == 413


def test_only_posts(shared: Site) -> None:
    answer = shared.http.get("/webhooks/desk")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_delivery_that_breaks_the_connector_is_kept_for_staff(shared: Site) -> None:
    raw = b'{"kind": "crash", "ref": "w3"}'
    assert shared.http.post("/webhooks/desk", content=raw, headers=GOOD).status_code == 202

    def told() -> bool:
        kinds = [t["kind"] for t in shared.api("GET", "/v1/tasks").json()["tasks"]]
        return "unreadable-delivery" in kinds

    shared.until(told)


def test_a_name_of_a_megabyte(shared: Site) -> None:
    answer = shared.send("w4", more={"name": "A" * 900_000, "email": "long@example.com"})
    assert answer.status_code == 202
    shared.until_state("w4", "on hold")


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def nothing() -> Message:
        await asyncio.sleep(20)
        raise AssertionError

    request = Request({"type": "http", "method": "POST", "headers": []}, nothing)
    with pytest.raises(ProblemError) as caught:
        asyncio.run(bodies.read_body(request, 1000))
    assert caught.value.status == 408
    assert "send it again" in caught.value.detail
