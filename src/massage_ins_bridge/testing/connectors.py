"""What every connector must be able to do, as tests: subclass ``ConnectorSuite`` in a test module.

    class TestSundial(ConnectorSuite):
        connector_class = SundialConnector
        deliveries = (CREATED, CANCELLED)

        def sign(self, raw, secret):
            return {"x-sundial-signature": digest(raw, secret)}

        @pytest.fixture
        def account(self, simulator):
            return bookings.account(base_url=simulator.url)

        @pytest.fixture
        def book(self, simulator):
            return lambda status: simulator.book(accepted=status == "accepted")

The host's own checks are laid over the connector, so that a slip fails with the line that staff
would read. Needs pytest, which the rest of the host does not.
"""

from __future__ import annotations

import builtins
import hmac
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import pytest

from ..api.connectors import (
    AccountConfig,
    BadPayloadError,
    BadSignatureError,
    BookingStatus,
    PlatformClient,
    PlatformError,
)
from ..hooks.connector_class import check_class, make_connector
from ..hooks.platform_answers import CheckedConnector
from . import amiss, bookings
from .capabilities import NotedConnector, Trial, answered

#: Ways to spoil the value of a header that carries a signature.
SPOILT: Mapping[str, Callable[[str], str | None]] = {
    "missing": lambda _value: None,
    "empty": lambda _value: "",
    "blank": lambda _value: " ",
    "cut": lambda value: value[:-1],
    "longer": lambda value: value + "0",
    "upper case": lambda value: value.swapcase(),
    "not ASCII": lambda value: "é" * len(value),
    "half a character": lambda _value: "\udcff",
    "with another prefix": lambda value: f"sha0={value}",
}
#: What nobody's platform sends.
ODD_BODIES = (b"", b"null", b"[]", b"{}", b'"text"', b"\xff\xfe", b"[" * 100_000, b"a=b&c", b"{")


class Connect(Protocol):
    """Makes a connector on the account, with another kind of client or another account."""

    def __call__(
        self, client: type[PlatformClient] = PlatformClient, **account: Any
    ) -> CheckedConnector: ...


class ConnectorSuite:
    """Tests of one connector class. What is not given below its author gives in a subclass."""

    #: The class under test.
    connector_class: type[Any]
    #: Bodies as the platform sends them, at least two that say different things; none where it
    #: sends nothing and is only asked.
    deliveries: tuple[bytes, ...] = ()
    #: The address that the platform was given, and the moment of the tests. Everything that
    #: ``book`` makes starts later.
    url = "https://bridge.example/webhooks/desk"
    now = bookings.NOW
    #: In which states a new booking can be, and under which keys the platform's JSON says so.
    new_states: tuple[BookingStatus, ...] = ("pending", "accepted")
    state_keys: tuple[str, ...] = ("status",)
    #: Whether the signature depends on the body; a bare shared token does not.
    signs_body = True

    def sign(self, raw: bytes, secret: str) -> dict[str, str]:
        """The headers, in lower case, with which the platform sends a body. One that sends nothing
        has no way to sign: the connector refuses whatever comes in its name."""
        if self.deliveries:
            raise NotImplementedError
        return {"x-signature": hmac.digest(secret.encode(), raw, "sha256").hex()}

    def _body(self) -> bytes:
        return self.deliveries[0] if self.deliveries else b"{}"

    @pytest.fixture
    def account(self) -> AccountConfig:
        """An account on the simulated platform."""
        return bookings.account()

    @pytest.fixture
    def book(self) -> Callable[[str], str]:
        """A function that makes a booking in the given state there, and returns its ref."""
        raise NotImplementedError

    @pytest.fixture
    def unknown_ref(self) -> str:
        """The ref of a booking that the platform does not know."""
        return "no-such-booking"

    def on_amiss(self, connect: Connect, what: str, ref: str, other: str) -> CheckedConnector:
        """A connector that reads ``ref`` from a platform which answers amiss: with an
        ``unknown state``, with ``naive times``, or with ``another booking``, the one of the ref
        ``other``. Override it for a connector that does not read with ``PlatformClient.get``."""
        clients = {
            "unknown state": amiss.unknown_states(self.state_keys),
            "naive times": amiss.naive_times(),
            "another booking": amiss.another_booking(ref, other),
        }
        return connect(clients[what])

    @pytest.fixture
    def connect(self, account: AccountConfig) -> Iterator[Connect]:
        """See ``Connect``."""
        clients: list[PlatformClient] = []

        def made(client: type[PlatformClient] = PlatformClient, **changed: Any) -> CheckedConnector:
            clients.append(client(account.base_url, per_minute=100_000))
            config = replace(account, **changed)
            return CheckedConnector(make_connector(self.connector_class, config, clients[-1]))

        yield made
        for client in clients:
            client.close()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each capability that the connector declares."""
        if "capability" in metafunc.fixturenames:
            metafunc.parametrize("capability", sorted(self.connector_class.capabilities))

    def test_the_class_is_one_that_the_host_takes(self) -> None:
        check_class(self.connector_class)

    def test_a_signed_delivery_is_taken_and_says_something_sound(
        self, account: AccountConfig, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without any I/O, and the same each time."""
        connector = connect(amiss.Unreachable)
        for raw in self.deliveries:
            headers = self.sign(raw, account.webhook_secret)
            with monkeypatch.context() as patched:
                patched.setattr(builtins, "open", _refuse)
                patched.setattr(socket, "socket", _refuse)
                first = connector.verify(headers, raw, self.url, self.now)
                said = connector.parse(raw)
            later = self.now + timedelta(seconds=1)
            assert connector.verify(headers, raw, self.url, later).key == first.key
            assert connector.parse(raw) == said

    def test_each_delivery_has_a_key_of_its_own(
        self, account: AccountConfig, connect: Connect
    ) -> None:
        connector = connect(amiss.Unreachable)
        assert len(set(self.deliveries)) != 1, "one delivery alone tells nothing"
        keys = {
            connector.verify(self.sign(raw, account.webhook_secret), raw, self.url, self.now).key
            for raw in self.deliveries
        }
        assert len(keys) == len(set(self.deliveries))

    @pytest.mark.parametrize("spoil", SPOILT)
    def test_a_spoilt_signature_is_refused(
        self, spoil: str, account: AccountConfig, connect: Connect
    ) -> None:
        connector, raw = connect(amiss.Unreachable), self._body()
        good = self.sign(raw, account.webhook_secret)
        others = self.sign(raw, account.webhook_secret + "?")
        for name in (name for name in good if good[name] != others.get(name)):
            value = SPOILT[spoil](good[name])
            if value == good[name]:
                continue  # it has no letters
            headers = {k: v for k, v in {**good, name: value}.items() if v is not None}
            with pytest.raises(BadSignatureError):
                connector.verify(headers, raw, self.url, self.now)

    def test_what_is_signed_for_others_is_refused(
        self, account: AccountConfig, connect: Connect
    ) -> None:
        connector, raw = connect(amiss.Unreachable), self._body()
        foreign = [self.sign(raw, account.webhook_secret + "?"), self.sign(raw, ""), {}]
        if self.signs_body:
            foreign += [self.sign(other, account.webhook_secret) for other in self.deliveries[1:2]]
        for headers in foreign:
            with pytest.raises(BadSignatureError):
                connector.verify(headers, raw, self.url, self.now)

    def test_without_a_secret_nothing_is_taken(
        self, account: AccountConfig, connect: Connect
    ) -> None:
        try:
            bare = connect(amiss.Unreachable, webhook_secret="")
        except ValueError:
            return  # refused when it was made
        raw = self._body()
        for headers in ({}, self.sign(raw, ""), self.sign(raw, account.webhook_secret)):
            with pytest.raises(BadSignatureError):
                bare.verify(headers, raw, self.url, self.now)

    @pytest.mark.parametrize("raw", ODD_BODIES, ids=lambda raw: repr(raw[:8]))
    def test_an_odd_body_is_refused_in_the_connectors_own_words(
        self, raw: bytes, account: AccountConfig, connect: Connect
    ) -> None:
        connector = connect(amiss.Unreachable)
        headers = self.sign(raw, account.webhook_secret)
        _heard(connector.verify, headers, raw, self.url, self.now)
        _heard(connector.parse, raw)

    def test_a_delivery_that_is_odd_is_not_guessed_at(self, connect: Connect) -> None:
        """Neither a zone nor a state: where it cannot be told, the host asks the platform."""
        connector = connect(amiss.Unreachable)
        for raw in self.deliveries:
            _heard(connector.parse, amiss.in_body(amiss.without_zones, raw))
            strange = amiss.in_body(lambda data: amiss.strange_states(data, self.state_keys), raw)
            if strange != raw:
                hints = _heard(connector.parse, strange) or []
                assert all(hint.booking is None for hint in hints), "a state was guessed"

    def test_a_declared_capability_is_there(
        self,
        capability: str,
        connect: Connect,
        book: Callable[[str], str],
        unknown_ref: str,
        record_property: Callable[[str, object], None],
    ) -> None:
        """How it was reached stands among the test's properties."""
        connector = NotedConnector(connect())
        trial = Trial(connector.as_checked, book, unknown_ref, self.now, self.new_states)
        getattr(trial, capability)()
        name = f"{self.connector_class.name}: {capability}"
        record_property(name, connector.told(capability))

    @pytest.mark.parametrize("what", ["unknown state", "naive times", "another booking"])
    def test_a_platform_that_answers_amiss_is_not_believed(
        self, what: str, connect: Connect, book: Callable[[str], str]
    ) -> None:
        """A connector may know by itself in which zone its platform means a time; anything else
        is the platform's error. That a booking is another one the host sees as well."""
        if not connect().can("fetch"):
            return
        ref, other = book(self.new_states[0]), book(self.new_states[0])
        connector = self.on_amiss(connect, what, ref, other)
        if what == "another booking":
            with pytest.raises(PlatformError):
                connector.fetch(ref)
        else:
            found = answered(lambda: connector.fetch(ref))
            assert isinstance(found, PlatformError) or what == "naive times"


def _refuse(*_arguments: Any, **_options: Any) -> Any:
    raise AssertionError("verify and parse do no I/O")


def _heard(read: Callable[..., Any], *arguments: Any) -> Any:
    """What a delivery says; nothing where it is refused in the connector's own words."""
    try:
        return read(*arguments)
    except (BadPayloadError, BadSignatureError):
        return None
