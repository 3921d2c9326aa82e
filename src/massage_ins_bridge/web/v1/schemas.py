"""JSON Schema of what is taken and given, made from the same type hints that the reader and the
views go by, so that the two cannot part."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from ...desk.chart import ClientSent
from ...desk.odd_characters import ODD
from ...domain import facts
from ...domain.answers import Action, Requirement, Waiver
from ...domain.reading import MAX_ITEMS
from ...domain.request import Request as CheckRequest
from ...domain.scalars import (
    AMOUNT,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_NUMBER,
    MAX_TEXT,
    MONTH_DAY,
    MonthDay,
)
from .declared import of_plugins

Schema = dict[str, Any]
#: Every named schema of the document.
COMPONENTS: dict[str, Schema] = {}
#: Names that say more than the class's own, or that keep two classes of one name apart.
_NAMES: Mapping[type, str] = {
    CheckRequest: "CheckRequest",
    ClientSent: "ClientFacts",
    facts.Booking: "BookingToCheck",
    facts.InjuryClaim: "InjuryClaim",
}
#: What a decision does not show.
_HIDDEN = {(Action, "cures"), (Requirement, "not_covered"), (Waiver, "advice")}
_YEAR = f"({FIRST_YEAR // 100}|20|{LAST_YEAR // 100})[0-9]{{2}}"
_DAY = f"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"{_CLOCK}:[0-5][0-9](\.[0-9]{{1,6}})?(Z|[+-]{_CLOCK})"
TEXT: Schema = {"type": "string", "maxLength": MAX_TEXT, "pattern": f"^[^{ODD}]*$"}
_LINE: Schema = {**TEXT, "pattern": rf"^[^{ODD}\t\n\r]*$"}
#: A text that says something.
FILLED: Schema = {**TEXT, "pattern": rf"^[^{ODD}]*[^{ODD}\s][^{ODD}]*$"}
MOMENT: Schema = {"type": "string", "format": "date-time", "pattern": f"^{_DAY}T{_TIME}$|^$"}
DATE: Schema = {"type": "string", "format": "date", "pattern": f"^{_DAY}$|^$"}
_TAKEN: Mapping[Any, Schema] = {
    str: TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER},
    Decimal: {
        "type": ["string", "integer"],
        "pattern": f"^{AMOUNT}$",
        "minimum": 0,
        "maximum": MAX_NUMBER - 1,
        "description": "an amount in US dollars, such as 20.00",
    },
    date: DATE,
    datetime: MOMENT,
    MonthDay: {
        "type": "string",
        "pattern": f"^{MONTH_DAY}$|^$",
        "description": "month and day, such as 01-01",
    },
}
#: The same by the names of types that plugins give to their fields.
OF_TYPE: Mapping[str, Schema] = {
    "text": TEXT,
    "bool": _TAKEN[bool],
    "int": _TAKEN[int],
    "date": DATE,
    "amount": _TAKEN[Decimal],
}
_GIVEN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "description": "an amount in US dollars, such as 20.00"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


@dataclass(frozen=True, slots=True)
class _Making:
    """How schemas of one direction are made. ``filled``: a text that must be there; ``optional``:
    which fields may be left out."""

    scalars: Mapping[Any, Schema]
    filled: Schema
    optional: Callable[[Field[Any]], bool]
    more: Schema

    def of(self, hint: Any) -> Schema:
        if isinstance(hint, type) and is_dataclass(hint):
            return self.named(hint)
        origin, inside = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            return self.of(inside[1])
        if origin in (types.UnionType, typing.Union):
            return self._either(inside)
        if origin is Literal:
            return {"enum": list(inside)}
        if origin is tuple:
            return {"type": "array", "items": self.of(inside[0]), "maxItems": MAX_ITEMS}
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inside[1])}
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return {"type": "string", "enum": [str(item) for item in hint]}
        return dict(self.scalars[hint])

    def named(self, kind: type) -> Schema:
        name = _NAMES.get(kind, kind.__name__)
        if name not in COMPONENTS:
            COMPONENTS[name] = {}  # seen: one that holds itself ends here
            COMPONENTS[name] = self.record(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def record(self, kind: type) -> Schema:
        """The class itself, not by its name."""
        hints = typing.get_type_hints(kind, include_extras=True)
        shown = [f for f in fields(kind) if (kind, f.name) not in _HIDDEN]
        named = {str(f.metadata.get("name", f.name)): f for f in shown}
        required = [name for name, f in named.items() if not self.optional(f)]
        said = {"description": _prose(kind)} if kind.__doc__ else {}
        return {
            "type": "object",
            **said,
            "properties": {
                name: self.filled
                if name in required and f.type == "str"
                else of_plugins(f) or self.of(hints[f.name])
                for name, f in named.items()
            },
            **({"required": required} if required else {}),
            **self.more,
        }

    def _either(self, hints: tuple[Any, ...]) -> Schema:
        parts = [self.of(hint) for hint in hints if hint is not type(None)]
        if len(parts) == len(hints):
            return {"anyOf": parts}
        if len(parts) == 1 and "type" in parts[0]:
            kinds = parts[0]["type"]
            return {**parts[0], "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}
        if len(parts) == 1 and "enum" in parts[0]:
            return {"enum": [*parts[0]["enum"], None]}
        return {"anyOf": [*parts, {"type": "null"}]}


def _prose(kind: type) -> str:
    return " ".join((kind.__doc__ or "").replace("``", "`").split())


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


#: What ``domain.reading.read`` accepts for a type hint.
TAKEN = _Making(_TAKEN, FILLED, _has_default, {"additionalProperties": False})
#: The same where no text has several lines.
LINES = replace(TAKEN, scalars={**_TAKEN, str: _LINE})
#: What a view becomes. Later releases may add fields.
GIVEN = _Making(_GIVEN, _GIVEN[str], lambda _field: False, {})


def fact_record(kind: type, *, booking: bool = False) -> Schema:
    """A fact as it is given: what was sent, under the id by which it is changed."""
    name = f"{kind.__name__}Record"
    if name not in COMPONENTS:
        sent = TAKEN.record(kind)
        ours: Schema = {"record": {"type": "string", "description": "its id"}}
        if booking:
            ours["booking"] = {"type": ["string", "null"], "description": "the booking that it was"}
        COMPONENTS[name] = {
            "type": "object",
            "description": sent.get("description", ""),
            "properties": {**ours, **sent["properties"]},
            "required": list(ours),
        }
    return {"$ref": f"#/components/schemas/{name}"}
