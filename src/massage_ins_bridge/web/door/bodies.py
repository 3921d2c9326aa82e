"""Reading request bodies: never more than allowed, and JSON without its loopholes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from ...domain.json_object import RepeatedKeyError, json_object
from .problems import ProblemError

#: A body takes milliseconds; who sends it so slowly only keeps a place.
BODY_SECONDS = 30
JSON = "application/json"


def content_type(request: Request) -> str:
    """What the body is said to be, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int, seconds: float = BODY_SECONDS) -> bytes:
    """See ``receive_body``."""
    declared = request.headers.get("content-length", "")
    return await receive_body(request.receive, declared, limit, seconds)


async def receive_body(
    receive: Receive, declared: str, limit: int, seconds: float = BODY_SECONDS
) -> bytes:
    """The raw body; 413 as soon as it is longer than ``limit``, before the rest is read, and 408
    where it does not come. ``declared``: the header that says how long it is."""
    if declared.isdigit() and int(declared[:19]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    more = True
    try:
        async with asyncio.timeout(seconds):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                more = message.get("more_body", False)
                if sum(map(len, parts)) > limit:
                    raise _too_large(limit)
    except TimeoutError:
        detail = f"The body did not come within {seconds:.0f} seconds; send it again."
        raise ProblemError(408, detail, headers={"connection": "close"}) from None
    return b"".join(parts)


def _too_large(limit: int) -> ProblemError:
    detail = f"The body is larger than {limit:,} bytes."
    return ProblemError(413, detail, headers={"connection": "close"})


async def json_body(request: Request) -> Any:
    """The body as JSON values; 415 where it is not said to be JSON, 400 where it is not."""
    kind = content_type(request)
    if kind != JSON:
        said = f"not {kind[:80]!r}" if kind else "and this names none"
        detail = f"The body must be sent with content-type {JSON}, {said}."
        raise ProblemError(415, detail, headers={"accept": JSON})
    return parse_json(await read_body(request, request.app.state.settings.max_body))


def parse_json(raw: bytes) -> Any:
    """Raises ``ProblemError`` (400)."""
    try:
        return json.loads(
            raw,
            parse_constant=_no_constant,
            parse_float=_number,
            object_pairs_hook=json_object,
        )
    except RepeatedKeyError as error:
        raise ProblemError(400, f"The body {error}; send it once.") from None
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ProblemError(400, f"The body is not valid JSON{where}.") from None


def _number(text: str) -> int | float:
    """To JSON 4.0 is a whole number like 4."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _no_constant(name: str) -> Any:
    raise ValueError(name)
