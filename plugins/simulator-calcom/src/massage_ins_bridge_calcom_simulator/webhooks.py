"""Webhooks of the key's user, in the API: apps/api/v2/src/modules/webhooks/controllers/
webhooks.controller.ts for the routes, ../inputs/webhook.input.ts for what they take."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.routing import Route

from .bodies import Fields, json_body
from .outbox import TRIGGERS, Target
from .platform import Actor, Platform, RefusedError
from .shown import webhook_in_api

#: Triggers of Cal.com's that this simulation does not send.
_MORE = ("BOOKING_PAID", "BOOKING_PAYMENT_INITIATED", "MEETING_STARTED", "MEETING_ENDED")
_FIELDS: Fields = {
    "active": bool,
    "subscriberUrl": str,
    "triggers": list,
    "secret": str | NoneType,
    "payloadTemplate": str | NoneType,
}
_REQUIRED = ("active", "subscriberUrl", "triggers")


class MakeRoute(Protocol):
    """Makes a route of the API."""

    def __call__(
        self,
        path: str,
        action: str,
        handler: Callable[[Request, Actor], Awaitable[Any]],
        method: str,
        version: str | None,
    ) -> Route: ...


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of one platform."""

    platform: Platform

    def routes(self, route: MakeRoute) -> list[Route]:
        """All routes of webhooks."""
        one = "/v2/webhooks/{webhook}"
        return [
            route("/v2/webhooks", "webhooks", self._list, "GET", None),
            route("/v2/webhooks", "webhook-create", self._create, "POST", None),
            route(one, "webhook", self._get, "GET", None),
            route(one, "webhook-update", self._update, "PATCH", None),
            route(one, "webhook-delete", self._delete, "DELETE", None),
        ]

    def _known(self) -> list[Target]:
        return [one for one in self.platform.teller.outbox.targets() if one.url]

    def _named(self, request: Request) -> Target:
        for one in self._known():
            if one.id == request.path_params["webhook"]:
                return one
        raise RefusedError(404, f"Webhook ({request.path_params['webhook']}) not found")

    async def _list(self, _request: Request, _actor: Actor) -> Any:
        return [webhook_in_api(one) for one in self._known()]

    async def _get(self, request: Request, _actor: Actor) -> Any:
        return webhook_in_api(self._named(request))

    async def _create(self, request: Request, _actor: Actor) -> Any:
        """One for each address of a user: ``createUserWebhook`` in ../services/
        user-webhooks.service.ts."""
        body = await json_body(request, _FIELDS)
        for name in _REQUIRED:
            if name not in body:
                raise RefusedError(400, f"{name} is missing")
        self._check(body)
        if any(one.url == body["subscriberUrl"] for one in self._known()):
            raise RefusedError(409, "Webhook with this subscriber url already exists for this user")
        outbox = self.platform.teller.outbox
        made = outbox.target
        if made.url or made.secret:  # it is the one that the controls set
            made = Target(None, None, made.retry_for, id=str(uuid.uuid4()))
            outbox.others.append(made)
        _lay(made, {"secret": None, "payloadTemplate": None, **body})
        return webhook_in_api(made)

    async def _update(self, request: Request, _actor: Actor) -> Any:
        known = self._named(request)
        body = await json_body(request, _FIELDS)
        self._check(body)
        _lay(known, body)
        return webhook_in_api(known)

    async def _delete(self, request: Request, _actor: Actor) -> Any:
        known = self._named(request)
        shown = webhook_in_api(known)
        known.url = None
        outbox = self.platform.teller.outbox
        outbox.others = [one for one in outbox.others if one.url]
        return shown

    def _check(self, body: Mapping[str, Any]) -> None:
        for trigger in body.get("triggers", ()):
            if trigger not in (*TRIGGERS, *_MORE):
                raise RefusedError(400, "each value in triggers must be one of the known triggers")
        url = body.get("subscriberUrl")
        if url is not None and "webhook-public" in self.platform.ways and not _is_public(url):
            raise RefusedError(
                400, "Webhook URL is not allowed: only HTTPS URLs to public hosts are permitted"
            )


def _is_public(url: str) -> bool:
    """``validateUrlForSSRFSync``, which looks up no name."""
    found = urlsplit(url)
    host = found.hostname or ""
    if found.scheme != "https" or host in ("", "localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def _lay(target: Target, body: Mapping[str, Any]) -> None:
    names = {"subscriberUrl": "url", "payloadTemplate": "template", "triggers": "triggers"}
    for name, value in body.items():
        setattr(target, names.get(name, name), tuple(value) if name == "triggers" else value)
