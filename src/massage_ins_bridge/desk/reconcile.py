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
from .look_again import look_later, read_soon
from .missing import gone_for_good
from .observe import Look, observe
from .tasks import TaskKind, ask
from .trouble import note_trouble, trouble_is_over

log = structlog.get_logger(__name__)
#: More pages than any clinic's week fills; a connector that turns in circles ends here.
MAX_PAGES = 500


def reconcile(installation: Installation, account_name: str) -> PlatformError | None:
    """Take in every booking that changed since the cursor of the last look, or return what the
    platform answered instead: it is asked again at the next look, from where the last page
    ended."""
    account = installation.accounts.get(account_name)
    if account is None or not account.can("changes"):
        return None
    cursor = _cursor(installation, account)
    for _ in range(MAX_PAGES):
        looked_at = installation.clock.now()
        try:
            page = account.connector.changes(cursor, looked_at)
        except PlatformError as error:
            log.warning("reconciling failed", account=account.name, error=error.message)
            _tell(installation, account, error)
            return error
        take_listed(installation, account, page.items, Look(looked_at=looked_at), "reconcile")
        for ref in page.unreadable:
            tell_unreadable(installation, account, ref, page.reasons.get(ref))
        gone = list(page.gone)
        if page.shown is not None:
            gone += gone_for_good(installation, account, page.shown, looked_at)
        _gone(installation, account, gone, Look(looked_at=looked_at))
        _missing(installation, account, page)
        _keep(installation, account, page)
        if not page.more or page.cursor == cursor:
            break
        cursor = page.cursor
    return None


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


def _missing(installation: Installation, account: Account, page: Page) -> None:
    """What the list should show and does not is read by itself: that alone says nothing of it."""
    if not (page.whole or page.whole_since):
        return
    with installation.write() as record:
        record.lock()
        refs: list[str] = []
        if page.whole:
            whole, seen = frozenset(page.whole), {b.ref for b in page.items} | {*page.gone}
            of_those = record.looks.to_come(account.name, LIVE)
            refs = [r for r in of_those if r not in seen and r.partition("#")[0] in whole]
        if page.whole_since is not None:
            refs += record.looks.not_seen_since(account.name, page.whole_since, LIVE)
        for ref in dict.fromkeys(refs):
            read_soon(record, account, ref)


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
        trouble_is_over(record, account.name)


def _tell(installation: Installation, account: Account, error: PlatformError) -> None:
    with installation.write() as record:
        note_trouble(record, account.name, error)
        if error.permanent:
            ask(
                record,
                TaskKind.PLATFORM_SILENT,
                account.name,
                account=account.name,
                said=error.message,
            )
