"""The conformance suite, over connectors that conform and over slips that it must find."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BadSignatureError,
    Delivery,
    Hint,
    Page,
    WriteResult,
)
from massage_ins_bridge.hooks.connector_class import make_connector
from massage_ins_bridge.hooks.platform_answers import CheckedConnector, ConnectorFaultError
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
    def account(self, platform: FakePlatform) -> AccountConfig:
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
) -> Delivery:
    """Takes what ``trusts`` says is signed."""
    if not self.trusts(headers.get(SIGNATURE), raw):
        raise BadSignatureError
    return Delivery(self.key(raw, now))


def verifying(trusts: Any = lambda self, given, raw: True, key: Any = None) -> type:
    made = key or (lambda self, raw, now: str(hash(raw)))
    return slip(verify=trusting, trusts=trusts, key=made)


def good(raw: bytes) -> str:
    return signed(raw)[SIGNATURE]


def guessed(self: Any, raw: bytes) -> list[Hint]:
    data = json.loads(raw)
    return [Hint(data["ref"], data["kind"], None, booking(data["ref"], status="pending"))]


def at_length(self: Any, cursor: str | None, now: datetime) -> Page:
    return Page((), (), str(int(cursor or 0) + 1), more=True)


def started(self: Any, cursor: str | None, now: datetime) -> Page:
    return Page((*self.platform.bookings.values(), booking("old", start=NOW.replace(year=2025))))


def removed_once(self: Any, uid: str) -> None:
    del self.platform.entries[uid]


READ = "test_a_signed_delivery_is_taken_and_says_something_sound"
AMISS = "test_a_platform_that_answers_amiss_is_not_believed"
DECLARED = "test_a_declared_capability_is_there"
SPOILS = "test_a_spoilt_signature_is_refused"
done = lambda self, ref, *rest: WriteResult("native")  # noqa: E731
as_it_is = slip(fetch=lambda self, ref: self.platform.bookings[ref])
#: Classes with one thing wrong, by the test that must say so and what it is given.
SLIPS: list[tuple[type, str, Any]] = [
    (slip(capabilities=frozenset({"cancle"})), "test_the_class_is_one_that_the_host_takes", None),
    (verifying(key=lambda self, raw, now: now.isoformat()), READ, None),
    (slip(parse=lambda self, raw: [open(__file__)]), READ, None),  # noqa: PTH123, SIM115
    (slip(parse=lambda self, raw: json.loads(raw)["none"]), READ, None),
    (verifying(key=lambda self, raw, now: "k"), "test_each_delivery_has_a_key_of_its_own", None),
    (verifying(lambda self, given, raw: given.encode("ascii")), SPOILS, "not ASCII"),
    (verifying(lambda self, given, raw: (given or "").lower() == good(raw)), SPOILS, "upper case"),
    (verifying(lambda self, given, raw: good(raw).startswith(given or "?")), SPOILS, "cut"),
    (verifying(lambda self, given, raw: given is None), SPOILS, "missing"),
    (verifying(), "test_what_is_signed_for_others_is_refused", None),
    (
        verifying(lambda self, given, raw: given == signed(raw, self._secret)[SIGNATURE]),
        "test_without_a_secret_nothing_is_taken",
        None,
    ),
    (
        slip(parse=lambda self, raw: json.loads(raw)["kind"]),
        "test_an_odd_body_is_refused_in_the_connectors_own_words",
        b"[]",
    ),
    (slip(parse=guessed), "test_a_delivery_that_is_odd_is_not_guessed_at", None),
    (as_it_is, AMISS, "unknown state"),
    (as_it_is, AMISS, "naive times"),
    (
        slip(fetch=lambda self, ref: replace(self.platform.bookings[ref], ref=ref)),
        *(AMISS, "another booking"),
    ),
    (slip(fetch=lambda self, ref: booking(ref)), DECLARED, "fetch"),
    (slip(changes=at_length), DECLARED, "changes"),
    (slip(changes=lambda self, cursor, now: Page((), (), "1")), DECLARED, "changes"),
    (slip(upcoming=started), DECLARED, "upcoming"),
    (slip(cancel=done), DECLARED, "cancel"),
    (slip(capabilities=frozenset({"confirm"}), confirm=done), DECLARED, "confirm"),
    (slip(reject=lambda self, ref, *rest: WriteResult("already")), DECLARED, "reject"),
    (slip(FakeCalendar, hold=lambda *given: WriteResult("tag")), DECLARED, "hold"),
    (slip(FakeCalendar, put=lambda self, entry: "1"), DECLARED, "put"),
    (
        slip(FakeCalendar, remove=lambda self, uid: self.platform.entries.pop(uid)),
        DECLARED,
        "remove",
    ),
]


@pytest.mark.parametrize(("made", "test", "given"), SLIPS)
def test_the_suite_finds_a_slip(
    made: type, test: str, given: Any, fake_platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = TestFakeConnector()
    suite.connector_class = made
    config = account(options={"platform": fake_platform.name})

    def connect(_client: Any = None, **changed: Any) -> CheckedConnector:
        checked = make_connector(made, replace(config, **changed), cast(Any, None))
        return CheckedConnector(checked)

    def book(status: str) -> str:
        return fake_platform.put(uuid4().hex, status=status).ref

    known = {"account": config, "connect": connect, "book": book, "unknown_ref": "none"}
    known |= {"monkeypatch": monkeypatch}
    check = getattr(TestFakeConnector, test)
    names = check.__code__.co_varnames[1 : check.__code__.co_argcount]
    found = (AssertionError, ConnectorFaultError, pytest.fail.Exception)
    with pytest.raises(found):
        check(suite, **{name: known.get(name, given) for name in names})
