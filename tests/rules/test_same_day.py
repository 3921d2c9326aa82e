"""Other care of which nobody knows the day; the rulings have the rest."""

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import Json, bookings, request, shown, small_host, visits

CARE = {"provider": "other", "modality": "chiropractic"}
DONE = visits("aetna", "2026-12-08", **CARE)
BOOKED = bookings("aetna", "2026-12-08T15:00:00-08:00", **CARE)


def stands(made: Json) -> str:
    return str(shown(decide_request(made, small_host("out-of-network")), "same-day-care"))


@pytest.mark.parametrize(("place", "day"), [("visits", "on"), ("upcoming", "start")])
def test_it_is_not_said_that_there_is_none(place: str, day: str) -> None:
    listed = {"visits": DONE, "upcoming": BOOKED}[place]
    undated = [{**item, day: None} for item in listed]
    assert stands(request("cigna", **{place: undated})) == "-"
    assert stands(request("cigna", **{place: [*undated, *listed]})) == "unmet/hold"
    assert stands(request("cigna", **{place: [{**undated[0], "payer": None}]})) == "met/none"
