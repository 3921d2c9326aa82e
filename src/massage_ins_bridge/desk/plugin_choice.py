"""Which plugins a clinic asks: switched off and on in the settings file, and forgotten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.problems import nearest
from ..hooks.host import Host
from ..hooks.loading import Health, Plugin
from ..settings import Settings, SettingsError, StartError
from ..settings.edit import SettingsFile
from ..store.record import Record
from .daily import look_anew
from .errors import ConflictError, DeskError, NotFoundError
from .installation import Installation
from .known_plugins import forget_plugin, keep_known, note_start, since_start
from .plugin_faults import Fault, last_faults
from .rulefile.change import when

CORE = "core"


@dataclass(frozen=True, slots=True)
class PluginView:
    """One plugin. ``payers``: those that it defines, by name; ``connectors``: what it connects to,
    and ``accounts`` those that it does so for; ``off``: whether it is switched off in the settings,
    which may hold from the next start on; ``faults``: what went wrong with it last, newest first.
    """

    name: str
    version: str
    ruleset: str
    health: Health
    reason: str
    payers: tuple[str, ...]
    connectors: tuple[str, ...]
    accounts: tuple[str, ...]
    off: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Plugins:
    """All plugins, by name. ``changed``: what is otherwise by now than it was when the service
    started; it goes by that at its next start. ``when``: when a switch holds, in words."""

    plugins: tuple[PluginView, ...]
    changed: tuple[str, ...]
    when: str


class NoPluginError(NotFoundError):
    """There is no plugin of that name; the text says which one may be meant."""

    def __init__(self, name: str, near: str) -> None:
        DeskError.__init__(self, f"There is no plugin {name!r}{near}")


def list_plugins(
    installation: Installation, record: Record, file: SettingsFile | None = None
) -> Plugins:
    """How each plugin is; by ``file``, the settings as they are written, which are switched off."""
    settings = _written(installation, file)
    faults, off = last_faults(record), settings.disabled_plugins
    views = [
        _view(installation, plugin, faults.get(plugin.name, ()), off)
        for plugin in installation.host.plugins
    ]
    changed = since_start(record, settings)
    return Plugins(tuple(views), tuple(changed), when(installation))


def put_choice(host: Host, file: SettingsFile, name: str, *, off: bool) -> bool:
    """Write into the settings that a plugin is switched off, or on again; whether that was
    anything new. Raises ``NoPluginError``, ``ConflictError`` for one that cannot be off, and
    ``StartError``."""
    before = list(file.get("disabled_plugins") or ())
    known = {plugin.name: plugin for plugin in host.plugins if plugin.name != CORE}
    if name == CORE:
        raise ConflictError("core: holds the rules that every payer shares, and cannot be off.")
    if name not in known and name not in before:
        raise NoPluginError(name, nearest(name, known))
    if off and (used := _accounts(host, name, file.settings().accounts)):
        raise ConflictError(
            f"{name}: the account {used[0]!r} is connected by it; take the account out of the "
            "settings first."
        )
    after = sorted({*before, name}) if off else [one for one in before if one != name]
    if after == before:
        return False
    file.put("disabled_plugins", after)
    file.save()
    if (name in file.settings().disabled_plugins) is not off:
        raise StartError(f"{file.path} is changed, but MIB_DISABLED_PLUGINS is set and outranks it")
    return True


def switch(
    installation: Installation, record: Record, file: SettingsFile, name: str, *, off: bool
) -> str:
    """Switch a plugin off, or on again, and where one process does all have that hold at once: what
    is told of it; empty where it was so already. Raises as ``put_choice``; what is wrong with the
    settings is a ``ConflictError``."""
    payers = payers_of(installation.host, name)
    try:
        if not put_choice(installation.host, file, name, off=off):
            return ""
        chosen = file.settings().disabled_plugins
    except StartError as error:
        raise ConflictError(str(error)) from None
    if installation.store.sqlite:
        installation.settings = installation.settings.model_copy(
            update={"disabled_plugins": chosen}
        )
        installation.load_anew(record)
        keep_known(record, installation.host)
        note_start(record, installation.host, name)
        look_anew(installation, record)
    said = f"The plugin {name} is switched {'off' if off else 'on'}. {when(installation)}"
    if off and payers:
        said = f"{said} Bookings of {payers} are then on hold, each client's with a task."
    return said


def switch_back(installation: Installation, record: Record, needs: Any) -> None:
    """Take a switch back. Raises ``ConflictError`` where it is no longer as it was left."""
    file = SettingsFile(Path(needs["file"]))
    if not switch(installation, record, file, needs["plugin"], off=needs["off"]):
        raise ConflictError("It was switched since. Nothing was changed.")


def forget(installation: Installation, record: Record, name: str) -> str:
    """Let go of what is remembered of a plugin that is off or gone: what that was. Raises
    ``NotFoundError`` and ``ConflictError``."""
    said = record.known_plugins.all().get(name, "")
    forget_plugin(record, installation.host, name)
    installation.load_anew(record)
    return said


def remember_again(installation: Installation, record: Record, needs: Any) -> None:
    """Take a forgetting back."""
    record.known_plugins.keep(needs["plugin"], needs["said"])
    installation.load_anew(record)


def _written(installation: Installation, file: SettingsFile | None) -> Settings:
    try:
        return installation.settings if file is None else file.settings()
    except SettingsError:
        return installation.settings


def payers_of(host: Host, name: str) -> str:
    """The names of a plugin's payers, also of one that is off or gone."""
    plugin = next((one for one in host.plugins if one.name == name), None)
    return ", ".join(_payers(plugin)) if plugin is not None else ""


def _payers(plugin: Plugin) -> tuple[str, ...]:
    payers = plugin.payers or (plugin.was.payers if plugin.was else ())
    return tuple(sorted(payer.name for payer in payers))


def _accounts(host: Host, name: str, accounts: Any) -> tuple[str, ...]:
    kinds = {getattr(kind, "name", "") for kind in host.connectors.get(name, ())}
    return tuple(account.name for account in accounts if account.connector in kinds)


def _view(
    installation: Installation,
    plugin: Plugin,
    faults: tuple[Fault, ...],
    off: Collection[str],
) -> PluginView:
    host = installation.host
    book = host.books.get(plugin.name)
    kinds = host.connectors.get(plugin.name, ())
    return PluginView(
        name=plugin.name,
        version=plugin.version or "",
        ruleset=book.ruleset if book is not None else "",
        health=plugin.health,
        reason=plugin.failure or "; ".join(plugin.amiss.values()),
        payers=_payers(plugin),
        connectors=tuple(sorted(getattr(kind, "name", kind.__name__) for kind in kinds)),
        accounts=_accounts(host, plugin.name, installation.settings.accounts),
        off=plugin.name in off and not plugin.gone,
        faults=faults,
    )
