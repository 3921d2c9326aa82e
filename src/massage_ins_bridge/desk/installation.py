"""One running installation: everything that the desk works with, put together at the start."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from ..api.connectors import Hint
from ..domain.clinic import DEFAULT_ZONE
from ..hooks.configured import load_host
from ..hooks.host import Host
from ..hooks.remembered import remembered
from ..settings import DEFAULT_CLINIC, Settings
from ..store.changes import mark_changes
from ..store.database import Store, open_store
from ..store.key_check import keep_finder, refuse_other_key
from ..store.lock import DataFileLock
from ..store.migrate import upgrade
from ..store.names_held import Exclusive
from ..store.record import Record, Work
from ..store.restore import RUNS_FILE
from ..store.unit import R, by_id
from .accounts import Account, close_accounts, make_accounts
from .clock import Clock
from .counts import Counts
from .parsed import ParsedDeliveries


@dataclass(slots=True)
class Installation:
    """Settings, store, plugins, clock and accounts.

    ``start`` is given what a commit left to be done, once it is committed: the engine sets it.
    """

    settings: Settings
    store: Store
    host: Host
    clock: Clock
    accounts: Mapping[str, Account]
    clinic: str = DEFAULT_CLINIC
    lock: DataFileLock | None = None
    start: Callable[[Sequence[Work]], None] = field(default=lambda _work: None)
    parsed: ParsedDeliveries[Sequence[Hint]] = field(default_factory=ParsedDeliveries)
    counts: Counts = field(default_factory=Counts)
    #: Whether the clock was wrong at the last look at it (``desk.clock_check``).
    clock_wrong: bool = False
    #: Until when nobody asks the mail server, which failed at the last try.
    mail_rests_until: datetime | None = None
    exclusive: Exclusive = field(init=False)

    def __post_init__(self) -> None:
        self.exclusive = Exclusive(self.store.engine)

    @property
    def zone(self) -> str:
        """The clinic's zone, which decides what a day is."""
        return self.settings.clinic_facts.timezone or DEFAULT_ZONE

    @property
    def runs_file(self) -> Path | None:
        """Where the engine keeps its record; ``None`` on PostgreSQL, where it has a schema."""
        file = self.store.file
        return file.with_name(RUNS_FILE) if file is not None else None

    @contextlib.contextmanager
    def write(self, clinic: str | None = None, *, urgent: bool = False) -> Iterator[Record]:
        """One unit of work. Committed at the end, rolled back by any exception; what it leaves to
        be done is started after the commit. ``urgent`` as for ``Store.write``."""
        with self.store.write(urgent=urgent) as session:
            record = self._record(session, clinic)
            yield record
            mark_changes(record)
        if record.work:
            self.start(record.work)

    @contextlib.contextmanager
    def write_about(self, kind: type[R], row_id: str) -> Iterator[tuple[Record, R | None]]:
        """As ``write``, for the clinic of a row, which is kept from every other run until the
        commit; ``None`` where there is no such row."""
        with self.store.write() as session:
            row = by_id(session, kind, row_id, lock=True)
            record = self._record(session, row.clinic if row is not None else None)
            yield record, row
            mark_changes(record)
        if record.work:
            self.start(record.work)

    @contextlib.contextmanager
    def read(self, clinic: str | None = None) -> Iterator[Record]:
        """The record over a single snapshot; nothing of it is changed."""
        with self.store.read() as session:
            yield self._record(session, clinic)

    @contextlib.contextmanager
    def read_about(self, kind: type[R], row_id: str) -> Iterator[tuple[Record, R | None]]:
        """As ``read``, for the clinic of a row."""
        with self.store.read() as session:
            row = by_id(session, kind, row_id)
            yield self._record(session, row.clinic if row is not None else None), row

    def _record(self, session: Session, clinic: str | None) -> Record:
        clinic = clinic or self.clinic
        now, words = self.clock.now(), self.host.words
        return Record(session, self.store.vault, clinic, now, self.zone, words)

    def recall(self) -> None:
        """Let the host know the plugins that were here before."""
        with self.read() as record:
            self.host = _recalling(self.host, record)

    def load_anew(self, record: Record) -> None:
        """Load the host by the settings and the rule file as they are by now. Raises
        ``StartError``."""
        self.host = _recalling(load_host(self.settings), record)

    def close(self) -> None:
        """Let go of database and connections."""
        close_accounts(self.accounts)
        self.exclusive.close()
        self.store.close()
        if self.lock is not None:
            self.lock.give_back()


def _recalling(host: Host, record: Record) -> Host:
    kept = record.known_plugins.all()
    return host.remembering(remembered(name, text) for name, text in kept.items())


def build_installation(
    settings: Settings,
    clock: Clock,
    host: Host | None = None,
    connectors: Mapping[str, type] | None = None,
) -> Installation:
    """Open the database (migrating it), load the plugins and connect the accounts.

    ``connectors`` adds classes by name to those of the plugins. Raises ``StartError``.
    """
    host = host or load_host(settings)
    counts = Counts()
    accounts = make_accounts(settings, host, connectors or {}, counts)
    try:
        store = open_store(settings)
    except BaseException:
        close_accounts(accounts)
        raise
    lock = DataFileLock(store.file) if store.file is not None else None
    made = Installation(settings, store, host, clock, accounts, lock=lock, counts=counts)
    try:
        if lock is not None:
            lock.take()
        upgrade(store, made.zone)
        refuse_other_key(store.engine, store.vault)
        keep_finder(store.engine, store.vault)
        made.recall()
    except BaseException:
        made.close()
        raise
    return made


@contextlib.contextmanager
def desk_beside(settings: Settings, clock: Clock) -> Iterator[Installation]:
    """The same for a command that runs beside the service: it does not hold the data file, and what
    its commits leave to be done the service starts. Raises ``StartError``."""
    host = load_host(settings)
    accounts = make_accounts(settings, host, {})
    try:
        made = Installation(settings, open_store(settings), host, clock, accounts)
    except BaseException:
        close_accounts(accounts)
        raise
    try:
        upgrade(made.store, made.zone)
        refuse_other_key(made.store.engine, made.store.vault)
        keep_finder(made.store.engine, made.store.vault)
        made.recall()
        yield made
    finally:
        made.close()
