"""The first look at an account: every booking to come, and those of 90 days back where the platform
shows them. Until it is complete the account only observes: what was not seen is not acted upon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ..api.connectors import Page, PlatformError
from ..store.bookings import LIVE
from ..store.look_rows import FirstLookRow
from ..store.record import Record
from .accounts import Account
from .errors import ConflictError, NotFoundError
from .going_live import mark_standing
from .installation import Installation
from .listed import take_listed, tell_unreadable
from .look_again import read_soon
from .looked import platform_of
from .observe import Look
from .tasks import TaskKind, ask
from .trouble import note_trouble, trouble_is_over

log = structlog.get_logger(__name__)
#: How far back bookings are asked for: they count as visits.
PAST = timedelta(days=90)
#: More pages than any clinic's calendar fills; a connector that turns in circles ends here.
MAX_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first look at an account is: how many bookings it has taken in, why it waits
    (empty where it goes on), and when it was complete."""

    account: str
    taken: int
    waits: str
    done_at: datetime | None

    @property
    def words(self) -> str:
        """For staff."""
        if self.done_at is not None:
            return f"all bookings were taken in ({self.taken})"
        so_far = f"{self.taken} bookings so far" if self.taken != 1 else "1 booking so far"
        waits = f"; {self.waits}" if self.waits else ""
        return f"its bookings are being taken in ({so_far}); it only observes until then{waits}"


def progress(record: Record, account: Account) -> Progress:
    """How far it is; not begun counts as nothing taken in."""
    row = record.looks.first(account.name)
    if row is None or row.platform != platform_of(account):
        return Progress(account.name, 0, _unable(account), None)
    waits = "" if row.done_at is not None else row.said or _unable(account)
    return Progress(account.name, row.taken, waits, row.done_at)


def all_progress(installation: Installation, record: Record) -> list[Progress]:
    """Of every account, in the order of the settings."""
    return [progress(record, account) for account in installation.accounts.values()]


def look_anew(record: Record, account: Account) -> None:
    """Have all bookings of the account taken in again (``sync --full``). Raises ``ConflictError``
    where its platform does not list them."""
    if not account.can("upcoming"):
        raise ConflictError(_CANNOT)
    record.looks.begin_first(account.name, platform_of(account))


def entered_by_hand(record: Record, account: Account) -> None:
    """Staff says that all standing bookings are on record, where the platform does not list them.
    Raises ``ConflictError`` where it does: then it is asked."""
    if account.can("upcoming"):
        raise ConflictError("This platform lists its bookings; have them taken in instead.")
    mark_standing(record, account)  # what is on record by now stood before
    record.looks.begin_first(account.name, platform_of(account)).done_at = record.now


def account_of(installation: Installation, name: str) -> Account:
    """Raises ``NotFoundError``."""
    if name not in installation.accounts:
        raise NotFoundError("account")
    return installation.accounts[name]


def first_look(
    installation: Installation, account_name: str, tell: Callable[[], object] = lambda: None
) -> None:
    """Take in what is left of the look, page by page; one page is one step that is not done again.
    A platform that does not answer is asked again from there by the next call. ``tell`` is called
    where there is another page."""
    account = installation.accounts.get(account_name)
    if account is None or not account.can("upcoming"):
        return
    with installation.exclusive.holding(f"first-look:{account_name}") as mine:
        if not mine:  # it is under way
            return
        place = _place(installation, account)
        for _ in range(MAX_PAGES):
            if place is None:
                return
            place = _page(installation, account, place)
            if place is not None:
                tell()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the next page begins, in the look that was wanted at that time."""

    wanted_at: datetime
    cursor: str | None


def _place(installation: Installation, account: Account) -> _Place | None:
    """Where to go on; ``None`` where nothing is left."""
    with installation.write() as record:
        row = record.looks.first(account.name)
        if row is None or row.platform != platform_of(account):
            row = record.looks.begin_first(account.name, platform_of(account))
        return None if row.done_at is not None else _Place(row.wanted_at, row.cursor)


def _page(installation: Installation, account: Account, place: _Place) -> _Place | None:
    looked_at = installation.clock.now()
    try:
        page = account.connector.upcoming(place.cursor, place.wanted_at - PAST)
    except PlatformError as error:
        log.warning("first look waits", account=account.name, error=error.message)
        with installation.write() as record:
            note_trouble(record, account.name, error)
            if (row := _still(record, account, place)) is not None:
                row.said = f"the platform says: {error.message}"[:500]
        return None
    wanted = [b for b in page.items if b.start > looked_at or b.status != "pending"]
    look = Look(looked_at=looked_at, first=True)
    take_listed(installation, account, wanted, look, "first-look")
    for ref in page.unreadable:
        tell_unreadable(installation, account, ref, page.reasons.get(ref))
    return _keep(installation, account, place, page)


def _keep(installation: Installation, account: Account, place: _Place, page: Page) -> _Place | None:
    with installation.write() as record:
        record.lock()  # nothing is decided meanwhile that would go by the account's observing
        row = _still(record, account, place)
        if row is None:  # it was asked for anew
            return None
        trouble_is_over(record, account.name)
        # a platform may list one booking on two of its pages
        row.taken, row.past = record.looks.seen_since(account.name, row.wanted_at)
        row.said = None
        if page.more:
            row.cursor = page.cursor
            return _Place(place.wanted_at, page.cursor)
        row.done_at, row.cursor = record.now, None
        _completed(record, account, row)
    log.info("first look complete", account=account.name, taken=row.taken)
    return None


def _completed(record: Record, account: Account, row: FirstLookRow) -> None:
    """What came while the account was looked at is decided again, now that it may be acted upon;
    what the look did not meet is looked for by itself."""
    for patient_id in record.looks.announced_since(account.name, row.wanted_at):
        record.wake(patient_id, "first-look")
    for ref in record.looks.not_seen_since(account.name, row.wanted_at, LIVE):
        read_soon(record, account, ref)
    if row.past:
        ask(
            record,
            TaskKind.PAST_TAKEN_IN,
            account.name,
            account=account.name,
            number=row.past,
        )


def _still(record: Record, account: Account, place: _Place) -> FirstLookRow | None:
    """The look, unless it was begun anew since."""
    row = record.looks.first(account.name)
    return row if row is not None and row.wanted_at == place.wanted_at else None


def _unable(account: Account) -> str:
    return "" if account.can("upcoming") else _CANNOT


_CANNOT = (
    "the platform does not list its bookings: enter those that stand, then say so with "
    "`mib sync ACCOUNT --entered-by-hand`"
)
