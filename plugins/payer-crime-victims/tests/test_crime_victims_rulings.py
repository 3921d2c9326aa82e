"""Crime Victims Compensation by itself answers each of its rulings."""

from pathlib import Path

import pytest

from massage_ins_bridge.testing.requests import small_host
from massage_ins_bridge.testing.rulings import Ruling, read_rulings


@pytest.mark.parametrize("ruling", read_rulings(Path(__file__).with_name("rulings.toml")), ids=str)
def test_ruling(ruling: Ruling) -> None:
    assert ruling.told(small_host("crime-victims")) == ruling.expected
