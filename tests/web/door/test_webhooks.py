"""``POST /webhooks/{account}``: the contract's answers, and nothing lost after a 202."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message
from tests.web.conftest import Site, problem

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


ODD = (b"{not json", b"", b"[]", b"\xff\xfe\x00", b"[" * 100_000)
REFUSED: list[tuple[str, bytes, str | None, int]] = [
    *(("desk", delivery("w2"), signature, 401) for signature in ("", "bad", "\u00fcber")),
    *(("desk", body, None, 400) for body in ODD),
    *(("desk", b"x" * 2_000_000, signature, 413) for signature in (None, "")),
    ("nobody", delivery("w2"), None, 404),
]


@pytest.mark.parametrize(("account", "body", "signature", "status"), REFUSED)
def test_what_is_refused(
    shared: Site, account: str, body: bytes, signature: str | None, status: int
) -> None:
    headers = {k: v.encode() for k, v in signed(body).items()}
    if signature is not None:
        headers = {k: signature.encode() for k in headers}
    problem(shared.http.post(f"/webhooks/{account}", content=body, headers=headers), status)


def test_a_slash_at_the_end_is_no_other_door(shared: Site) -> None:
    """Whoever sends deliveries follows no redirect."""
    raw = delivery("w-slash", sent_at=shared.installation.clock.now())
    answer = shared.http.post(
        "/webhooks/desk/", content=raw, headers=signed(raw), follow_redirects=False
    )
    assert answer.status_code == 202


def test_a_body_without_end_is_cut_off_early(shared: Site) -> None:
    endless = (b"x" * 65_536 for _ in range(160))
    assert shared.http.post("/webhooks/desk", content=endless).status_code == 413


def test_only_posts(shared: Site) -> None:
    answer = shared.http.get("/webhooks/desk")
    assert (problem(answer, 405)["status"], answer.headers["allow"]) == (405, "POST")


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
    path = "/v1/tasks?kind=unreadable-delivery"
    shared.until(lambda: shared.api("GET", path).json()["tasks"])


def test_a_connector_that_cannot_verify_keeps_the_platform_sending(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeConnector, "verify", lambda *_: None)
    assert shared.post(delivery("w5")).status_code == 503


def test_a_body_that_does_not_come_is_given_up() -> None:
    async def nothing() -> Message:
        await asyncio.sleep(20)
        raise AssertionError

    request = Request({"type": "http", "method": "POST", "headers": []}, nothing)
    with pytest.raises(ProblemError) as caught:
        asyncio.run(bodies.read_body(request, 1000, 0.05))
    assert caught.value.status == 408
    assert "send it again" in caught.value.detail
