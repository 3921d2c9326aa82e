"""What L&I's plugin says of a crime victim's number, of the bill's last day and of fees."""

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import chart_of, finished, request, shown, small_host


def test_crime_victims_are_named_as_such() -> None:
    made = request("lni", **{"coverages.0.claim.number": "V123456"})
    assert "crime victims" in shown(decide_request(made, small_host("lni")), "message claim")


def test_the_bill_has_a_last_day() -> None:
    """LNI-14: received within a year."""
    assert ("submit-claim", "2027-12-08") in finished(request("lni"), small_host("lni"))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        *(("2026-06-30", "112.09 dollars"), ("2025-07-01", "112.09 dollars")),
        *(("2026-07-01", "Look up the daily maximum"), ("2025-06-30", "Look up the daily maximum")),
    ],
)
def test_the_daily_maximum_is_told_where_it_is_known(day: str, words: str) -> None:
    """LNI-08."""
    host = small_host("lni")
    made = request("lni", **{"booking.start": f"{day}T10:00:00-07:00", "booking.end": ...})
    case = host.case(chart_of(made))
    actions, _ = host.visit_complete(case, host.decide_case(case))
    texts = [action.message for action in actions]
    assert any(words in text for text in texts)
