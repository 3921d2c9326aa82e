"""The bookings part of Cal.com's API v2, version 2024-08-13.

It follows apps/api/v2/src/platform/bookings/2024-08-13: controllers/bookings.controller.ts for
the routes, services/bookings.service.ts for what is behind them.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bodies import json_body
from .faults import Fault, Faults, Limiter
from .journal import Journal, iso
from .lists import listed
from .moments import moment
from .people import CLINIC, TEAM, ZONE
from .platform import Actor, Platform, RefusedError
from .shown import member_in_api, type_in_api
from .webhooks import Webhooks

VERSION, TYPES_VERSION = "2024-08-13", "2024-06-14"
Handler = Callable[[Request, Actor], Awaitable[Any]]


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
        one, team = "/v2/bookings/{uid}", "/v2/teams/{number:int}"
        return [
            self._route("/v2/me", "me", self._me, "GET"),
            *Webhooks(self.platform).routes(self._route),
            self._route("/v2/teams", "teams", self._teams, "GET", None),
            self._route(f"{team}/memberships", "members", self._members, "GET", None),
            self._route(
                f"{team}/event-types",
                "team-event-types",
                self._team_types,
                "GET",
                TYPES_VERSION,
            ),
            self._route("/v2/event-types", "event-types", self._event_types, "GET", TYPES_VERSION),
            self._route(
                "/v2/event-types/{number:int}",
                "event-type",
                self._event_type,
                "GET",
                TYPES_VERSION,
            ),
            self._route("/v2/bookings", "list", self._list, "GET"),
            self._route(one, "get", self._get, "GET"),
            self._route(f"{one}/confirm", "confirm", self._confirm, "POST"),
            self._route(f"{one}/decline", "decline", self._decline, "POST"),
            self._route(f"{one}/cancel", "cancel", self._cancel, "POST"),
            self._route(f"{one}/reschedule", "reschedule", self._reschedule, "POST"),
            self._route(f"{one}/mark-absent", "mark-absent", self._mark_absent, "POST"),
        ]

    def _route(
        self, path: str, action: str, handler: Handler, method: str, version: str | None = VERSION
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._serve(request, action, handler, version)

        return Route(path, endpoint, methods=[method])

    async def _serve(
        self, request: Request, action: str, handler: Handler, version: str | None
    ) -> Response:
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
            response = await self._answer(request, handler, number, version)
            if fault is not None:
                response = await _spoil(request, fault)
        response.headers.update(headers)
        response.headers["date"] = format_datetime(self.platform.clock.now(), usegmt=True)
        self.journal.write("answer", call=number, action=action, status=response.status_code)
        return response

    async def _answer(
        self, request: Request, handler: Handler, number: int, version: str | None
    ) -> Response:
        sent = request.headers.get("authorization", "").encode()
        # apps/api/v2/src/modules/auth/strategies/api-auth/api-auth.strategy.ts
        if not hmac.compare_digest(sent, f"Bearer {self.api_key}".encode()):
            return error(request, 401, "ApiAuthStrategy - api key - Your api key is not valid")
        if version is not None and request.headers.get("cal-api-version") != version:
            return error(request, 400, f"this simulation speaks cal-api-version {version} only")
        try:
            answer = await handler(request, Actor("api", number))
        except RefusedError as refused:
            return error(request, refused.status, refused.message)
        if not isinstance(answer, dict) or "pagination" not in answer:
            answer = {"data": answer}
        made = request.method == "POST" and request.url.path == "/v2/webhooks"
        return JSONResponse({"status": "success", **answer}, 201 if made else 200)

    async def _me(self, _request: Request, _actor: Actor) -> Any:
        return {**CLINIC.shown(), "timeZone": ZONE}

    async def _get(self, request: Request, _actor: Actor) -> Any:
        """By a series' own uid all its occurrences, as the service's ``getBooking``."""
        return self._shown(request.path_params["uid"])

    def _shown(self, uid: str) -> Any:
        """Also what is answered to a change: it is read anew, from the copy."""
        occurrences = self.platform.series(uid)
        if occurrences:
            return [self.platform.shown(booking) for booking in occurrences]
        return self.platform.shown(self.platform.read(uid))

    async def _list(self, request: Request, _actor: Actor) -> Any:
        rows, page = listed(self.platform, dict(request.query_params))
        return {"data": [self.platform.shown(row, listed=True) for row in rows], "pagination": page}

    async def _confirm(self, request: Request, actor: Actor) -> Any:
        uid = self._known(request)
        self.platform.confirm(uid, actor)
        return self._shown(uid)

    async def _decline(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"reason": str})
        uid = self._known(request)
        self.platform.decline(uid, body.get("reason", ""), actor)
        return self._shown(uid)

    async def _cancel(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"cancellationReason": str})
        uid = request.path_params["uid"]
        await self.platform.cancel(uid, body.get("cancellationReason", ""), actor)
        return self._shown(uid)

    async def _reschedule(self, request: Request, actor: Actor) -> Any:
        fields = {"start": str, "rescheduledBy": str, "reschedulingReason": str}
        body = await json_body(request, fields)
        by = body.get("rescheduledBy")
        actor = Actor(by, actor.call) if by and by != CLINIC.email else actor
        start, reason = moment(body.get("start")), body.get("reschedulingReason", "")
        new = self.platform.reschedule(request.path_params["uid"], start, actor, reason)
        return self.platform.shown(new)

    async def _mark_absent(self, request: Request, actor: Actor) -> Any:
        body = await json_body(request, {"attendees": list, "host": bool})
        marks = {str(one["email"]): bool(one.get("absent")) for one in body.get("attendees", [])}
        uid = self._known(request)
        self.platform.mark_absent(uid, marks, actor)
        return self._shown(uid)

    def _known(self, request: Request) -> str:
        """The uid of a booking that the copy holds: the service looks there before it changes
        anything."""
        uid = str(request.path_params["uid"])
        if self.platform.replica.is_new(uid):
            self.platform.read(uid)
        return uid

    async def _event_types(self, _request: Request, _actor: Actor) -> Any:
        """Those of the key's user: ``getUserEventTypes`` in apps/api/v2/src/platform/event-types/
        event-types_2024_06_14/services/event-types.service.ts."""
        kinds = self.platform.event_types.values()
        return [type_in_api(k) for k in kinds if k.owner == CLINIC.id and not k.team]

    async def _event_type(self, request: Request, _actor: Actor) -> Any:
        number = request.path_params["number"]
        kind = self.platform.event_types.get(number)
        if kind is None or not self.platform.key.manages(kind):
            raise RefusedError(404, f"Event type with id {number} not found")
        return type_in_api(kind)

    async def _teams(self, _request: Request, _actor: Actor) -> Any:
        """Those of the key's user: apps/api/v2/src/modules/teams/teams/controllers/
        teams.controller.ts."""
        return [{"id": TEAM, "name": "Example Massage"}] if self.platform.key.members() else []

    async def _members(self, request: Request, _actor: Actor) -> Any:
        """For admins alone: apps/api/v2/src/modules/teams/memberships/controllers/
        teams-memberships.controller.ts."""
        self._of_team(request)
        return [member_in_api(host) for host in self.platform.key.members()]

    async def _team_types(self, request: Request, _actor: Actor) -> Any:
        """Those that are the team's own: apps/api/v2/src/modules/teams/event-types/controllers/
        teams-event-types.controller.ts."""
        self._of_team(request)
        return [type_in_api(k) for k in self.platform.event_types.values() if k.team]

    def _of_team(self, request: Request) -> None:
        if request.path_params["number"] != TEAM or not self.platform.key.members():
            raise RefusedError(403, "RolesGuard - User does not have the minimum required role")


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


async def _spoil(request: Request, fault: Fault) -> JSONResponse:
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    status = 504 if fault.kind == "timeout" else fault.status
    response = error(request, status, "an error that was asked for")
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response
