"""The conformance suite, over connectors that conform and over slips that it must find."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import pytest

from massage_ins_bridge.api import connectors as api
from massage_ins_bridge.hooks.platform_answers import (
    CheckedConnector,
    ConnectorFaultError,
    make_connector,
)
from massage_ins_bridge.testing import amiss
from massage_ins_bridge.testing.bookings import NOW, START, account, booking
from massage_ins_bridge.testing.connectors import Connect, ConnectorSuite
from massage_ins_bridge.testing.fake_connector import (
    SIGNATURE,
    FakeCalendar,
    FakeConnector,
    delivery,
    signed,
)
from massage_ins_bridge.testing.platform import FakePlatform

BODIES = (
    delivery("b1"),
    delivery("b1", sent_at=None),
    delivery("b1", "cancelled", status="cancelled"),
    delivery("b2", "rescheduled", thin=True, previous="b1"),
)


class TestFakeConnector(ConnectorSuite):
    connector_class: type[Any] = FakeConnector
    deliveries = BODIES

    def sign(self, raw: bytes, secret: str) -> dict[str, str]:
        return signed(raw, secret)

    @pytest.fixture
    def platform(self, fake_platform: FakePlatform) -> FakePlatform:
        fake_platform.page_size = 2
        return fake_platform

    @pytest.fixture
    def account(self, platform: FakePlatform) -> api.AccountConfig:
        return account(options={"platform": platform.name})

    @pytest.fixture
    def book(self, platform: FakePlatform) -> Callable[[str], str]:
        return lambda status: platform.put(uuid4().hex, status=status).ref

    def on_amiss(self, connect: Connect, what: str, ref: str, other: str) -> CheckedConnector:
        connector = connect()
        platform: FakePlatform = connector._connector.platform
        if what == "another booking":
            platform.bookings[ref] = platform.bookings[other]
        elif what == "naive times":
            platform.put(ref, start=START.replace(tzinfo=None))
        else:
            platform.put(ref, status=amiss.STRANGE)
        return connector


class TestFakeCalendar(TestFakeConnector):
    connector_class = FakeCalendar


def slip(of: type = FakeConnector, **methods: Any) -> type:
    """A connector class with one thing wrong."""
    return type("Slip", (of,), methods)


def trusting(
    self: Any, headers: Mapping[str, str], raw: bytes, url: str, now: datetime
) -> api.Delivery:
    """Takes what ``trusts`` says is signed."""
    if not self.trusts(headers.get(SIGNATURE), raw):
        raise api.BadSignatureError
    return api.Delivery(self.key(raw, now))


def verifying(trusts: Any = lambda self, given, raw: True, key: Any = None) -> type:
    made = key or (lambda self, raw, now: str(hash(raw)))
    return slip(verify=trusting, trusts=trusts, key=made)


def good(raw: bytes) -> str:
    return signed(raw)[SIGNATURE]


def guessed(self: Any, raw: bytes) -> list[api.Hint]:
    data = json.loads(raw)
    return [api.Hint(data["ref"], data["kind"], None, booking(data["ref"], status="pending"))]


def at_length(self: Any, cursor: str | None, now: datetime) -> api.Page:
    return api.Page((), (), str(int(cursor or 0) + 1), more=True)


def started(self: Any, cursor: str | None, now: datetime) -> api.Page:
    return api.Page(
        (*self.platform.bookings.values(), booking("old", start=NOW.replace(year=2025)))
    )


READ = "a_signed_delivery_is_taken_and_says_something_sound"
AMISS = "a_platform_that_answers_amiss_is_not_believed"
Slip = tuple[type, str, dict[str, Any]]
as_it_is = lambda self, ref: self.platform.bookings[ref]  # noqa: E731
done = lambda self, ref, *rest: api.WriteResult("native")  # noqa: E731
#: What is taken for a signature, by the spoilt one that must find it.
TRUSTING: dict[str, Any] = {
    "not ASCII": lambda self, given, raw: given.encode("ascii") == good(raw).encode(),
    "upper case": lambda self, given, raw: (given or "").lower() == good(raw),
    "cut": lambda self, given, raw: good(raw).startswith(given or "?") or not given,
    "missing": lambda self, given, raw: given is None,
}
#: What breaks one rule of reading and is found by the test of that name.
READING: list[tuple[str, type]] = [
    ("the_class_is_one_that_the_host_takes", slip(capabilities=frozenset({"cancle"}))),
    ("what_is_signed_for_others_is_refused", verifying()),
    (
        "without_a_secret_nothing_is_taken",
        verifying(lambda self, given, raw: given == signed(raw, self._secret)[SIGNATURE]),
    ),
    ("each_delivery_has_a_key_of_its_own", verifying(key=lambda self, raw, now: "k")),
    ("a_delivery_that_is_odd_is_not_guessed_at", slip(parse=guessed)),
    (READ, verifying(key=lambda self, raw, now: now.isoformat())),
    (READ, slip(parse=lambda self, raw: [open(__file__)])),  # noqa: PTH123, SIM115
    (READ, slip(parse=lambda self, raw: json.loads(raw)["none"])),
]
#: How a platform answers amiss, and a connector that believes it.
BELIEVING: dict[str, Any] = {
    **dict.fromkeys(("unknown state", "naive times"), as_it_is),
    "another booking": lambda self, ref: replace(self.platform.bookings[ref], ref=ref),
}
#: Capabilities that are declared and not there: bookings of one's own, lists without an end, of
#: nothing and of what has begun, changes that are none or made each time, an entry removed twice.
DECLARED: list[tuple[str, type]] = [
    ("fetch", slip(fetch=lambda self, ref: booking(ref))),
    ("changes", slip(changes=at_length)),
    ("changes", slip(changes=lambda self, cursor, now: api.Page((), (), "1"))),
    ("upcoming", slip(upcoming=started)),
    ("cancel", slip(cancel=done)),
    ("confirm", slip(capabilities=frozenset({"confirm"}), confirm=done)),
    ("reject", slip(reject=lambda self, ref, *rest: api.WriteResult("already"))),
    ("hold", slip(FakeCalendar, hold=lambda self, ref, *rest: api.WriteResult("tag"))),
    ("put", slip(FakeCalendar, put=lambda self, entry: "1")),
    ("remove", slip(FakeCalendar, remove=lambda self, u: self.platform.entries.pop(u) and None)),
]
ODD = slip(parse=lambda self, raw: json.loads(raw)["kind"])
#: A class, the test that must find what is wrong with it, and the test's parameters.
SLIPS: list[Slip] = [
    *((verifying(by), "a_spoilt_signature_is_refused", {"spoil": n}) for n, by in TRUSTING.items()),
    *((made, test, {}) for test, made in READING),
    (ODD, "an_odd_body_is_refused_in_the_connectors_own_words", {"raw": b"[]"}),
    *((slip(fetch=how), AMISS, {"what": what}) for what, how in BELIEVING.items()),
    *((made, "a_declared_capability_is_there", {"capability": n}) for n, made in DECLARED),
]


@pytest.mark.parametrize(("made", "test", "parameters"), SLIPS)
def test_the_suite_finds_a_slip(
    made: type,
    test: str,
    parameters: dict[str, Any],
    fake_platform: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suite = TestFakeConnector()
    suite.connector_class = made
    config = account(options={"platform": fake_platform.name})

    def connect(_client: Any = None, **changed: Any) -> CheckedConnector:
        checked = make_connector(made, replace(config, **changed), cast(Any, None))
        return CheckedConnector(checked)

    def book(status: str) -> str:
        return fake_platform.put(uuid4().hex, status=status).ref

    given = {"account": config, "connect": connect, "book": book, "unknown_ref": "none"}
    given |= {"monkeypatch": monkeypatch, **parameters}
    check = getattr(TestFakeConnector, f"test_{test}")
    names = check.__code__.co_varnames[1 : check.__code__.co_argcount]
    with pytest.raises((AssertionError, ConnectorFaultError, pytest.fail.Exception)):
        check(suite, **{name: given[name] for name in names})
