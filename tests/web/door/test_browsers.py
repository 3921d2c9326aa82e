"""Which browser asks, as people call it."""

import pytest
from fastapi import Request

from massage_ins_bridge.web.door.browsers import browser_of

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (_WINDOWS, "Chrome on Windows"),
        (f"{_WINDOWS} Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            "Firefox on Android",
        ),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_as_people_do(agent: str, called: str) -> None:
    headers = [(b"user-agent", agent.encode())]
    assert browser_of(Request({"type": "http", "headers": headers})) == called
