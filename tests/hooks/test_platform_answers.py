"""What connectors answer is looked at before it counts: each slip is one line that names connector,
method and field."""

import contextlib
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from tests.hooks.sundial import CALLS, Sundial, few, sundial

from massage_ins_bridge.api.connectors import (
    Advice,
    BadPayloadError,
    BadSignatureError,
    Connector,
    Delivery,
    Gone,
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
)
from massage_ins_bridge.testing.bookings import NOW, booking, hint, person

NAIVE = datetime(2026, 12, 8, 18)  # noqa: DTZ001 - the slip itself


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


class Odd:
    """Looking at it fails."""

    def __len__(self) -> int:
        raise RuntimeError("Ann Lee")


class OddText(str):
    """Text that cannot be measured."""

    __slots__ = ()

    def __len__(self) -> int:
        raise RuntimeError("Ann Lee")


SLIPS: dict[str, tuple[str, Any, str]] = {
    "no delivery": ("verify", None, "verify(): returned None where a Delivery belongs"),
    "a delivery without key": ("verify", Delivery(""), "verify(): key is empty"),
    "a key that is bytes": ("verify", Delivery(cast(Any, b"k")), "key is bytes, not text"),
    "signed at no zone": ("verify", Delivery("k", NAIVE), "signed_at is a time without a zone"),
    "no hints": ("parse", None, "parse(): returned None where a list belongs"),
    "one hint alone": ("parse", hint(), "parse(): returned Hint where a list belongs"),
    "a hint that is a dict": ("parse", [{}], "parse(): hint 0 is dict, not a Hint"),
    "a kind of its own": ("parse", [hint(), hint(kind="made")], "kind 'made' is none of cre"),
    "a kind nearly right": ("parse", [hint(kind="Canceled")], "did you mean 'cancelled'?"),
    "a hint of nothing": ("parse", [hint("")], "hint 0: booking_ref is empty"),
    "sent at no zone": ("parse", [hint(sent_at=NAIVE)], "hint 0: sent_at is a time without a zone"),
    "a hint with another's booking": ("parse", [hint(booking=booking("b2"))], "another one"),
    "a hint with an odd one": (
        "parse",
        [hint(booking=booking(start=NAIVE))],
        "booking: start is a",
    ),
    "no booking": ("fetch", None, "fetch(): returned None where a PlatformBooking or Gone belongs"),
    "a dict": ("fetch", {"ref": "b1"}, "fetch(): returned dict where a PlatformBooking or Gone"),
    "another booking": ("fetch", booking("b2"), "answered about another booking than asked"),
    "another one gone": ("fetch", Gone("b2"), "fetch(): answered about another booking than asked"),
    "a number for a ref": ("fetch", booking(cast(Any, 5)), "fetch(): ref is 5, not text"),
    "a ref too long": ("fetch", booking("b" * 256), "ref has more than 255 characters"),
    "a ref with a line break": ("fetch", booking("b\n1"), "ref holds a character that cannot be"),
    "a state of its own": ("fetch", booking(status="booked"), "status 'booked' is none of pending"),
    "a state in capitals": ("fetch", booking(status="ACCEPTED"), "did you mean 'accepted'?"),
    "a state that is a list": ("fetch", booking(status=["x"]), "status that is list is none of"),
    "a state that is no name": ("fetch", booking(status="Ann Lee"), "no plain name is none of"),
    "start without a zone": ("fetch", booking(start=NAIVE), "start is a time without a zone"),
    "start as text": ("fetch", booking(start="2026-12-08"), "start is str, not a time"),
    "start as a day": ("fetch", booking(start=date(2026, 12, 8)), "start is date, not a time"),
    "no start": ("fetch", booking(start=None), "start is None, not a time"),
    "a far start": ("fetch", booking(start=datetime(9999, 1, 1, tzinfo=UTC)), "of the years 1900"),
    "end without a zone": ("fetch", booking(end=NAIVE), "end is a time without a zone"),
    "a service's number": ("fetch", booking(service_ref=30412), "service_ref is 30412, not text"),
    "no person": ("fetch", booking(person=None), "person is None, not a PlatformPerson"),
    "a person's name alone": ("fetch", booking(person="Ann Lee"), "person is str, not a Platform"),
    "a phone that is a number": ("fetch", booking(phone=2065550100), "person: phone is int, not"),
    "a person's number": ("fetch", booking(person=person(ref=17)), "person: ref is int, not text"),
    "half a character": ("fetch", booking(name="Ann \ud83d"), "person: name holds half a char"),
    "a version that is a time": ("fetch", booking(version=NOW), "version is datetime, not text"),
    "answers in a list": ("fetch", booking(answers=[]), "answers is list, not a mapping"),
    "an answer in a list": ("fetch", booking(answers={"payer": ["Regence"]}), "payer'] is list"),
    "a question that is a number": ("fetch", booking(answers={1: "x"}), "a key of answers is int"),
    "an endless answer": ("fetch", booking(answers={"plan": "x" * 10_001}), "more than 10,000 cha"),
    "recurring or so": ("fetch", booking(recurring="yes"), "recurring is str, not a bool"),
    "a list for a page": ("changes", [booking()], "changes(): returned list where a Page belongs"),
    "items without a list": ("changes", Page(cast(Any, "b1")), "changes(): items is str, not a"),
    "gone without a list": ("changes", Page((), cast(Any, "b1")), "gone is str, not a list"),
    "a gone booking": ("changes", Page((), cast(Any, (booking(),))), "gone 0 is PlatformBooking"),
    "a cursor that is a time": ("changes", Page((), (), cast(Any, NOW)), "cursor is datetime, not"),
    "a cursor too long": ("changes", Page((), (), "c" * 401), "cursor has more than 400 char"),
    "a page to nowhere": ("changes", Page((booking(),), (), "c1", more=True), "more is True"),
    "more without a cursor": ("upcoming", Page((), more=True), "more is True and the"),
    "more or less": ("upcoming", Page((), more=cast(Any, 1)), "more is int, not a bool"),
    "no result": ("cancel", None, "cancel(): returned None where a WriteResult belongs"),
    "true": ("confirm", True, "confirm(): returned bool where a WriteResult belongs"),
    "reached by its own name": ("reject", WriteResult(cast(Any, "done")), "'done' is none of nati"),
    "a detail that is nothing": ("hold", WriteResult("tag", cast(Any, None)), "detail is None"),
    "no version of an entry": ("put", None, "put(): its version is None, not text"),
    "advice of another kind": ("examine", ["x"], "examine(): advice 0 is str, not a Advice"),
    "praise": ("examine", [Advice(cast(Any, "good"), "x")], "level 'good' is none of note, bad"),
    "an answer to a removal": ("remove", True, "remove(): returned bool where None belongs"),
}


@pytest.mark.parametrize(
    ("item", "ref"), [(booking("b2", status="new"), "b2"), ("b2", "unknown"), (Gone(""), "unknown")]
)
def test_an_unsound_booking_of_a_page_keeps_none_of_the_others(item: Any, ref: str) -> None:
    answer = Page((booking(), item), cursor="c2", unreadable=("b0",))
    assert ask("changes", answer) == Page((booking(),), cursor="c2", unreadable=("b0", ref))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_in_one_line(slip: str) -> None:
    method, answer, words = SLIPS[slip]
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
    assert line.startswith(f"connector sundial: {method}() raised {name} in sundial.py, line ")
    assert caught.value.__cause__ is None
    assert "Ann" not in line


def test_what_belongs_at_the_door_is_a_fault_elsewhere() -> None:
    with pytest.raises(ConnectorFaultError, match="raised BadPayloadError"):
        ask("fetch", BadPayloadError("no"))


def test_a_fault_survives_a_durable_run() -> None:
    error = pickle.loads(pickle.dumps(ConnectorFaultError("connector x: no")))  # noqa: S301
    assert (type(error), error.message, error.permanent) == (
        ConnectorFaultError,
        "connector x: no",
        False,
    )


def test_builders_make_what_is_sound() -> None:
    whole = replace(booking(), person=PlatformPerson("p1", "Ann", "a@example.com", "+12065550100"))
    assert ask("fetch", whole) is whole


def test_silence_is_counted_from_what_nothing_has_answered_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    made = Sundial(answer=booking())
    checked = CheckedConnector(made)
    seconds[0] = 100.0
    assert checked.silent_for == 0.0  # nobody asked

    def hears(answer: object) -> float:
        made.answer = answer
        with contextlib.suppress(PlatformError):
            checked.fetch("b1")
        seconds[0] += 3
        return checked.silent_for

    assert hears(booking()) == 0.0
    assert [hears(PlatformError("no connection")) for _ in range(2)] == [3.0, 6.0]
    assert hears(PlatformGoneError("not found")) == 0.0
    assert hears(PlatformError("no connection")) == 3.0
    assert hears(PlatformError("no key", permanent=True)) == 0.0
    assert hears(None) == 3.0
