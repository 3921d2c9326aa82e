"""What a platform that has no list of changes does not show any more.

A feed may be cut short, made anew, or forget. So a booking counts as gone only after it was missing
for a while from answers that were whole. Where much is missing at once all of it stands, until a
person has looked and says that it is called off.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b

import structlog

from ..api.connectors import Shown
from ..store.bookings import LIVE
from ..store.record import Record
from .accounts import Account
from .installation import Installation
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: For how long a booking is missing before it is believed.
BELIEVED_AFTER = timedelta(hours=1)
#: So few may be missing at once, however few there are; of more, no more than half.
FEW = 2


def gone_for_good(
    installation: Installation, account: Account, shown: Shown, looked_at: datetime
) -> list[str]:
    """The refs of bookings on record that the list lacks, and has lacked long enough. The others
    that it lacks are remembered, and what is there again is forgotten."""
    with installation.write() as record:
        record.lock()
        begin = max(shown.begin, record.now)
        known = record.looks.to_begin(account.name, LIVE, begin, shown.end)
        missing = [ref for ref in known if not _is_shown(ref, shown)]
        matter = (TaskKind.BOOKINGS_MISSING, account.name)
        if len(missing) <= FEW or len(missing) * 2 <= len(known):
            record.tasks.close(matter)
        elif not record.tasks.is_finished(*matter):
            _tell(record, account, len(missing), len(known))
            missing = []
        return _long_enough(record, account, missing, looked_at)


def _is_shown(ref: str, shown: Shown) -> bool:
    return ref in shown.refs or ref in shown.unsure or ref.rpartition("#")[0] in shown.unsure


def _long_enough(
    record: Record, account: Account, missing: Collection[str], looked_at: datetime
) -> list[str]:
    names = {_name(account, ref): ref for ref in missing}
    since = record.looks.missing_since(f"missing:{account.name}:")
    record.looks.forget_missing(since.keys() - names.keys())
    for name in names.keys() - since.keys():
        record.looks.note_missing(name, looked_at)
    return [
        ref
        for name, ref in names.items()
        if name in since and looked_at - since[name] >= BELIEVED_AFTER
    ]


def _tell(record: Record, account: Account, missing: int, known: int) -> None:
    log.warning("much is missing at once", account=account.name, missing=missing, known=known)
    ask(
        record,
        TaskKind.BOOKINGS_MISSING,
        account.name,
        account=account.name,
        missing=missing,
        stood=known,
    )


def _name(account: Account, ref: str) -> str:
    return f"missing:{account.name}:{blake2b(ref.encode(), digest_size=16).hexdigest()}"
