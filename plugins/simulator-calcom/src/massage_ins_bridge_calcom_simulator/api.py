"""The bookings part of Cal.com's API v2, version 2024-08-13.

It follows apps/api/v2/src/platform/bookings/2024-08-13: controllers/bookings.controller.ts for
the routes, services/bookings.service.ts for what is behind them.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import UnionType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bookings import HOST, ZONE, Booking
from .faults import Fault, Faults, Limiter
from .journal import Journal, iso
from .platform import Actor, Platform, RefusedError

VERSION = "2024-08-13"
Handler = Callable[[Request, Actor], Awaitable[Any]]
Fields = Mapping[str, type | UnionType]


@dataclass(frozen=True, slots=True)
class Api:
    """The API over one platform."""

    platform: Platform
    journal: Journal
    faults: Faults
    limiter: Limiter
    api_key: str

    def routes(self) -> list[Route]:
        """All routes of the API."""
        one = "/v2/bookings/{uid}"
        return [
            self._route("/v2/me", "me", self._me, "GET"),
            self._route("/v2/bookings", "list", self._list, "GET"),
            self._route(one, "get", self._get, "GET"),
            self._route(f"{one}/confirm", "confirm", self._confirm, "POST"),
            self._route(f"{one}/decline", "decline", self._decline, "POST"),
            self._route(f"{one}/cancel", "cancel", self._cancel, "POST"),
            self._route(f"{one}/reschedule", "reschedule", self._reschedule, "POST"),
            self._route(f"{one}/mark-absent", "mark-absent", self._mark_absent, "POST"),
        ]

    def _route(self, path: str, action: str, handler: Handler, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._serve(request, action, handler)

        return Route(path, endpoint, methods=[method])

    async def _serve(self, request: Request, action: str, handler: Handler) -> Response:
        number = self.journal.write(
            "call",
            action=action,
            method=request.method,
            path=request.url.path,
            uid=request.path_params.get("uid"),
            request_id=request.headers.get("x-request-id"),
        )
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        allowed, headers = self.limiter.take()
        fault = self.faults.take(action)
        response: Response
        if not allowed:
            response = error(request, 429, "ThrottlerException: Too Many Requests")
        elif fault is not None and not fault.after_applying:
            response = await _spoil(request, fault)
        else:
            response = await self._answer(request, handler, number)
            if fault is not None:
                response = await _spoil(request, fault)
        response.headers.update(headers)
        self.journal.write("answer", call=number, action=action, status=response.status_code)
        return response

    async def _answer(self, request: Request, handler: Handler, number: int) -> Response:
        sent = request.headers.get("authorization", "").encode()
        # apps/api/v2/src/modules/auth/strategies/api-auth/api-auth.strategy.ts
        if not hmac.compare_digest(sent, f"Bearer {self.api_key}".encode()):
            return error(request, 401, "ApiAuthStrategy - api key - Your api key is not valid")
        if request.headers.get("cal-api-version") != VERSION:
            return error(request, 400, f"this simulation speaks cal-api-version {VERSION} only")
        try:
            answer = await handler(request, Actor("api", number))
        except RefusedError as refused:
            return error(request, refused.status, refused.message)
        if not isinstance(answer, dict) or "pagination" not in answer:
            answer = {"data": answer}
        return JSONResponse({"status": "success", **answer})

    async def _me(self, _request: Request, _actor: Actor) -> Any:
        return {**HOST, "timeZone": ZONE}

    async def _get(self, request: Request, _actor: Actor) -> Any:
        """By a series' own uid all its occurrences, as the service's ``getBooking``."""
        uid = request.path_params["uid"]
        occurrences = self.platform.series(uid)
        if occurrences:
            return [booking.in_api() for booking in occurrences]
        return self.platform.find(uid).in_api()

    async def _list(self, request: Request, _actor: Actor) -> Any:
        query = dict(request.query_params)
        take, skip = _number(query, "take", 100, 1, 250), _number(query, "skip", 0, 0, 10**9)
        found = _filtered(list(self.platform.bookings.values()), query)
        page = found[skip : skip + take]
        left = max(0, len(found) - skip - len(page))
        return {
            "data": [booking.in_api() for booking in page],
            "pagination": {
                "totalItems": len(found),
                "remainingItems": left,
                "returnedItems": len(page),
                "itemsPerPage": take,
                "currentPage": skip // take + 1,
                "totalPages": -(-len(found) // take),
                "hasNextPage": left > 0,
                "hasPreviousPage": skip > 0,
            },
        }

    async def _confirm(self, request: Request, actor: Actor) -> Any:
        return self.platform.confirm(request.path_params["uid"], actor).in_api()

    async def _decline(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"reason": str})
        uid = request.path_params["uid"]
        return self.platform.decline(uid, body.get("reason", ""), actor).in_api()

    async def _cancel(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"cancellationReason": str})
        uid = request.path_params["uid"]
        return self.platform.cancel(uid, body.get("cancellationReason", ""), actor).in_api()

    async def _reschedule(self, request: Request, actor: Actor) -> Any:
        fields = {"start": str, "rescheduledBy": str, "reschedulingReason": str}
        body = await json_body(request, fields)
        by = body.get("rescheduledBy")
        actor = Actor(by, actor.call) if by and by != HOST["email"] else actor
        uid = request.path_params["uid"]
        return self.platform.reschedule(uid, moment(body.get("start")), actor).in_api()

    async def _mark_absent(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"attendees": list, "host": bool})
        absent = any(bool(a.get("absent")) for a in body.get("attendees", []))
        uid = request.path_params["uid"]
        return self.platform.mark_absent(uid, actor, absent=absent).in_api()


def error(request: Request, status: int, message: str) -> JSONResponse:
    """An error as the platform writes it."""
    names = {400: "BadRequestException", 401: "UnauthorizedException", 404: "NotFoundException"}
    body = {
        "status": "error",
        "timestamp": iso(datetime.now(UTC)),
        "path": request.url.path,
        "error": {"code": names.get(status, "HttpException"), "message": message},
    }
    return JSONResponse(body, status)


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


def moment(text: Any) -> datetime:
    """A time with its offset."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise RefusedError(400, "a valid ISO 8601 time is expected") from None
    if found.tzinfo is None:
        raise RefusedError(400, "a time with its offset is expected")
    return found


async def _spoil(request: Request, fault: Fault) -> JSONResponse:
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    status = 504 if fault.kind == "timeout" else fault.status
    response = error(request, status, "an error that was asked for")
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


def _number(query: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = query.pop(name, str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise RefusedError(400, f"{name} must be a number from {low} to {high}")
    return int(text)


def _filtered(bookings: list[Booking], query: dict[str, str]) -> list[Booking]:
    """Filters and orders: ``GetBookingsInput_2024_08_13`` in
    packages/platform/types/bookings/2024-08-13/inputs/get-bookings.input.ts."""
    filters: dict[str, Callable[[Booking, str], bool]] = {
        "afterUpdatedAt": lambda b, v: b.updated >= moment(v),
        "beforeUpdatedAt": lambda b, v: b.updated <= moment(v),
        "afterCreatedAt": lambda b, v: b.created >= moment(v),
        "beforeCreatedAt": lambda b, v: b.created <= moment(v),
        "afterStart": lambda b, v: b.start >= moment(v),
        "beforeEnd": lambda b, v: b.end <= moment(v),
        "attendeeEmail": lambda b, v: b.email == v,
        "bookingUid": lambda b, v: b.uid == v,
        "eventTypeId": lambda b, v: str(b.event_type.id) == v,
    }
    keys: dict[str, Callable[[Booking], datetime]] = {
        "sortUpdatedAt": lambda b: b.updated,
        "sortCreated": lambda b: b.created,
        "sortStart": lambda b: b.start,
    }
    for name, value in query.items():
        if name in filters:
            bookings = [b for b in bookings if filters[name](b, value)]
        elif name in keys and value in ("asc", "desc"):
            bookings = sorted(bookings, key=keys[name], reverse=value == "desc")
        else:
            raise RefusedError(400, f"property {name} should not exist")
    return bookings
