"""``POST /webhooks/{account}``: verify, store durably, answer 202. Nothing else happens here."""

from __future__ import annotations

from datetime import datetime

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..api.connectors import (
    BadPayloadError,
    BadSignatureError,
    Delivery,
    StaleDeliveryError,
)
from ..store.inbox import InboxClosedError
from ..workflows.faults import describe
from ..workflows.service import Account
from ..workflows.worker import Worker
from .bodies import read_body
from .problems import ProblemError, problem

log = structlog.get_logger(__name__)


async def receive(request: Request) -> Response:
    """One delivery. 401: signature; 404: account; 413: size; 400: shape; 503: cannot store."""
    try:
        return await _receive(request)
    except ProblemError as error:
        return problem(error.status, error.detail, error.errors, error.headers)


async def _receive(request: Request) -> Response:
    worker: Worker = request.app.state.worker
    service = worker.service
    account = service.accounts.get(request.path_params["account"])
    if account is None:
        raise ProblemError(404, "There is no account of that name.")
    raw = await read_body(request, service.settings.max_body)
    now = service.clock.now()
    delivery = _verify(request, account, raw, now)
    worker.runner.receiving += 1
    try:
        receipt = await worker.inbox.store(
            service.clinic, account.settings.name, delivery.key, raw, now, delivery.signed_at
        )
    except InboxClosedError:
        raise ProblemError(503, "The service is stopping; send again.") from None
    except Exception as error:  # noqa: BLE001 - not stored, so not 202: the platform sends again
        log.error("a delivery could not be stored", error=describe(error))
        raise ProblemError(503, "The delivery could not be stored; send again.") from None
    finally:
        worker.runner.receiving -= 1
    body: dict[str, object] = {"delivery": receipt.delivery}
    if receipt.duplicate:
        body["duplicate"] = True
    else:
        service.on_work("intake", receipt.delivery)
    return JSONResponse(body, 202)


def _verify(request: Request, account: Account, raw: bytes, now: datetime) -> Delivery:
    headers = dict(request.headers.items())
    try:
        delivery = account.connector.verify(headers, raw, _address(request), now)
        if not getattr(account.connector, "verify_reads_all", False):
            _look(account, raw)
    except BadSignatureError as error:
        raise ProblemError(401, _say(error, "The signature is missing or wrong.")) from None
    except StaleDeliveryError as error:
        raise ProblemError(401, _say(error, "The delivery was signed too long ago.")) from None
    except BadPayloadError as error:
        raise ProblemError(400, _say(error, "The body is not what this platform sends.")) from None
    return delivery


def _look(account: Account, raw: bytes) -> None:
    """Refuse what the platform does not send. A fault of the connector's own is no reason to
    refuse: the delivery is kept, and intake makes a task of it."""
    try:
        account.connector.parse(raw)
    except BadPayloadError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        log.error("connector failed to parse", error=describe(error))


def _say(error: Exception, otherwise: str) -> str:
    return str(error) or otherwise


def _address(request: Request) -> str:
    """The address that the platform was given: some sign it."""
    public = request.app.state.settings.public_url.rstrip("/")
    path = str(request.scope["path"])
    if public:
        return f"{public}{path}"
    host, query = request.headers.get("host", ""), request.scope["query_string"].decode("latin-1")
    scheme = str(request.scope["scheme"])
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
