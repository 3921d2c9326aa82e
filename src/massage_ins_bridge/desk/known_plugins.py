"""Plugins that were here before: their payers are held by name, what they declared stays readable,
and their owner may let them be forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from ..domain.declared import NOTHING_DECLARED
from ..domain.payer import Payer
from ..hooks.configured import points_of
from ..hooks.host import Host
from ..hooks.loading import Plugin
from ..hooks.marks import mark_of
from ..hooks.remembered import Remembered
from ..settings import Settings
from ..store.models import MetaRow
from ..store.record import Record
from .errors import ConflictError, NotFoundError
from .installation import Installation

#: With a plugin's name behind it, by what the service went by at its last start: the plugin's
#: version and a hash of its files, or that it was off.
_START = "plugin-at-start:"
_OFF = "off"


def remember_plugins(installation: Installation) -> None:
    """At the start: keep what each plugin that is well says of itself, for the day on which it is
    not, and which plugins there are. Several processes may start at one moment."""
    with installation.write() as record:
        record.lock()
        keep_known(record, installation.host)
        note_start(record, installation.host)


def keep_known(record: Record, host: Host) -> None:
    """Keep what each plugin that is well says of itself."""
    kept = record.known_plugins.all()
    for said in _speaking(host):
        if kept.get(said.name) != (text := said.text()):
            record.known_plugins.keep(said.name, text)


def note_start(record: Record, host: Host, only: str = "") -> None:
    """Note which plugins the service goes by, as they are now, until its next start; of ``only``
    one where that one was switched meanwhile."""
    now = {p.name: _OFF if p.disabled else mark_of(p.point) for p in host.plugins if not p.gone}
    for row in _started(record):
        if row.name.removeprefix(_START) not in now and not only:
            record.session.delete(row)
    for name, state in now.items():
        if only not in ("", name):
            continue
        row = MetaRow(clinic=record.clinic, name=f"{_START}{name}"[:120], value=state)
        record.session.merge(row)


def since_start(record: Record, settings: Settings) -> Iterator[str]:
    """What is otherwise with plugins than when the service was started, each in a few words;
    nothing where it never was."""
    was = {row.name.removeprefix(_START): row.value for row in _started(record)}
    points = {point.name: point for point in points_of(settings)} if was else {}
    for name in sorted({*was, *points}):
        point, old = points.get(name), was.get(name)
        if point is None:
            yield f"{name} was taken away"
            continue
        new = _OFF if name in settings.disabled_plugins else mark_of(point)
        if old is None:
            yield f"{name} was installed"
        elif said := _otherwise(old, new):
            yield f"{name} {said}"


def _otherwise(old: str, new: str) -> str:
    """How a plugin is otherwise than before, if it is; one noted without its files' hash by an
    earlier release is compared by its version."""
    if _OFF in (old, new):
        return "" if old == new else f"was switched {'off' if new == _OFF else 'on'}"
    (was, _, held), (version, _, holds) = old.partition(" "), new.partition(" ")
    if was != version:
        return f"is {version} in place of {was}"
    return "was edited" if held and held != holds else ""


def _started(record: Record) -> list[MetaRow]:
    query = select(MetaRow).where(
        MetaRow.clinic == record.clinic, MetaRow.name.startswith(_START, autoescape=True)
    )
    return list(record.session.scalars(query))


def forget_plugin(record: Record, host: Host, name: str) -> None:
    """Forget a plugin that is off, or gone. Its payers are then some that nobody knows, and are
    held as such. Raises ``NotFoundError`` and ``ConflictError``."""
    plugin = next((p for p in host.plugins if p.name == name), None)
    if plugin is not None and not plugin.disabled:
        raise ConflictError(f"The plugin {name!r} is in use; switch it off first.")
    if not record.known_plugins.forget(name):
        raise NotFoundError("plugin")


def why_unserved(host: Host, payer: Payer) -> str:
    """Why nobody can say what a payer asks for, after "the plugin …"."""
    plugin = next((p for p in host.plugins if p.name == payer.plugin), None)
    if plugin is None:
        return "no plugin for it is installed"
    name = f"the plugin {plugin.name!r}"
    if plugin.gone:
        return f"{name} is not installed any more"
    if plugin.disabled:
        return f"{name} is switched off"
    return f"{name} cannot be relied on, see `mib plugins {plugin.name}`"


def _speaking(host: Host) -> Iterator[Remembered]:
    for plugin in host.plugins:
        if plugin.failure is None and not plugin.disabled:
            found = _as_it_is(host, plugin)
            if found.says_something:
                yield found


def _as_it_is(host: Host, plugin: Plugin) -> Remembered:
    book = host.books.get(plugin.name)
    declared = book.declared if book is not None else NOTHING_DECLARED
    return Remembered(plugin.name, plugin.distribution, plugin.version, plugin.payers, declared)
