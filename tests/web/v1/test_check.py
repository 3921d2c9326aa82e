"""``/v1/check`` answers and stores nothing."""

from tests.web.conftest import Site

from massage_ins_bridge.testing.bookings import START


def test_check_answers_and_stores_nothing(shared: Site) -> None:
    asked = {"booking": {"start": START.isoformat()}, "coverages": [{"payer": "regence"}]}
    answer = shared.api("POST", "/v1/check", asked)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "hold")
    assert shared.api("GET", "/v1/bookings").json()["bookings"] == []
    naive = shared.api("POST", "/v1/check", {"booking": {"start": "2026-12-08T10:00:00"}})
    assert naive.json()["errors"][0]["path"] == "booking.start"
