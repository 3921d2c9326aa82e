"""A try at a write that failed: when the next one is due, and what staff hears of it.

A platform that is told has a schedule of its own, that of its connector. Its trouble is one for the
account, not one for each booking.
"""

from __future__ import annotations

import random
from datetime import timedelta

import structlog

from ..api.connectors import PlatformError, PlatformRefusedError
from ..store.models import BookingRow, WriteRow
from ..store.record import Record
from ..store.writes import PLATFORM
from .accounts import Account
from .give_back import GIVE_BACK
from .installation import Installation
from .tasks import TaskKind, ask
from .trouble import MAX_SAID, note_trouble

log = structlog.get_logger(__name__)
#: After how many failed tries staff is told, and after how many lasting errors the write is staff's
#: alone. Until then, and for whatever may pass, the bridge goes on trying.
TELL_AFTER, GIVE_UP_AFTER = 3, 12
#: After how many failed tries an account that is told counts as in trouble.
TROUBLE_AFTER = 2
#: Refusals that end once a key, a right or an address is mended.
_CURABLE = (401, 402, 403, 405, 407)
#: The receiver wants nothing more, and says so.
_GONE = 410
MAX_PAUSE = timedelta(minutes=15)
#: How much longer than scheduled a pause may be: what failed at one moment does not come at one.
JITTER = 0.1


def failed(
    installation: Installation,
    write: WriteRow,
    number: int,
    why: str,
    error: PlatformError | None = None,
) -> timedelta | None:
    """Note that the try of that number failed; how long until the next one. ``None``: none is due,
    and it is staff's until it is wanted anew."""
    account = installation.accounts.get(write.account)
    told = account is not None and account.can("tell")
    pause = _scheduled(account, number, error) if account and told else _pause(number, error)
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is None or kept.state != "queued":
            return None
        kept.detail = why[:500]
        if pause is None:
            kept.state, kept.done_at = "failed", record.now
        if told:
            _log(record, kept, number, why, error, pause)
        permanent = error is not None and error.permanent
        by_itself = told and pause is not None  # the account's trouble says it
        tell = pause is None or permanent or number >= TELL_AFTER
        if tell and kept.channel == PLATFORM and not by_itself:
            rest = "The bridge goes on trying." if pause else "Do it there yourself."
            row = record.session.get_one(BookingRow, kept.subject)
            verb = "cancel" if kept.kind == GIVE_BACK else kept.kind
            ask(record, TaskKind.NOT_WRITTEN, kept.id, about=row, verb=verb, why=why, rest=rest)
    log.warning("not written", write=write.id, lasting=pause is None)
    return pause


def _pause(number: int, error: PlatformError | None) -> timedelta | None:
    """Later each time; a lasting refusal is tried a few times, and then no more."""
    permanent = error is not None and error.permanent
    refused = isinstance(error, PlatformRefusedError) and error.status not in _CURABLE
    if permanent and number >= (2 if refused else GIVE_UP_AFTER):
        return None
    wait = timedelta(seconds=5 * 3 ** min(number, 6))
    return max(_asked(error), min(MAX_PAUSE, wait))


def _scheduled(account: Account, number: int, error: PlatformError | None) -> timedelta | None:
    """As the connector's schedule says, a little later."""
    schedule = account.connector.retries
    if not schedule:
        return _pause(number, error)
    if number > len(schedule) or (error is not None and error.status == _GONE):
        return None
    wait = schedule[number - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311 - jitter is no secret
    return max(_asked(error), timedelta(seconds=wait))


def _asked(error: PlatformError | None) -> timedelta:
    """How long the platform asks us to wait."""
    return timedelta(seconds=(error.retry_after or 0.0) if error is not None else 0.0)


def _log(
    record: Record,
    write: WriteRow,
    number: int,
    why: str,
    error: PlatformError | None,
    pause: timedelta | None,
) -> None:
    status = error.status if error is not None else None
    next_at = record.now + pause if pause is not None else None
    record.tries.add(write.id, taken=False, status=status, said=why, next_at=next_at)
    if number >= TROUBLE_AFTER or pause is None or (error is not None and error.permanent):
        note_trouble(record, write.account, error or PlatformError(why))
        ask(record, TaskKind.NOT_TOLD, write.account, account=write.account, said=why[:MAX_SAID])
