"""What plugins declare stands in the OpenAPI document, field by field, as it is read."""

from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI

from massage_ins_bridge.domain.declared import (
    AUTHORIZATION_KINDS,
    NO_WORDS,
    Declared,
    DeclaredFact,
    DeclaredKind,
    FactType,
    Vocabulary,
    vocabulary_of,
)
from massage_ins_bridge.domain.facts import Authorization
from massage_ins_bridge.domain.reading import UnusableInputError, read
from massage_ins_bridge.web.v1.routes import add_routes

TYPES: tuple[FactType, ...] = ("text", "bool", "int", "date", "amount", "choice")
FIELDS = tuple(
    DeclaredFact("va", "authorization", kind, kind, f"A {kind}", ("a", "b") * (kind == "choice"))
    for kind in TYPES
)
WORDS = vocabulary_of([Declared(FIELDS, authorization_kinds=(DeclaredKind("va.seoc", "SEOC"),))])


def schemas(words: Vocabulary) -> dict[str, Any]:
    app = FastAPI(title="massage-ins-bridge")
    add_routes(app, words)
    made: dict[str, Any] = app.openapi()["components"]["schemas"]
    return made


def test_each_declared_field_is_shown_with_its_label() -> None:
    found = schemas(WORDS)["AuthorizationExtra"]["properties"]["va"]["properties"]
    told = {name: field["description"].split(",")[0] for name, field in found.items()}
    assert told == {kind: f"A {kind}" for kind in TYPES}


def test_kinds_of_plugins_are_among_the_others() -> None:
    kinds = schemas(WORDS)["AuthorizationKind"]
    assert kinds["enum"] == [*AUTHORIZATION_KINDS, "va.seoc", None]
    assert kinds["description"] == "`va.seoc`: SEOC"


def test_without_plugins_no_extra_is_taken() -> None:
    found = schemas(NO_WORDS)
    assert found["CoverageExtra"]["properties"] == {}
    assert found["AuthorizationKind"]["enum"] == [*AUTHORIZATION_KINDS, None]


SENT: list[tuple[Any, bool]] = [
    ({"va": {"text": "x", "bool": True, "int": 3, "date": "2026-12-08", "choice": "a"}}, True),
    ({"va": {"amount": "20.00"}}, True),
    ({"va": {"text": None}}, True),
    ({"va": None}, True),
    ({}, True),
    (None, True),
    ({"va": {"int": "3"}}, False),
    ({"va": {"amount": 2.5}}, False),
    ({"va": {"choice": "c"}}, False),
    ({"va": {"txt": "x"}}, False),
    ({"other": {}}, False),
]


@pytest.mark.parametrize(("extra", "good"), SENT)
def test_the_document_and_the_reader_are_of_one_mind(extra: Any, good: bool) -> None:
    found = {"components": {"schemas": schemas(WORDS)}}
    whole = {**found, "$ref": "#/components/schemas/Authorization"}
    sent = {"kind": "va.seoc", "from": str(date(2026, 12, 8)), "extra": extra}
    assert jsonschema_rs.validator_for(whole).is_valid(sent) == good
    try:
        read(Authorization, sent, words=WORDS)
    except UnusableInputError:
        assert not good
    else:
        assert good
