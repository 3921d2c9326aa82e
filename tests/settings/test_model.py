"""What follows from settings."""

from typing import Any

import pytest
from tests.databases import refusal

from massage_ins_bridge.settings import Settings


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8766"),
        ({"host": "::1"}, "http://[::1]:8766"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8766"),  # noqa: S104 - nothing is bound
        ({"host": "::", "port": 80}, "http://[::1]:80"),
        ({"port": 0, "public_url": "https://b.example/"}, "https://b.example"),
    ],
)
def test_where_browsers_reach_it(given: dict[str, Any], address: str) -> None:
    assert Settings(**given).address == address


def test_where_the_system_chooses_the_port_another_process_does_not_know_it() -> None:
    said = refusal(lambda: Settings(port=0).address)
    assert said.startswith("port: is 0, so that only the running service knows its address")
