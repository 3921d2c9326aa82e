"""Looking for what a missed delivery would have said: the platform's own list of changes."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from ..api.connectors import Page, PlatformError
from ..store.bookings import LIVE
from ..store.models import MetaRow
from .absence import as_gone, tell_gone
from .accounts import Account
from .installation import Installation
from .listed import take_listed, tell_unreadable
from .look_again import look_later
from .observe import Look, observe
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: More pages than any clinic's week fills; a connector that turns in circles ends here.
MAX_PAGES = 500


def reconcile(installation: Installation, account_name: str) -> None:
    """Take in every booking that changed since the cursor of the last look. A platform that does
    not answer is asked again at the next look, from where the last page ended."""
    account = installation.accounts.get(account_name)
    if account is None or not account.can("changes"):
        return
    cursor = _cursor(installation, account)
    for _ in range(MAX_PAGES):
        looked_at = installation.clock.now()
        try:
            page = account.connector.changes(cursor, looked_at)
        except PlatformError as error:
            log.warning("reconciling failed", account=account.name, error=error.message)
            _tell(installation, account, error)
            return
        take_listed(installation, account, page.items, Look(looked_at=looked_at), "reconcile")
        for ref in page.unreadable:
            tell_unreadable(installation, account, ref)
        _gone(installation, account, page.gone, Look(looked_at=looked_at))
        _keep(installation, account, page)
        if not page.more or page.cursor == cursor:
            break
        cursor = page.cursor


def _gone(installation: Installation, account: Account, refs: Sequence[str], look: Look) -> None:
    """What the list says is no longer there is looked for once more, where that can be."""
    for ref in refs:
        with installation.write() as record:
            row = record.bookings.by_ref(account.name, ref)
            if row is None or row.platform_status not in LIVE:
                continue
            if account.can("fetch"):
                look_later(record, account, ref, "requested", absent=True)
                continue
            ended = as_gone(record, account, ref, None)
            assert ended is not None, "it is on record"
            observe(installation, record, account, ended, look, "reconcile")
            tell_gone(record, row.id, stood=True, called_off=False)


def _cursor(installation: Installation, account: Account) -> str | None:
    with installation.store.read() as session:
        row = session.get(MetaRow, (installation.clinic, f"cursor:{account.name}"))
    return row.value if row is not None else None


def _keep(installation: Installation, account: Account, page: Page) -> None:
    with installation.write() as record:
        if page.cursor is not None:
            name = f"cursor:{account.name}"
            record.session.merge(MetaRow(clinic=installation.clinic, name=name, value=page.cursor))
        record.tasks.close((TaskKind.PLATFORM_SILENT, account.name))


def _tell(installation: Installation, account: Account, error: PlatformError) -> None:
    if error.permanent:
        with installation.write() as record:
            ask(
                record,
                TaskKind.PLATFORM_SILENT,
                account.name,
                account=account.name,
                said=error.message,
            )
