"""What a domain's DNS says of its calendars, asked of a name server on loopback."""

import socket
import threading
from collections.abc import Iterator
from typing import cast

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    PlatformBusyError,
    PlatformClient,
    PlatformError,
    PlatformRefusedError,
)
from massage_ins_bridge_caldav.discovery import discover
from massage_ins_bridge_caldav.dns_names import server_named_for
from massage_ins_bridge_caldav.wire import Wire

SRV, TXT = "_caldavs._tcp.clinic.example. SRV", "_caldavs._tcp.clinic.example. TXT"
Zone = dict[str, list[str]]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """By name and kind, the records that the name server has."""
    records: Zone = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_answer, args=(server, records, over))
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        monkeypatch.setattr("dns.resolver.default_resolver", resolver)
        monkeypatch.setattr("massage_ins_bridge_caldav.dns_names.PATIENCE", 60.0)  # it answers
        yield records
        over.set()
        thread.join()


def _answer(server: socket.socket, records: Zone, over: threading.Event) -> None:
    while not over.is_set():
        try:
            raw, whoever = server.recvfrom(4096)
        except TimeoutError:
            continue
        asked = dns.message.from_wire(raw)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        one = asked.question[0]
        for text in records.get(f"{one.name} {one.rdtype.name}", []):
            found = dns.rrset.from_text(one.name, 60, "IN", one.rdtype.name, text)
            answer.answer.append(found)
        server.sendto(answer.to_wire(), whoever)


@pytest.mark.parametrize(
    ("records", "address"),
    [
        ({SRV: ["0 1 443 dav.example.net."]}, "https://dav.example.net/"),
        ({SRV: ["0 1 8443 dav.example.net."]}, "https://dav.example.net:8443/"),
        (
            {SRV: ["9 1 443 b.example.", "1 1 443 c.example.", "1 8 443 d.example."]},
            "https://d.example/",
        ),
        ({SRV: ["0 1 443 D.example."], TXT: ['"path=/dav/"']}, "https://d.example/dav/"),
        ({SRV: ["0 1 443 d.example."], TXT: ['"path=evil"']}, "https://d.example/"),
        ({SRV: ["0 1 443 clinic.example."]}, None),
        ({SRV: ["0 0 0 ."]}, None),
        ({}, None),
    ],
)
def test_the_server_that_comes_first_is_named(
    zone: Zone, records: Zone, address: str | None
) -> None:
    zone |= records
    assert server_named_for("https://clinic.example/") == address


@pytest.mark.parametrize(
    ("answer", "told"), [(404, True), (405, True), (200, True), (401, False), (503, False)]
)
def test_whoever_gives_the_domain_is_told_the_server(zone: Zone, answer: int, told: bool) -> None:
    zone[SRV] = ["0 1 443 dav.example.net."]
    asked: set[str] = set()

    def web_site(request: httpx.Request) -> httpx.Response:
        asked.add(request.url.host)
        return httpx.Response(answer, html="<!doctype html><html>Welcome</html>")

    with PlatformClient(
        "https://clinic.example",
        transport=httpx.MockTransport(web_site),
        sleep=lambda _seconds: None,
    ) as client:
        wire = Wire(client, "https://clinic.example")
        with pytest.raises(PlatformError) as caught:
            discover(wire, "https://clinic.example")
    assert ("at https://dav.example.net/. If" in caught.value.message) is told
    assert asked == {"clinic.example"}  # the password went nowhere else


@pytest.mark.parametrize(
    "error",
    [
        PlatformBusyError("no room for a call", retry_after=5.0),
        PlatformRefusedError("the password is wrong", permanent=True, status=401),
    ],
)
def test_another_trouble_stays_what_it_is(
    error: PlatformError, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for room must be told for how long, and nobody is asked about DNS."""
    monkeypatch.setattr("dns.resolver.resolve", lambda *_a, **_k: pytest.fail("asked"))

    class Troubled:
        def propfind(self, *_asked: object) -> None:
            raise error

    with pytest.raises(type(error)) as caught:
        discover(cast(Wire, Troubled()), "https://clinic.example")
    assert caught.value is error


@pytest.mark.parametrize("given", ["https://127.0.0.1:5232/", "https://[::1]/", "https://nas/", ""])
def test_what_is_no_domain_is_not_asked_about(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dns.resolver.resolve", lambda *_a, **_k: pytest.fail("asked"))
    assert server_named_for(given) is None


def test_a_name_server_that_is_silent_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]
        monkeypatch.setattr("dns.resolver.default_resolver", resolver)
        monkeypatch.setattr("massage_ins_bridge_caldav.dns_names.PATIENCE", 0.2)
        assert server_named_for("https://clinic.example") is None
