"""What plugins declare is read like the host's own: typed, refused by its path with the nearest
right word, and immutable where it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from massage_ins_bridge.domain.declared import (
    Declared,
    DeclaredFact,
    DeclaredKind,
    FactOn,
    FactType,
    vocabulary_of,
)
from massage_ins_bridge.domain.facts import Authorization, Booking, Chart
from massage_ins_bridge.domain.read_declared import with_declared
from massage_ins_bridge.domain.reading import UnusableInputError, read
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing.requests import authorization, request, visits

NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
PLACES: dict[FactOn, str] = {
    "coverage": "coverages.0",
    "prescription": "prescriptions.0",
    "authorization": "authorizations.0",
    "visit": "visits.0",
    "booking": "booking",
}
TYPES: dict[FactType, tuple[Any, Any]] = {
    "text": ("  C-12 ", "C-12"),
    "bool": (False, False),
    "int": (12, 12),
    "date": ("2026-12-08", date(2026, 12, 8)),
    "amount": ("20.50", Decimal("20.50")),
    "choice": ("neck", "neck"),
}


def fact(on: FactOn, kind: FactType, name: str, plugin: str = "regence") -> DeclaredFact:
    return DeclaredFact(plugin, on, name, kind, name, ("neck", "back") if kind == "choice" else ())


WORDS = vocabulary_of(
    [
        Declared(
            tuple(fact(on, kind, f"a_{kind}") for on in PLACES for kind in TYPES),
            authorization_kinds=(DeclaredKind("regence.fax", "By fax"),),
        )
    ]
)


def chart(**changes: Any) -> Chart:
    made = request("regence", authorizations=[authorization("regence")], **changes)
    made["visits"] = made["visits"] or visits("regence", "2026-11-03")
    return read_request(made, NOW, words=WORDS)


def found(of: Chart, on: FactOn) -> Any:
    name = {"booking": "booking", "coverage": "coverages", "visit": "visits"}.get(on, f"{on}s")
    held: Any = getattr(of, name)
    return held.extra if on == "booking" else held[0].extra


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("on", PLACES)
def test_a_field_is_read_on_each_fact(on: FactOn, kind: FactType) -> None:
    sent, value = TYPES[kind]
    made = request("regence", authorizations=[authorization("regence")])
    made["visits"] = visits("regence", "2026-11-03")
    target = made
    for step in PLACES[on].split("."):
        target = target[int(step)] if step.isdigit() else target[step]  # type: ignore[index]
    target["extra"] = {"regence": {f"a_{kind}": sent}}
    read_one = read_request(made, NOW, words=WORDS)
    assert found(read_one, on)["regence"][f"a_{kind}"] == value


def test_another_booking_has_the_fields_of_a_booking_and_its_end() -> None:
    end = "2026-12-04T11:00:00-08:00"
    item = {"start": "2026-12-04T10:00:00-08:00", "end": end, "payer": "regence"}
    (other,) = chart(upcoming=[item | {"extra": {"regence": {"a_int": 4}}}]).upcoming or ()
    assert (other.extra["regence"]["a_int"], other.extra["regence"]["a_text"]) == (4, None)
    assert other.end == datetime.fromisoformat(end)


def test_what_was_made_without_them_has_them_unknown() -> None:
    bare = with_declared(Booking(start=NOW), "booking", WORDS)
    assert bare.extra["regence"]["a_int"] is None
    assert with_declared(bare, "booking", WORDS) is bare


def test_what_is_not_sent_is_there_and_unknown() -> None:
    """So that a misspelt field of a plugin's own is a fault, and a missing value is none."""
    extra = found(chart(), "coverage")
    assert extra["regence"]["a_text"] is None
    with pytest.raises(KeyError):
        extra["regence"]["a_txt"]
    empty = found(chart(**{"coverages.0.extra": {"regence": None}}), "coverage")
    assert empty == extra


REFUSED: list[tuple[Any, str, str]] = [
    ({"regense": {}}, "extra.regense", "did you mean 'regence'?"),
    ({"acme": {}}, "extra.acme", "no installed plugin of this name declares fields of a coverage"),
    ({"regence": {"a_txet": 1}}, "extra.regence.a_txet", "did you mean 'a_text'?"),
    (
        {"regence": {"zz": 1}},
        "extra.regence.zz",
        "that the plugin 'regence' declares of a coverage",
    ),
    ({"regence": {"a_int": "12"}}, "extra.regence.a_int", "whole number, not text"),
    ({"regence": {"a_bool": 1}}, "extra.regence.a_bool", "true or false, not a number"),
    ({"regence": {"a_date": "2026-13-01"}}, "extra.regence.a_date", "no day of the calendar"),
    ({"regence": {"a_amount": 2.5}}, "extra.regence.a_amount", '"20.00"'),
    ({"regence": {"a_choice": "leg"}}, "extra.regence.a_choice", "one of neck, back"),
    ({"regence": []}, "extra.regence", "an object, not a list"),
    ([], "extra", "an object, not a list"),
]


@pytest.mark.parametrize(("sent", "path", "said"), REFUSED)
def test_what_is_not_declared_is_refused_by_its_path(sent: Any, path: str, said: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        chart(**{"coverages.0.extra": sent})
    (problem,) = caught.value.problems
    assert problem.path == f"coverages[0].{path}"
    assert said in problem.message


def test_where_no_plugin_declares_any_none_is_taken() -> None:
    made = request("regence", **{"booking.extra": {"regence": {"a_text": "x"}}})
    with pytest.raises(UnusableInputError, match=r"booking.extra.regence: no installed plugin"):
        read_request(made, NOW)
    assert dict(read_request(request("regence"), NOW).booking.extra) == {}


def test_a_declared_kind_of_authorization_is_one() -> None:
    sent = authorization("regence", "regence.fax")
    assert read(Authorization, sent, words=WORDS).kind == "regence.fax"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("regence.fix", "no plugin 'regence' declares; did you mean 'regence.fax'?"),
        ("acme.fax", "no plugin 'acme' declares"),
        ("fax", "must be one of prior-authorization"),
        (7, "must be one of prior-authorization"),
    ],
)
def test_a_kind_that_nobody_declares_is_refused(kind: Any, said: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        read(Authorization, {"kind": kind}, "authorizations[0]", WORDS)
    (problem,) = caught.value.problems
    assert problem.path == "authorizations[0].kind"
    assert said in problem.message


def test_what_was_stored_outlives_the_plugin_that_declared_it() -> None:
    """Else a client's chart could not be read once a plugin is disabled."""
    sent = {"kind": "acme.fax", "extra": {"acme": {"x": 1}, "regence": {"a_int": 3, "gone": 1}}}
    stored = read(Authorization, sent, words=WORDS.for_stored)
    assert stored.kind == "acme.fax"
    assert stored.extra.keys() == {"regence"}
    assert stored.extra["regence"]["a_int"] == 3
    assert replace(stored, kind=None).extra == stored.extra
