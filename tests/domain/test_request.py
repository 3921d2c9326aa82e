"""A request as a whole: what must be there, and what is supplied."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from massage_ins_bridge.domain.clinic import Clinic
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing.requests import request

NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize("data", [None, 7, "x", [], True])
def test_a_request_that_is_no_object(data: Any) -> None:
    with pytest.raises(UnusableInputError, match=r"^request: must be an object"):
        read_request(data, NOW)


def test_as_of_defaults_to_now_and_the_clinic_to_the_one_at_hand() -> None:
    ours = Clinic(name="Ours")
    chart = read_request(request("regence", as_of=..., clinic=...), NOW, ours)
    assert (chart.as_of, chart.clinic) == (NOW, ours)
    assert read_request(request("regence"), NOW, ours).clinic != ours


def test_only_the_start_is_needed() -> None:
    chart = read_request({"booking": {"start": "2026-12-08T10:00:00-08:00"}}, NOW)
    assert chart.booking.start.date() == date(2026, 12, 8)
    assert chart.coverages is None
