"""The controls under ``/_standin/``: play the client, the owner and the bad day."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .api import Api, Fields, error, json_body, moment
from .bookings import EventType
from .faults import Fault
from .journal import iso
from .outbox import Outbox
from .platform import Actor, RefusedError

Handler = Callable[[Request], Awaitable[Any]]
_FAULT_FIELDS: Fields = {
    "kind": str,
    "action": str,
    "count": int,
    "status": int,
    "retry_after": str,
    "seconds": float | int,
    "after_applying": bool,
}
_BOOKING_FIELDS: Fields = {
    "event_type": int,
    "start": str,
    "name": str,
    "email": str,
    "phone": str,
    "answers": dict,
    "occurrences": int,
    "uid": str,
}


@dataclass(frozen=True, slots=True)
class Control:
    """The controls of one simulation."""

    api: Api
    outbox: Outbox

    def routes(self) -> list[Route]:
        """All routes of the controls."""
        one = "/_standin/bookings/{uid}"
        return [
            _route("/_standin/", self._info, "GET"),
            _route("/_standin/bookings", self._bookings, "GET"),
            _route("/_standin/bookings", self._create, "POST"),
            _route(one, self._forget, "DELETE"),
            *(
                _route(f"{one}/{verb}", functools.partial(self._act, verb), "POST")
                for verb in ("reschedule", "cancel", "no-show", "accept", "reject")
            ),
            _route("/_standin/journal", self._journal, "GET"),
            _route("/_standin/faults", self._faults, "GET"),
            _route("/_standin/faults", self._add_fault, "POST"),
            _route("/_standin/faults", self._clear_faults, "DELETE"),
            _route("/_standin/settings", self._settings, "POST"),
            _route("/_standin/webhooks", self._webhooks, "GET"),
            _route("/_standin/webhooks/resend", self._resend, "POST"),
            _route("/_standin/webhooks/raw", self._raw, "POST"),
            _route("/_standin/ping", self._ping, "POST"),
        ]

    async def _info(self, _request: Request) -> Any:
        kinds = self.api.platform.event_types.values()
        return {
            "event_types": [
                {"id": k.id, "slug": k.slug, "requires_confirmation": k.requires_confirmation}
                for k in kinds
            ],
            "webhook_url": self.outbox.target.url,
            "bookings": len(self.api.platform.bookings),
        }

    async def _bookings(self, _request: Request) -> Any:
        return [booking.in_api() for booking in self.api.platform.bookings.values()]

    async def _create(self, request: Request) -> Any:
        body = await json_body(request, _BOOKING_FIELDS)
        email = body.get("email", "patient@example.com")
        made = self.api.platform.create(
            body.get("event_type") or next(iter(self.api.platform.event_types)),
            moment(body.get("start")),
            body.get("name", "Test Patient"),
            email,
            phone=body.get("phone"),
            answers=body.get("answers"),
            occurrences=body.get("occurrences", 1),
            uid=body.get("uid"),
            actor=Actor(email),
        )
        return [b.in_api() for b in made] if len(made) > 1 else made[0].in_api()

    async def _forget(self, request: Request) -> Any:
        self.api.platform.forget(request.path_params["uid"], Actor("owner"))
        return {}

    async def _act(self, verb: str, request: Request) -> Any:
        fields: Fields = {"start": str, "reason": str, "by": str, "absent": bool}
        body = await json_body(request, fields)
        platform, uid = self.api.platform, request.path_params["uid"]
        booking = platform.find(uid)
        owner, who = Actor("owner"), Actor(body.get("by", booking.email))
        reason = body.get("reason", "")
        match verb:
            case "reschedule":
                booking = platform.reschedule(uid, moment(body.get("start")), who)
            case "cancel":
                booking = platform.cancel(uid, reason, who)
            case "no-show":
                booking = platform.mark_absent(uid, owner, absent=body.get("absent", True))
            case "accept":
                booking = platform.confirm(uid, owner)
            case _:
                booking = platform.decline(uid, reason, owner)
        return booking.in_api()

    async def _journal(self, request: Request) -> Any:
        query = dict(request.query_params)
        since = query.pop("since", "0")
        if not since.isdigit():
            raise RefusedError(400, "since must be a number")
        return self.api.journal.select(int(since), **query)

    async def _faults(self, _request: Request) -> Any:
        faults = self.api.faults
        pending = [{name: getattr(f, name) for name in _FAULT_FIELDS} for f in faults.queue]
        return {"latency": faults.latency, "faults": pending}

    async def _add_fault(self, request: Request) -> Any:
        body = await json_body(request, {**_FAULT_FIELDS, "latency": float | int})
        if "latency" in body:
            self.api.faults.latency = float(body.pop("latency"))
        if body:
            if body.get("kind") not in ("status", "timeout"):
                raise RefusedError(400, "kind is status or timeout")
            self.api.faults.queue.append(Fault(**body))
        return await self._faults(request)

    async def _clear_faults(self, request: Request) -> Any:
        self.api.faults.queue.clear()
        self.api.faults.latency = 0.0
        return await self._faults(request)

    async def _settings(self, request: Request) -> Any:
        fields: Fields = {
            "webhook_url": str,
            "secret": str,
            "retry_for": float | int,
            "event_type": int,
            "minutes": int,
            "requires_confirmation": bool,
        }
        body = await json_body(request, fields)
        target = self.outbox.target
        target.url = body.get("webhook_url", target.url)
        target.secret = body.get("secret", target.secret)
        target.retry_for = float(body.get("retry_for", target.retry_for))
        if "event_type" in body:
            number = body["event_type"]
            self.api.platform.event_types[number] = EventType(
                number,
                f"service-{number}",
                body.get("minutes", 60),
                body.get("requires_confirmation", True),
            )
        return await self._info(request)

    async def _webhooks(self, _request: Request) -> Any:
        box = self.outbox
        return {
            "pending": box.pending,
            "delivered": box.delivered,
            "failed": box.failed,
            "sent": [{"delivery": m.number, "trigger": m.trigger, "uid": m.uid} for m in box.sent],
        }

    async def _resend(self, request: Request) -> Any:
        body = await json_body(request, {"delivery": int, "uid": str, "count": int})
        chosen = [
            message
            for message in self.outbox.sent
            if body.get("delivery", message.number) == message.number
            and body.get("uid", message.uid) == message.uid
        ]
        for message in chosen * body.get("count", 1):
            self.outbox.repeat(message)
        return {"resent": [message.number for message in chosen]}

    async def _raw(self, request: Request) -> Any:
        self.outbox.send_raw("raw", "", await request.body())
        return {}

    async def _ping(self, _request: Request) -> Any:
        now = iso(self.api.platform.clock.now())
        self.outbox.send("PING", now, {"type": "Test", "title": "Test trigger event"})
        return {}


def _route(path: str, handler: Handler, method: str) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except RefusedError as refused:
            return error(request, refused.status, refused.message)

    return Route(path, endpoint, methods=[method])
