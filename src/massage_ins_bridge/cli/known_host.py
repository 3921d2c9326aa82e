"""The host with what the record knows of its plugins, for commands that only look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .host import host_and_clinic

if TYPE_CHECKING:
    from ..desk.plugin_faults import Fault
    from ..hooks.host import Host
    from ..settings import Settings
    from ..store.record import Record


@dataclass(frozen=True, slots=True)
class KnownHost:
    """``faults``: what went wrong last with the plugin that was asked about, newest first;
    ``changed``: what is otherwise with plugins than when the service was started."""

    host: Host
    faults: tuple[Fault, ...] = ()
    changed: tuple[str, ...] = ()


def known_host(config: Path | None, plugin: str | None = None) -> KnownHost:
    """The host; where there is a database of this release's shape, with what it knows of plugins
    that were here before. Nothing is changed. Raises as ``host_and_clinic``."""
    host, _ = host_and_clinic(config)
    from ..settings import StartError, load_settings

    try:
        settings = load_settings(config)
        with _record(settings) as record:
            if record is None:
                return KnownHost(host)
            return _known(host, record, settings, plugin)
    except StartError:
        return KnownHost(host)  # what is wrong with the database is for ``doctor`` to say


def _known(host: Host, record: Record, settings: Settings, plugin: str | None) -> KnownHost:
    from ..desk.known_plugins import since_start
    from ..desk.plugin_faults import last_faults
    from ..hooks.remembered import remembered

    kept = record.known_plugins.all()
    host = host.remembering(remembered(name, text) for name, text in kept.items())
    faults = last_faults(record).get(plugin, ()) if plugin is not None else ()
    return KnownHost(host, faults, tuple(since_start(record, settings)))


@contextmanager
def _record(settings: Settings) -> Iterator[Record | None]:
    from sqlalchemy.exc import SQLAlchemyError

    from ..domain.clinic import DEFAULT_ZONE
    from ..settings import DEFAULT_CLINIC, StartError
    from ..store.database import DATA_FILE, open_store
    from ..store.migrate import current, head
    from ..store.record import Record

    if settings.database_url is None and not (settings.data_dir / DATA_FILE).exists():
        yield None
        return
    store = open_store(settings)
    try:
        with store.engine.connect() as connection:
            fits = current(connection) == head()
        if not fits:
            yield None
            return
        zone = settings.clinic_facts.timezone or DEFAULT_ZONE
        with store.read() as session:
            yield Record(session, store.vault, DEFAULT_CLINIC, datetime.now(UTC), zone)
    except SQLAlchemyError as error:
        raise StartError(str(error)) from None
    finally:
        store.close()
