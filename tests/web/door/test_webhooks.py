"""``POST /webhooks/{account}``: the contract's answers, and nothing lost after a 202."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.types import Message
from tests.web.conftest import Site

from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery, signed
from massage_ins_bridge.web.door import bodies
from massage_ins_bridge.web.door.problems import ProblemError


def test_a_delivery_and_its_repeat(shared: Site) -> None:
    shared.platform.put("w1")
    raw = delivery("w1", sent_at=shared.installation.clock.now())
    first, again = shared.post(raw), shared.post(raw)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == {"delivery": first.json()["delivery"]}
    assert again.json() == {"delivery": first.json()["delivery"], "duplicate": True}
    booking = shared.until_state("w1", "on hold")
    assert len(shared.api("GET", f"/v1/bookings/{booking['id']}").json()["decisions"]) == 1


@pytest.mark.parametrize(
    ("account", "body", "signature", "status"),
    [
        ("desk", delivery("w2"), "", 401),
        ("desk", delivery("w2"), "bad", 401),
        ("desk", delivery("w2"), "\u00fcber", 401),
        ("nobody", delivery("w2"), None, 404),
        ("desk", b"{not json", None, 400),
        ("desk", b"", None, 400),
        ("desk", b"[]", None, 400),
        ("desk", b"\xff\xfe\x00", None, 400),
        ("desk", b"[" * 100_000, None, 400),
        ("desk", b"x" * 2_000_000, None, 413),
        ("desk", b"x" * 2_000_000, "", 413),
    ],
)
def test_what_is_refused(
    shared: Site, account: str, body: bytes, signature: str | None, status: int
) -> None:
    headers = {k: v.encode() for k, v in signed(body).items()}
    if signature is not None:
        headers = {k: signature.encode() for k in headers}
    answer = shared.http.post(f"/webhooks/{account}", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]


def test_a_body_without_end_is_cut_off_early(shared: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65_536

    assert shared.http.post("/webhooks/desk", content=endless()).status_code == 413


def test_only_posts(shared: Site) -> None:
    answer = shared.http.get("/webhooks/desk")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_delivery_is_read_once(shared: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    usual = FakeConnector.parse

    def parse(self: FakeConnector, raw: bytes) -> object:
        read.append(raw)
        return usual(self, raw)

    monkeypatch.setattr(FakeConnector, "parse", parse)
    shared.send("once")
    shared.until_state("once", "on hold")
    assert len(read) == 1


def test_a_delivery_that_breaks_the_connector_is_kept_for_staff(shared: Site) -> None:
    assert shared.post(b'{"kind": "crash", "ref": "w3"}').status_code == 202

    def told() -> bool:
        return bool(shared.api("GET", "/v1/tasks?kind=unreadable-delivery").json()["tasks"])

    shared.until(told)


def test_a_connector_that_cannot_verify_keeps_the_platform_sending(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeConnector, "verify", lambda *_: None)
    assert shared.post(delivery("w5")).status_code == 503


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
