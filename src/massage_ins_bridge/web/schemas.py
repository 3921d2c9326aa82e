"""JSON Schema of the fact classes, for the OpenAPI document: made from the same type hints that
the reader goes by, so that the two cannot part."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    Decimal: {"type": "string", "description": "an amount in US dollars, such as 20.00"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def schema_of(hint: Any) -> dict[str, Any]:
    """The schema of what ``domain.reading.read`` accepts for a type hint."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        parts = [schema_of(a) for a in typing.get_args(hint) if a is not type(None)]
        return parts[0] if len(parts) == 1 else {"anyOf": parts}
    if origin is Literal:
        return {"enum": list(typing.get_args(hint))}
    if origin is tuple:
        return {"type": "array", "items": schema_of(typing.get_args(hint)[0])}
    if origin is not None and issubclass(origin, Mapping):
        values = schema_of(typing.get_args(hint)[1])
        return {"type": "object", "additionalProperties": values}
    return dict(_SCALARS[hint])


def _record(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    named = {str(f.metadata.get("name", f.name)): f for f in fields(kind)}
    required = [
        n for n, f in named.items() if f.default is MISSING and f.default_factory is MISSING
    ]
    schema: dict[str, Any] = {
        "type": "object",
        "title": kind.__name__,
        "properties": {name: schema_of(hints[f.name]) for name, f in named.items()},
        "additionalProperties": False,
    }
    return schema | ({"required": required} if required else {})


def body(hint: Any, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``openapi_extra`` for an operation that takes such a body."""
    schema = schema_of(hint)
    if extra:
        schema["properties"] = {**schema["properties"], **extra}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
