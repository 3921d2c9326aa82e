"""Deliveries that a silent platform keeps waiting: what they told is filed, and is to be read."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from ..domain.describe import describe
from ..store.models import DeliveryRow
from .installation import Installation
from .platform_state import TOLD_AFTER, Try
from .take_in import take_in, told_in

log = structlog.get_logger(__name__)
#: How many are filed at one time, and the seconds until it is looked again for more.
MOST, AGAIN_AFTER = 500, 10.0
#: Seconds without any answer that are silence.
SILENT = 1.0


def file_told(installation: Installation, account_name: str) -> float | None:
    """File what the waiting deliveries of an account told, where its platform is silent. One that
    answers is only asked for much, and soon through with it. Returns the seconds until it is to be
    looked again; ``None`` where nothing waits."""
    account = installation.accounts.get(account_name)
    if account is None:
        return None
    waiting = _waiting(installation, account_name)
    if not waiting:
        return None
    if account.connector.silent_for < SILENT:
        return TOLD_AFTER.total_seconds()
    for delivery_id in waiting:
        try:
            left = told_in(installation, delivery_id)
        except Exception as error:  # noqa: BLE001 - whoever takes it in tells of it
            log.warning("a delivery could not be read", item=delivery_id, error=describe(error))
            continue
        if left is not None and left.total_seconds() <= 0:
            take_in(installation, delivery_id, Try(told=True))
    return AGAIN_AFTER


def _waiting(installation: Installation, account: str) -> list[str]:
    old = installation.clock.now() - TOLD_AFTER
    query = (
        select(DeliveryRow.id)
        .where(
            DeliveryRow.account == account,
            DeliveryRow.done_at.is_(None),
            DeliveryRow.raw_sealed.is_not(None),
            DeliveryRow.received_at <= old,
        )
        .order_by(DeliveryRow.received_at.desc())
        .limit(MOST)
    )
    with installation.store.read() as session:
        return list(session.scalars(query))
