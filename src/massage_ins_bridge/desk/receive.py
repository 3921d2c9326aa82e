"""A delivery at the door: what it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from ..api.connectors import Delivery, Hint
from ..hooks.platform_answers import ConnectorFaultError
from .accounts import Account

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """A verified delivery. ``hints`` is what it says; ``None`` where the connector failed to read
    it, which is no reason to refuse it."""

    delivery: Delivery
    hints: Sequence[Hint] | None


def receive(
    account: Account, headers: Mapping[str, str], raw: bytes, url: str, now: datetime
) -> Received:
    """Verify a delivery (header names in lower case) and read it, once.

    Raises ``BadSignatureError``, ``StaleDeliveryError`` and ``BadPayloadError`` as the connector
    does, and ``ConnectorFaultError`` where it could not even verify.
    """
    delivery = account.connector.verify(headers, raw, url, now)
    try:
        return Received(delivery, account.connector.parse(raw))
    except ConnectorFaultError as error:
        log.error("connector failed to parse", account=account.name, error=error.message)
        return Received(delivery, None)
