"""The staff page: who sees it, and what it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.web.conftest import Site, TestClient

from massage_ins_bridge.store.tasks import Tasks
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.web import staff


def test_it_shows_bookings_in_plain_words(shared: Site) -> None:
    shared.send("s1", more={"name": "<script>Ann</script>", "email": "s1@example.com"})
    shared.until_state("s1", "on hold")
    page = shared.http.get("/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    data = shared.http.get("/staff/bookings.json").json()
    (line,) = [b for b in data["bookings"] if "Ann" in b["client"]]
    assert line["state"] == "on hold"
    assert line["reasons"][0]["message"] == "coverage not confirmed"
    assert len(line["written"]) == 1
    for name in ("staff.js", "staff.css"):
        assert shared.http.get(f"/static/{name}").status_code == 200


def test_what_is_to_come_stands_first_and_nothing_is_left_out_in_silence(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref, days in (("m-3", -3), ("m-1", -1), ("m0", 0), ("m1", 1), ("m2", 2)):
        start = NOW + timedelta(days=days)
        more = {"email": f"{ref}@example.com", "name": ref, "service_ref": "2"}
        shared.send(ref, "created", status="accepted", start=start, more=more)
        shared.until_state(ref, "allowed")
    data = shared.http.get("/staff/bookings.json").json()
    ours = [(b["client"], b["past"]) for b in data["bookings"] if b["client"].startswith("m")]
    coming = [("m0", False), ("m1", False), ("m2", False)]
    assert ours == [*coming, ("m-1", True), ("m-3", True)]
    assert data["more"] == {"coming": 0, "past": 0, "tasks": 0}
    monkeypatch.setattr(staff, "MOST", 2)
    monkeypatch.setattr(staff, "MOST_PAST", 1)
    less = shared.http.get("/staff/bookings.json").json()
    assert [b["client"] for b in less["bookings"]] == ["m0", "m1", "m-1"]
    everything = len(data["bookings"])
    assert less["more"] == {"coming": everything - 2 - 2, "past": 1, "tasks": 0}
    assert less["sums"] == data["sums"]
    assert data["sums"]["allowed"] >= 5


def test_the_tasks_that_are_due_first_are_not_left_out(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = shared.worker.service
    with service.store.write() as session:
        tasks = Tasks(session, service.store.vault, "default")
        for number, due in enumerate((date(2026, 12, 1), None, date(2026, 11, 30), None)):
            at = NOW + timedelta(seconds=number)
            tasks.open("due", str(number), f"Task {number}.", at, due=due)
    monkeypatch.setattr(staff, "MOST_TASKS", 3)
    data = shared.http.get("/staff/bookings.json").json()
    assert [t["message"] for t in data["tasks"]] == ["Task 2.", "Task 0.", "Task 3."]
    assert data["more"]["tasks"] == data["sums"]["tasks"] - 3 >= 1


def test_it_is_shown_on_this_machine_only(shared: Site) -> None:
    app = shared.http.app
    far = TestClient(app, "http://127.0.0.1", client=("203.0.113.9", 5))
    assert far.get("/").status_code == 403
    assert far.get("/staff/bookings.json").status_code == 403
