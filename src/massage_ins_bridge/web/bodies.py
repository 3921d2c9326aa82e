"""Reading request bodies: never more than allowed, and JSON without its loopholes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import Request

from ..domain.reading import plain_key
from .problems import ProblemError

#: A body takes milliseconds; who sends it so slowly only keeps a place.
BODY_SECONDS = 30


async def read_body(request: Request, limit: int) -> bytes:
    """The raw body; 413 as soon as it is longer than ``limit``, before the rest is read, and 408
    where it does not come."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:19]) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise _too_large(limit)
    except TimeoutError:
        detail = f"The body did not come within {BODY_SECONDS} seconds; send it again."
        raise ProblemError(408, detail, headers={"connection": "close"}) from None
    return bytes(body)


def _too_large(limit: int) -> ProblemError:
    detail = f"The body is larger than {limit:,} bytes."
    return ProblemError(413, detail, headers={"connection": "close"})


async def json_body(request: Request) -> Any:
    """The body as JSON values; 400 where it is none."""
    raw = await read_body(request, request.app.state.settings.max_body)
    return parse_json(raw)


def parse_json(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ProblemError(400, f"The body is not valid JSON{where}.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def take_object(data: Any, known: frozenset[str]) -> dict[str, Any]:
    """``data`` as an object with keys among ``known``; 422 names the others."""
    if not isinstance(data, dict):
        raise ProblemError(422, "The body must be a JSON object.")
    unknown = [k for k in data if k not in known]
    if unknown:
        errors = [
            {
                "path": plain_key(k),
                "message": f"is not a known key; known are {', '.join(sorted(known))}",
            }
            for k in unknown[:20]
        ]
        raise ProblemError(422, "Some fields cannot be used.", errors)
    return data
