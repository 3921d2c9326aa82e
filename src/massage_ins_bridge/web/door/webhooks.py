"""``POST /webhooks/{account}``: verify, store durably, answer 202. Nothing else happens here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ...api.connectors import BadPayloadError, BadSignatureError, StaleDeliveryError
from ...desk.accounts import Account
from ...desk.counts import DELIVERIES, UNFIT
from ...desk.receive import Received, receive
from ...domain.describe import describe
from ...engine.worker import Worker
from ...hooks.platform_answers import ConnectorFaultError
from ...store.inbox import InboxClosedError, Receipt
from ...store.record import Work
from .bodies import receive_body
from .guard import HEADERS, guarded
from .problems import ProblemError, our_fault, problem

log = structlog.get_logger(__name__)
PATH = "/webhooks/"
_STORED, _REPEATED = b'{"delivery":"%s"}', b'{"delivery":"%s","duplicate":true}'
_ANSWER_HEADERS = ((b"content-type", b"application/json"), *HEADERS)
#: By status, why a delivery was not taken.
_REFUSED = {
    400: "not understood",
    401: UNFIT,
    404: "no such account",
    408: "too slow",
    413: "too large",
    503: "not stored",
}


class Webhooks:
    """Answers 401 for the signature, 404 for the account, 413 for the size, 400 for the shape, 503
    where nothing can be stored.

    A platform sends many deliveries at once and waits for each answer, so they come in past the
    layers that the other doors need, and what follows from those of one moment is begun at once.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._installation = worker.installation
        self._public = worker.installation.settings.public_url.rstrip("/")
        self._left: list[Work] = []
        self._beginning: asyncio.Task[None] | None = None

    @staticmethod
    def takes(scope: Scope) -> bool:
        """Whether a request is one to this door. Platforms follow no redirects: an address with a
        slash at its end is this door's, too."""
        return bool(
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"].startswith(PATH)
            and "/" not in _account_in(scope)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            receipt = await self._take(scope, receive)
        except ClientDisconnect:
            return
        except ProblemError as error:
            answer = problem(error.status, error.detail, error.errors, error.headers)
            await answer(scope, receive, guarded(send))
            return
        except Exception as error:  # noqa: BLE001 - the platform sends again
            await our_fault(error)(scope, receive, guarded(send))
            return
        body = (_REPEATED if receipt.duplicate else _STORED) % receipt.delivery.encode()
        length = (b"content-length", b"%d" % len(body))
        await send(
            {"type": "http.response.start", "status": 202, "headers": [length, *_ANSWER_HEADERS]}
        )
        await send({"type": "http.response.body", "body": body})

    async def _take(self, scope: Scope, receive: Receive) -> Receipt:
        installation = self._installation
        account = installation.accounts.get(_account_in(scope))
        name = account.name if account is not None else "unknown"
        try:
            if account is None:
                raise ProblemError(404, "There is no account of that name.")
            receipt = await self._store(account, scope, receive)
        except ProblemError as error:
            why = _REFUSED[error.status]
            installation.counts.add(DELIVERIES, account=name, result=why)
            installation.counts.note(DELIVERIES, installation.clock.now(), account=name, result=why)
            raise
        result = "duplicate" if receipt.duplicate else "received"
        installation.counts.add(DELIVERIES, account=name, result=result)
        return receipt

    async def _store(self, account: Account, scope: Scope, receive: Receive) -> Receipt:
        installation = self._installation
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        declared = headers.get("content-length", "")
        raw = await receive_body(receive, declared, installation.settings.max_body)
        now = installation.clock.now()
        received = _receive(account, headers, raw, self._address(scope, headers), now)
        delivery = received.delivery
        try:
            receipt = await self._worker.inbox.store(
                installation.clinic, account.name, delivery.key, raw, now, delivery.signed_at
            )
        except InboxClosedError:
            raise ProblemError(503, "The service is stopping; send again.") from None
        except Exception as error:  # noqa: BLE001 - not stored, so not 202: the platform sends again
            log.error("a delivery could not be stored", error=describe(error))
            raise ProblemError(503, "The delivery could not be stored; send again.") from None
        if not receipt.duplicate:
            if received.hints is not None:
                installation.parsed.keep(receipt.delivery, received.hints)
            self._begin(Work("delivery", receipt.delivery, receipt.delivery, account.name))
        return receipt

    def _begin(self, work: Work) -> None:
        """Have it started. That waits for the engine's database: hence on a thread."""
        self._left.append(work)
        if self._beginning is None:
            self._beginning = asyncio.create_task(self._begin_all())

    async def _begin_all(self) -> None:
        try:
            while self._left:
                works, self._left = self._left, []
                await asyncio.to_thread(self._installation.start, works)
        finally:
            self._beginning = None

    def _address(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """The address that the platform was given: some sign it."""
        path = str(scope["path"])
        if self._public:
            return f"{self._public}{path}"
        query = scope["query_string"].decode("latin-1")
        address = f"{scope['scheme']}://{headers.get('host', '')}{path}"
        return f"{address}?{query}" if query else address


def _account_in(scope: Scope) -> str:
    """The account's name as the address says it."""
    return str(scope["path"][len(PATH) :]).removesuffix("/")


def _receive(account: Account, headers: dict[str, str], *how: Any) -> Received:
    try:
        return receive(account, headers, *how)
    except BadSignatureError as error:
        raise ProblemError(401, str(error) or "The signature is missing or wrong.") from None
    except StaleDeliveryError as error:
        raise ProblemError(401, str(error) or "The delivery was signed too long ago.") from None
    except BadPayloadError as error:
        raise ProblemError(400, str(error) or "The body is not what this platform sends.") from None
    except ConnectorFaultError as error:
        log.error("connector failed to verify", account=account.name, error=error.message)
        raise ProblemError(503, "The account's connector failed; send again.") from None
