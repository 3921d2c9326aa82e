"""Times are stored as UTC, and none without a zone."""

from datetime import datetime

import pytest

from massage_ins_bridge.store.types import UtcTime, new_id


def test_a_time_comes_back_as_the_same_moment() -> None:
    kind, moment = UtcTime(), datetime.fromisoformat("2026-12-08T10:00:00-08:00")
    stored = kind.process_bind_param(moment, None)
    assert stored == datetime(2026, 12, 8, 18)  # noqa: DTZ001 - as the column holds it
    assert kind.process_result_value(stored, None) == moment
    with pytest.raises(ValueError, match="without a zone"):
        kind.process_bind_param(stored, None)
    assert kind.process_bind_param(None, None) is kind.process_result_value(None, None) is None
    assert len({new_id("pat") for _ in range(100)}) == 100
