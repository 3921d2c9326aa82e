"""Staff's word about a booking: who is billed, and how the visit ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site
from tests.workflows.fakes import NOW, START


def begun(site: Site, ref: str, **more: Any) -> dict[str, Any]:
    """A booking whose time has come; it was accepted on the platform."""
    values = {"email": f"{ref}@example.com", "service_ref": "2", **more}
    site.send(ref, "created", status="accepted", start=NOW - timedelta(hours=1), more=values)
    return site.until_state(ref, "allowed")


def closed(site: Site, booking: dict[str, Any], ending: str) -> tuple[int, dict[str, Any]]:
    answer = site.api("POST", f"/v1/bookings/{booking['id']}/{ending}")
    return answer.status_code, answer.json()


def open_tasks(site: Site, booking: dict[str, Any]) -> set[str]:
    found = site.api("GET", f"/v1/tasks?booking={booking['id']}").json()["tasks"]
    return {task["kind"] for task in found}


def test_how_a_visit_ended_can_be_corrected(shared: Site) -> None:
    first = begun(shared, "c1")
    same = {"email": "c1@example.com"}
    shared.send("c2", more=same)
    second = shared.until_state("c2", "on hold")

    def numbers() -> list[int]:
        whole = shared.api("GET", f"/v1/bookings/{second['id']}").json()
        return [d["decision"]["visit_number"] for d in whole["decisions"]]

    assert closed(shared, first, "completed")[1]["state"] == "completed"
    assert "after-visit" in open_tasks(shared, first)
    assert numbers()[-1] == 2
    assert closed(shared, first, "no-show")[1]["state"] == "not shown up"
    assert "after-visit" not in open_tasks(shared, first)
    shared.until(lambda: numbers()[-1] == 1)
    assert closed(shared, first, "completed")[1]["state"] == "completed"
    assert "after-visit" in open_tasks(shared, first)
    shared.until(lambda: numbers()[-1] == 2)


@pytest.mark.parametrize("ending", ["completed", "no-show"])
def test_the_same_word_again_changes_nothing(shared: Site, ending: str) -> None:
    booking = begun(shared, f"again-{ending}")
    assert closed(shared, booking, ending)[0] == 200
    before, tasks = shared.booking(booking["ref"]), open_tasks(shared, booking)
    woken: list[str] = []
    service = shared.worker.service
    usual, service.on_work = service.on_work, lambda kind, _: woken.append(kind)
    try:
        assert closed(shared, booking, ending)[0] == 200
    finally:
        service.on_work = usual
    assert (shared.booking(booking["ref"]), open_tasks(shared, booking)) == (before, tasks)
    assert woken == []


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
@pytest.mark.parametrize("ending", ["completed", "no-show"])
def test_what_does_not_stand_cannot_be_closed(shared: Site, status: str, ending: str) -> None:
    ref = f"{status}-{ending}"
    booking = begun(shared, ref)
    shared.send(ref, "changed", status=status, start=NOW, version=NOW + timedelta(minutes=1))
    shared.until_state(ref, status)
    code, said = closed(shared, booking, ending)
    assert code == 409
    assert said["detail"].startswith(f"This booking was {status} on the platform.")
    assert shared.booking(ref)["platform_status"] == status


def test_one_that_was_moved_cannot_be_closed(shared: Site) -> None:
    booking = begun(shared, "old")
    shared.send("new", previous="old", more={"email": "old@example.com", "previous_ref": "old"})
    shared.until_state("old", "moved")
    code, said = closed(shared, booking, "completed")
    assert code == 409
    assert "was moved to another time" in said["detail"]


def test_one_that_has_not_begun_cannot_be_closed(shared: Site) -> None:
    shared.send("early", more={"email": "early@example.com"}, start=START)
    booking = shared.until_state("early", "on hold")
    assert closed(shared, booking, "no-show")[0] == 409


def test_an_empty_change_is_no_choice_of_staff(shared: Site) -> None:
    shared.send("p1", more={"email": "p1@example.com", "answers": {}})
    booking = shared.until_state("p1", "on hold")
    path = f"/v1/bookings/{booking['id']}"
    before = shared.api("GET", path).json()
    answer = shared.api("PATCH", path, {})
    assert (answer.status_code, answer.json()) == (200, before)
    later = NOW + timedelta(minutes=1)
    shared.send("p1", "changed", version=later, more={"service_ref": "2", "answers": {}})
    shared.until(lambda: shared.booking("p1")["self_pay"])
    assert shared.api("PATCH", "/v1/bookings/bkg_none", {}).status_code == 404


def test_a_payer_of_blanks_is_refused(shared: Site) -> None:
    shared.send("p2", more={"email": "p2@example.com"})
    booking = shared.until_state("p2", "on hold")
    path = f"/v1/bookings/{booking['id']}"
    for blank in ("", "   "):
        answer = shared.api("PATCH", path, {"payer": blank})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == "payer"
    assert shared.api("PATCH", path, {"payer": " lni "}).status_code == 200
