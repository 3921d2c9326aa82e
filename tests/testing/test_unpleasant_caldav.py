"""The unpleasant calendar server is pleasant until it is told otherwise."""

from collections.abc import Iterator

import httpx
import pytest

from massage_ins_bridge.testing.calendar_servers import event
from massage_ins_bridge.testing.unpleasant_caldav import HOME, UnpleasantCaldav, tag

SYNC = """<?xml version="1.0"?>
<D:sync-collection xmlns:D="DAV:"><D:sync-token>{}</D:sync-token></D:sync-collection>"""


@pytest.fixture
def server() -> UnpleasantCaldav:
    return UnpleasantCaldav()


@pytest.fixture
def client(server: UnpleasantCaldav) -> Iterator[httpx.Client]:
    address = f"https://dav.example{HOME}mira/"
    with httpx.Client(base_url=address, transport=httpx.MockTransport(server)) as client:
        yield client


def synced(client: httpx.Client, token: str) -> str:
    """The answer about what changed since the token."""
    return client.request("REPORT", "", content=SYNC.format(token)).text


def test_a_change_names_the_tag_of_what_it_changes(
    server: UnpleasantCaldav, client: httpx.Client
) -> None:
    made, other = event("a"), event("a", days=1)
    assert client.put("a.ics", content=made).status_code == 204
    assert client.put("a.ics", content=other).status_code == 412
    named = {"if-match": tag(made)}
    assert client.put("a.ics", content=other, headers=named).status_code == 204
    assert client.delete("a.ics", headers=named).status_code == 412
    assert client.get("a.ics").content == server.objects["a.ics"] == other


def test_what_changed_is_told_since_a_token(server: UnpleasantCaldav, client: httpx.Client) -> None:
    server.put("a.ics", event("a"))
    server.put("b.ics", event("b"))
    server.delete("a.ics")
    first, later = synced(client, ""), synced(client, "t2")
    assert ("UID:a" in first, "UID:b" in first, "<sync-token>t3<" in first) == (False, True, True)
    assert (later.count("<href>"), "404" in later) == (1, True)


def test_its_ways_can_be_turned(server: UnpleasantCaldav, client: httpx.Client) -> None:
    server.put("a.ics", event("a"))
    server.put("b.ics", event("b"))
    server.at_once, server.sends_data = 1, False
    cut = synced(client, "")
    assert ("507" in cut, "UID" in cut, "<sync-token>t1<" in cut) == (True, False, True)
    server.delete("a.ics")
    server.tells_deletions = False
    assert "<href>" not in synced(client, "t2")
    server.oldest = 1
    assert "valid-sync-token" in synced(client, "")
    server.before = lambda _request: httpx.Response(418)
    assert client.get("a.ics").status_code == 418


@pytest.mark.parametrize("shown", [True, False])
def test_its_tags_are_shown_or_not(
    server: UnpleasantCaldav, client: httpx.Client, shown: bool
) -> None:
    server.syncs = server.ctags = shown
    said = client.request("PROPFIND", "", headers={"depth": "0"}).text
    assert ("sync-token" in said, "getctag" in said) == (shown, shown)
