"""``POST /webhooks/{account}``: verify, store durably, answer 202. Nothing else happens here."""

from __future__ import annotations

from typing import Any

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...api.connectors import BadPayloadError, BadSignatureError, StaleDeliveryError
from ...desk.accounts import Account
from ...desk.installation import Installation
from ...desk.receive import Received, receive
from ...domain.describe import describe
from ...hooks.platform_answers import ConnectorFaultError
from ...store.inbox import Inbox, InboxClosedError, Receipt
from ...store.record import Work
from .bodies import read_body
from .problems import ProblemError, problem

log = structlog.get_logger(__name__)
DELIVERIES = "deliveries"
#: By status, why a delivery was not taken.
_REFUSED = {
    400: "not understood",
    401: "signature",
    404: "no such account",
    408: "too slow",
    413: "too large",
    503: "not stored",
}


async def webhook(request: Request) -> Response:
    """One delivery. 401: signature; 404: account; 413: size; 400: shape; 503: cannot store."""
    installation: Installation = request.app.state.worker.installation
    account = installation.accounts.get(request.path_params["account"])
    name = account.name if account is not None else "unknown"
    try:
        if account is None:
            raise ProblemError(404, "There is no account of that name.")
        receipt, answer = await _take(request, installation, account)
    except ProblemError as error:
        installation.counts.add(DELIVERIES, account=name, result=_REFUSED[error.status])
        return problem(error.status, error.detail, error.errors, error.headers)
    result = "duplicate" if receipt.duplicate else "received"
    installation.counts.add(DELIVERIES, account=name, result=result)
    return answer


async def _take(
    request: Request, installation: Installation, account: Account
) -> tuple[Receipt, Response]:
    raw = await read_body(request, installation.settings.max_body)
    now = installation.clock.now()
    headers = dict(request.headers.items())
    received = _receive(account, headers, raw, _address(request), now)
    inbox: Inbox = request.app.state.worker.inbox
    delivery = received.delivery
    try:
        receipt = await inbox.store(
            installation.clinic, account.name, delivery.key, raw, now, delivery.signed_at
        )
    except InboxClosedError:
        raise ProblemError(503, "The service is stopping; send again.") from None
    except Exception as error:  # noqa: BLE001 - not stored, so not 202: the platform sends again
        log.error("a delivery could not be stored", error=describe(error))
        raise ProblemError(503, "The delivery could not be stored; send again.") from None
    if receipt.duplicate:
        body = {"delivery": receipt.delivery, "duplicate": True}
        return receipt, JSONResponse(body, 202)
    if received.hints is not None:
        installation.parsed.keep(receipt.delivery, received.hints)
    work = Work("delivery", receipt.delivery, receipt.delivery, account.name)
    begin = BackgroundTask(_begin, installation, work)
    return receipt, JSONResponse({"delivery": receipt.delivery}, 202, background=begin)


def _begin(installation: Installation, work: Work) -> None:
    """Starting waits for the engine's database: hence on a thread, after the answer."""
    installation.start([work])


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


def _address(request: Request) -> str:
    """The address that the platform was given: some sign it."""
    public = request.app.state.settings.public_url.rstrip("/")
    path = str(request.scope["path"])
    if public:
        return f"{public}{path}"
    host, query = request.headers.get("host", ""), request.scope["query_string"].decode("latin-1")
    scheme = str(request.scope["scheme"])
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
