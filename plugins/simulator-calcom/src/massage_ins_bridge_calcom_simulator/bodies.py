"""Bodies of requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import UnionType
from typing import Any

from starlette.requests import Request

from .platform import RefusedError

Fields = Mapping[str, type | UnionType]


async def json_body(request: Request, fields: Fields) -> dict[str, Any]:
    """The JSON object in the body, empty without one; only these fields of these types."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise RefusedError(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "the body is not an object")
    for name, value in body.items():
        if name not in fields or not isinstance(value, fields[name]):
            raise RefusedError(400, f"property {name} should not exist or has a wrong type")
    return body
