"""Connectors are looked at before they are used, and what they answer before it counts: each slip
is one line that names connector, method and field."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

import pytest

from massage_ins_bridge.api.connectors import (
    BadPayloadError,
    BadSignatureError,
    Bookings,
    CalendarEntry,
    Connector,
    Delivery,
    Gone,
    Hint,
    Page,
    PlatformError,
    PlatformGoneError,
    PlatformPerson,
    StaleDeliveryError,
    WriteResult,
)
from massage_ins_bridge.hooks.platform_answers import (
    CheckedConnector,
    ConnectorFaultError,
    check_class,
    make_connector,
)
from massage_ins_bridge.testing.bookings import NOW, START, account, booking, hint, person

ENTRY = CalendarEntry("u1", START, START, "Massage", "TENTATIVE")
NAIVE = datetime(2026, 12, 8, 18)  # noqa: DTZ001 - the slip itself
#: How the host calls each method, and a sound answer.
CALLS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "verify": (({}, b"", "https://bridge.example", NOW), Delivery("k")),
    "parse": ((b"",), [hint(booking=booking()), Hint("", "ping")]),
    "fetch": (("b1",), booking()),
    "changes": (("c1", NOW), Page((booking(), booking("b2")), ("b3",), "c2", more=True)),
    "upcoming": ((None, NOW), Page(())),
    "hold": (("b1", "why", "k"), WriteResult("tag")),
    "confirm": (("b1", "k"), WriteResult("native")),
    "reject": (("b1", "why", "k"), WriteResult("already", "It was rejected.")),
    "cancel": (("b1", "why", "k"), WriteResult("manual")),
    "put": ((ENTRY,), "etag-1"),
    "remove": (("u1",), None),
}


class Answering:
    """Answers everything as it is told to."""

    name = "sundial"
    capabilities = frozenset(CALLS) - {"verify", "parse"}
    hold_style = "tag"

    def __init__(self, account: Any = None, client: Any = None, answer: Any = None) -> None:
        self.answer = answer

    def say(self, *_given: Any) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def sundial(**changed: Any) -> type:
    """A connector class with attributes changed; ``...`` takes one away."""
    plain = {name: value for name, value in vars(Answering).items() if name[:2] != "__"}
    members = {**plain, "__init__": Answering.__init__, **dict.fromkeys(CALLS, Answering.say)}
    members |= changed
    return type("Sundial", (), {name: it for name, it in members.items() if it is not ...})


Sundial: Any = sundial()


def ask(method: str, answer: Any) -> Any:
    arguments, _ = CALLS[method]
    return getattr(CheckedConnector(Sundial(answer=answer)), method)(*arguments)


@pytest.mark.parametrize("method", CALLS)
def test_a_sound_answer_comes_through_as_it_is(method: str) -> None:
    _, sound = CALLS[method]
    assert ask(method, sound) == sound


def test_a_wrapper_shows_what_its_connector_can() -> None:
    checked = CheckedConnector(cast(Connector, sundial(**few("fetch"))()))
    assert (checked.name, checked.hold_style) == ("sundial", "tag")
    assert checked.can("fetch")
    assert not checked.can("cancel")
    with pytest.raises(ConnectorFaultError, match="sundial does not declare 'cancel'"):
        checked.cancel("b1", "why", "k")
    assert "sundial" in repr(checked)


class OddText(str):
    """Text that cannot be measured."""

    __slots__ = ()

    def __len__(self) -> int:
        raise RuntimeError("Ann Lee")


def listed(**values: Any) -> Page:
    return Page((booking(), booking("b2", **values)), cursor="c2")


SLIPS: list[tuple[str, Any, str]] = [
    ("verify", None, "verify(): returned None where a Delivery belongs"),
    ("verify", Delivery(""), "verify(): key is empty"),
    ("verify", Delivery(cast(Any, b"k")), "key is bytes, not text"),
    ("verify", Delivery("k", NAIVE), "signed_at is a time without a zone"),
    ("parse", None, "parse(): returned None where a list belongs"),
    ("parse", hint(), "parse(): returned Hint where a list belongs"),
    ("parse", [{}], "parse(): hint 0 is dict, not a Hint"),
    ("parse", [hint(), hint(kind="made")], "hint 1: kind 'made' is none of created, requested"),
    ("parse", [hint(kind="Canceled")], "did you mean 'cancelled'?"),
    ("parse", [hint("")], "hint 0: booking_ref is empty"),
    ("parse", [hint(sent_at=NAIVE)], "hint 0: sent_at is a time without a zone"),
    ("parse", [hint(booking=booking("b2"))], "hint 0: booking is another one than booking_ref"),
    ("parse", [hint(booking=booking(start=NAIVE))], "hint 0: booking: start is a time without"),
    ("fetch", None, "fetch(): returned None where a PlatformBooking or Gone belongs"),
    ("fetch", {"ref": "b1"}, "fetch(): returned dict where a PlatformBooking or Gone"),
    ("fetch", booking("b2"), "fetch(): answered about another booking than asked"),
    ("fetch", Gone("b2"), "fetch(): answered about another booking than asked"),
    ("fetch", booking(cast(Any, 5)), "fetch(): ref is 5, not text"),
    ("fetch", booking("b" * 256), "ref has more than 255 characters"),
    ("fetch", booking("b\n1"), "ref holds a character that cannot be"),
    ("fetch", booking(status="booked"), "status 'booked' is none of pending, accepted, can"),
    ("fetch", booking(status="ACCEPTED"), "did you mean 'accepted'?"),
    ("fetch", booking(status=["x"]), "status that is list is none of"),
    ("fetch", booking(status="Ann Lee"), "no plain name is none of"),
    ("fetch", booking(start=NAIVE), "start is a time without a zone"),
    ("fetch", booking(start="2026-12-08"), "start is str, not a time"),
    ("fetch", booking(start=date(2026, 12, 8)), "start is date, not a time"),
    ("fetch", booking(start=None), "start is None, not a time"),
    ("fetch", booking(start=START.replace(year=9999)), "outside of the years 1900 to 2199"),
    ("fetch", booking(end=NAIVE), "end is a time without a zone"),
    ("fetch", booking(service_ref=30412), "service_ref is 30412, not text"),
    ("fetch", booking(person=None), "person is None, not a PlatformPerson"),
    ("fetch", booking(person="Ann Lee"), "person is str, not a Platform"),
    ("fetch", booking(phone=2065550100), "person: phone is int, not"),
    ("fetch", booking(person=person(ref=17)), "person: ref is int, not text"),
    ("fetch", booking(name="Ann \ud83d"), "person: name holds half a char"),
    ("fetch", booking(version=NOW), "version is datetime, not text"),
    ("fetch", booking(answers=[]), "answers is list, not a mapping"),
    ("fetch", booking(answers={"payer": ["Regence"]}), "answers['payer'] is list, not text"),
    ("fetch", booking(answers={1: "x"}), "a key of answers is int"),
    ("fetch", booking(answers={"plan": "x" * 10_001}), "answers['plan'] has more than 10,000"),
    ("fetch", booking(recurring="yes"), "recurring is str, not a bool"),
    ("changes", [booking()], "changes(): returned list where a Page belongs"),
    ("changes", Page(cast(Any, ["b1"])), "changes(): item 0 is str, not a P"),
    ("changes", Page(cast(Any, "b1")), "changes(): items is str, not a"),
    ("changes", listed(status="new"), "changes(): item 1: status 'new' is none of"),
    ("changes", Page((), cast(Any, "b1")), "gone is str, not a list"),
    ("changes", Page((), cast(Any, (booking(),))), "gone 0 is PlatformBooking"),
    ("changes", Page((), (), cast(Any, NOW)), "cursor is datetime, not"),
    ("changes", Page((), (), "c" * 401), "cursor has more than 400 char"),
    ("changes", Page((booking(),), (), "c1", more=True), "True and the cursor does not"),
    ("upcoming", Page((), more=True), "more is True and the"),
    ("upcoming", Page((), more=cast(Any, 1)), "more is int, not a bool"),
    ("cancel", None, "cancel(): returned None where a WriteResult belongs"),
    ("confirm", True, "confirm(): returned bool where a WriteResult belongs"),
    ("reject", WriteResult(cast(Any, "done")), "reached 'done' is none of native, tag"),
    ("hold", WriteResult("tag", cast(Any, None)), "detail is None"),
    ("put", None, "put(): its version is None, not text"),
    ("remove", True, "remove(): returned bool where None belongs"),
]


@pytest.mark.parametrize(("method", "answer", "words"), SLIPS)
def test_a_slip_is_named_in_one_line(method: str, answer: Any, words: str) -> None:
    with pytest.raises(ConnectorFaultError) as caught:
        ask(method, answer)
    line = caught.value.message
    assert line.startswith(f"connector sundial: {method}(): ")
    assert words in line
    assert not {"Ann", "Lee", "2065550100", "Regence"} & set(line.split())
    assert "\n" not in line
    assert (caught.value.permanent, isinstance(caught.value, PlatformError)) == (False, True)


@pytest.mark.parametrize("answer", [booking(person=person(name=OddText())), booking(OddText("b1"))])
def test_an_answer_that_cannot_be_looked_at_is_a_slip(answer: Any) -> None:
    with pytest.raises(ConnectorFaultError, match=r"fetch\(\) raised RuntimeError") as caught:
        ask("fetch", answer)
    assert "Ann" not in caught.value.message


PASSED: list[tuple[str, Exception]] = [
    *(("verify", kind("no")) for kind in (BadSignatureError, StaleDeliveryError, BadPayloadError)),
    *(("parse", kind("no")) for kind in (BadPayloadError, PlatformError)),
    ("fetch", PlatformGoneError("no", True, 404)),
    ("changes", PlatformError("no")),
    ("cancel", PlatformError("no", True, 422)),
]


@pytest.mark.parametrize(("method", "error"), PASSED)
def test_an_error_that_is_an_answer_passes_untouched(method: str, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        ask(method, error)
    assert caught.value is error


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("error", [TypeError("Ann Lee"), SystemExit("Ann Lee")])
def test_any_other_error_is_told_by_its_place(method: str, error: BaseException) -> None:
    with pytest.raises(ConnectorFaultError) as caught:
        ask(method, error)
    line = caught.value.message
    name = type(error).__name__
    assert line.startswith(f"connector sundial: {method}() raised {name} in test_platform_answers")
    assert caught.value.__cause__ is None
    assert "Ann" not in line


def test_what_belongs_at_the_door_is_a_fault_elsewhere() -> None:
    with pytest.raises(ConnectorFaultError, match="raised BadPayloadError"):
        ask("fetch", BadPayloadError("no"))


def test_a_fault_survives_a_durable_run() -> None:
    error = pickle.loads(pickle.dumps(ConnectorFaultError("connector x: no")))  # noqa: S301
    told = (type(error), error.message, error.permanent)
    assert told == (ConnectorFaultError, "connector x: no", False)


def few(*names: str) -> dict[str, Any]:
    return {"capabilities": frozenset(names)}


CLASSES: list[tuple[type, str]] = [
    (sundial(name=...), "class Sundial has no name; write name = 'sundial' in it"),
    (sundial(name="Sun dial"), "has a name that is no plain word"),
    (sundial(name=7), "has a name that is no plain word"),
    (sundial(capabilities=...), "capabilities is NoneType, not a frozenset"),
    (sundial(capabilities=["fetch"]), "is list, not a frozenset of"),
    (sundial(**few("fetch", "cancle")), "put, remove; did you mean 'cancel'?"),
    (sundial(**few("block")), "capabilities: 'block' is none of"),
    (sundial(**few(cast(Any, None))), "that is None is none of"),
    (sundial(confirm=...), "declares 'confirm' and has no such method"),
    (sundial(cancel="later"), "declares 'cancel' and has no such method"),
    (sundial(changes=Bookings.changes), "declares 'changes' and has no such method"),
    (sundial(verify=...), "needs 'verify' and has no such method"),
    (sundial(cancel=lambda self, ref, reason: None), "cancel() does not take ref, rea"),
    (sundial(changes=lambda self, since: None), "changes() does not take cursor, now"),
    (sundial(hold_style=...), "has no hold_style; it is one of pending, tag, tentative, none"),
    (sundial(hold_style="tags"), "did you mean 'tag'?"),
    (sundial(**few("fetch", "confirm")), "hold_style 'tag' needs the capability 'hold'"),
    (sundial(**few("hold")), "hold_style 'tag' needs the capability 'confirm'"),
    (sundial(hold_style="none"), "declares 'hold' while its hold_style is"),
    (sundial(default_base_url=None), "default_base_url is no text"),
]


@pytest.mark.parametrize(("made", "words"), CLASSES)
def test_a_class_that_is_no_connector_is_refused(made: type, words: str) -> None:
    with pytest.raises(ConnectorFaultError) as caught:
        check_class(made)
    assert words in caught.value.message
    assert caught.value.message.startswith("connector ")


WAYS = [
    *(Sundial, sundial(default_base_url="https://sundial.example")),
    sundial(hold_style="pending", hold=..., capabilities=Answering.capabilities - {"hold"}),
    sundial(hold_style="none", **few()),
    sundial(cancel=lambda self, *everything: None),
    sundial(cancel=staticmethod(lambda ref, reason, idem_key: None)),
]


@pytest.mark.parametrize("made", WAYS)
def test_a_connector_may_be_written_in_several_ways(made: type) -> None:
    check_class(made)
    assert make_connector(made, account(), cast(Any, None)).name == "sundial"


def raising(error: Callable[[Any], BaseException]) -> type:
    def make(self: Any, account: Any, client: Any) -> None:
        raise error(account)

    return sundial(__init__=make)


def test_a_constructors_word_about_a_setting_is_kept() -> None:
    made = raising(lambda account: ValueError("options.zone:\n 'Mars' is no zone"))
    with pytest.raises(ValueError, match=r"^options\.zone: 'Mars' is no zone$"):
        make_connector(made, account(), cast(Any, None))


TOLD: list[Callable[[Any], BaseException]] = [
    *(lambda account: TypeError(account.api_key), lambda account: SystemExit(account.api_key)),
    lambda account: ValueError(f"invalid literal: {account.api_key!r}"),
    *(lambda account: ValueError(account.webhook_secret), lambda account: ValueError()),
]


@pytest.mark.parametrize("error", TOLD)
def test_a_constructor_that_breaks_shows_no_words(error: Callable[[Any], BaseException]) -> None:
    with pytest.raises(ConnectorFaultError) as caught:
        make_connector(raising(error), account(), cast(Any, None))
    line = caught.value.message
    assert line.startswith("connector sundial: __init__ raised ")
    assert " in test_platform_answers.py, line " in line
    assert not any(secret in line for secret in (account().api_key, account().webhook_secret))


def test_a_constructor_of_another_shape_is_told() -> None:
    made = sundial(__init__=lambda self, account: None)
    with pytest.raises(ConnectorFaultError, match=r"sundial: __init__ raised TypeError$"):
        make_connector(made, account(), cast(Any, None))


def test_builders_make_what_is_sound() -> None:
    whole = replace(booking(), person=PlatformPerson("p1", "Ann", "a@example.com", "+12065550100"))
    assert ask("fetch", whole) is whole
