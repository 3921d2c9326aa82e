"""Real servers keep what a calendar's user stores."""

import urllib.error

import pytest

from massage_ins_bridge.testing.calendar_servers import CalendarServer, event


@pytest.mark.parametrize("kind", ["radicale", "xandikos"])
def test_a_server_keeps_what_is_stored(kind: str, request: pytest.FixtureRequest) -> None:
    server: CalendarServer = request.getfixturevalue(kind)
    calendar = server.make("kept")
    ref = server.put(calendar, "a1")
    assert "UID:a1" in server.get(ref)
    server.put(calendar, "a1", event("a1", days=1))
    assert "DTSTART:20261209T180000Z" in server.get(ref)
    server.delete(ref)
    with pytest.raises(urllib.error.HTTPError):
        server.get(ref)
