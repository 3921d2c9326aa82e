"""The controls under ``/_standin/``: play the client, the owner and the bad day."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .api import Api, error
from .bodies import Fields, json_body
from .booking_page import Wish, book
from .bookings import Attendee, Booking, EventType
from .faults import Fault
from .moments import moment
from .outbox import TRIGGERS, Outbox
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
    "guests": list,
    "host": int,
}
_WEBHOOK_FIELDS: Fields = {
    "webhook_url": str,
    "secret": str,
    "retry_for": float | int,
    "triggers": list,
    "active": bool,
    "template": str,
    "holding": bool,
}
_TYPE_FIELDS: Fields = {
    "event_type": int,
    "slug": str,
    "minutes": int,
    "requires_confirmation": bool,
    "within": int,
    "blocks_slot": bool,
    "seats": int,
    "seats_show_attendees": bool,
    "owner": int,
    "parent": int,
    "team": bool,
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
                for verb in ("reschedule", "cancel", "ask-to-move", "no-show", "accept", "reject")
            ),
            _route("/_standin/event-types/{number:int}", self._delete_type, "DELETE"),
            _route("/_standin/replica", self._catch_up, "POST"),
            _route("/_standin/journal", self._journal, "GET"),
            _route("/_standin/faults", self._faults, "GET"),
            _route("/_standin/faults", self._add_fault, "POST"),
            _route("/_standin/faults", self._clear_faults, "DELETE"),
            _route("/_standin/settings", self._settings, "POST"),
            _route("/_standin/webhooks", self._webhooks, "GET"),
            _route("/_standin/webhooks", self._forget_webhooks, "DELETE"),
            _route("/_standin/webhooks/release", self._release, "POST"),
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
        return [self._shown(booking) for booking in self.api.platform.bookings.values()]

    async def _create(self, request: Request) -> Any:
        body = await json_body(request, _BOOKING_FIELDS)
        email = body.get("email", "patient@example.com")
        booker = Attendee(body.get("name", "Test Patient"), email, body.get("phone"))
        wish = Wish(
            event_type=body.get("event_type") or next(iter(self.api.platform.event_types)),
            start=moment(body.get("start")),
            booker=booker,
            guests=tuple(map(str, body.get("guests", ()))),
            answers=body.get("answers", {}),
            occurrences=body.get("occurrences", 1),
            uid=body.get("uid"),
            host=body.get("host"),
        )
        made = [self._shown(one) for one in book(self.api.platform, wish, Actor(email))]
        return made if len(made) > 1 else made[0]

    async def _forget(self, request: Request) -> Any:
        self.api.platform.forget(request.path_params["uid"], Actor("owner"))
        return {}

    async def _act(self, verb: str, request: Request) -> Any:
        fields: Fields = {"start": str, "reason": str, "by": str, "absent": bool, "who": str}
        body = await json_body(request, fields)
        platform, uid = self.api.platform, request.path_params["uid"]
        booker = platform.find(uid).booker.email
        owner, who = Actor("owner"), Actor(body.get("by", booker))
        reason = body.get("reason", "")
        match verb:
            case "reschedule":
                found = platform.reschedule(uid, moment(body.get("start")), who, reason)
            case "cancel":
                found = await platform.cancel(uid, reason, who)
            case "ask-to-move":
                found = platform.ask_to_move(uid, reason, owner)
            case "no-show":
                marks = {body.get("who", booker): body.get("absent", True)}
                found = platform.mark_absent(uid, marks, owner)
            case "accept":
                found = platform.confirm(uid, owner)
            case _:
                found = platform.decline(uid, reason, owner)
        return self._shown(found)

    def _shown(self, booking: Booking) -> dict[str, Any]:
        """The booking as it is: the controls hide nothing."""
        return self.api.platform.shown(booking, listed=True)

    async def _delete_type(self, request: Request) -> Any:
        self.api.platform.delete_event_type(request.path_params["number"])
        return await self._info(request)

    async def _catch_up(self, request: Request) -> Any:
        """The copy that reads come from has caught up; with ``lag``, by how many reads it lags
        from now on."""
        body = await json_body(request, {"lag": int})
        replica = self.api.platform.replica
        replica.lag = body.get("lag", replica.lag)
        replica.catch_up()
        return {"lag": replica.lag}

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
        body = await json_body(request, {**_WEBHOOK_FIELDS, **_TYPE_FIELDS, "now": str})
        if "now" in body:
            self.api.platform.clock.set(moment(body["now"]))
        self._set_webhook(body)
        if "event_type" in body:
            self._set_type(body)
        return await self._info(request)

    def _set_webhook(self, body: dict[str, Any]) -> None:
        target, box = self.outbox.target, self.outbox
        target.url = body.get("webhook_url", target.url)
        target.secret = body.get("secret", target.secret)
        target.retry_for = float(body.get("retry_for", target.retry_for))
        target.triggers = tuple(body.get("triggers", target.triggers))
        target.active = body.get("active", target.active)
        target.template = body.get("template", target.template)
        if unknown := set(target.triggers) - set(TRIGGERS):
            raise RefusedError(400, f"{unknown.pop()!r} is no trigger of this simulation")
        box.holding = body.get("holding", box.holding)

    def _set_type(self, body: dict[str, Any]) -> None:
        number = body["event_type"]
        known = {k: v for k, v in body.items() if k in _TYPE_FIELDS and k != "event_type"}
        old = self.api.platform.event_types.get(number)
        new = old or EventType(number, f"service-{number}")
        self.api.platform.event_types[number] = dataclasses.replace(new, **known)

    async def _webhooks(self, _request: Request) -> Any:
        box = self.outbox
        return {
            "pending": box.pending,
            "delivered": box.delivered,
            "failed": box.failed,
            "sent": [{"delivery": m.number, "trigger": m.trigger, "uid": m.uid} for m in box.sent],
        }

    async def _forget_webhooks(self, request: Request) -> Any:
        """All but the one that the controls set."""
        self.outbox.others.clear()
        return await self._webhooks(request)

    async def _release(self, request: Request) -> Any:
        body = await json_body(request, {"trigger": str, "uid": str})
        free = self.outbox.release(body.get("trigger"), body.get("uid"))
        return {"released": [message.number for message in free]}

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
        said = {"type": "Test", "title": "Test trigger event"}
        self.outbox.send("PING", "", lambda: said)
        return {}


def _route(path: str, handler: Handler, method: str) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except RefusedError as refused:
            return error(request, refused.status, refused.message)

    return Route(path, endpoint, methods=[method])
