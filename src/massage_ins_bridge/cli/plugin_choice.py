"""Which plugins this clinic uses: switched off and on in the settings, remembered in the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .desk import desk, refuse
from .host import DEFAULT_FILE
from .known_host import known_host

if TYPE_CHECKING:
    from ..hooks.loading import Plugin


def choose(name: str, config: Path | None, *, off: bool) -> None:
    """Write into the settings file that a plugin is switched off, or on again."""
    from ..desk.errors import DeskError
    from ..desk.plugin_choice import payers_of, put_choice
    from ..settings import StartError
    from ..settings.edit import SettingsFile
    from ..settings.load import settings_file

    path = settings_file(config) or config or Path(DEFAULT_FILE)
    try:
        host = known_host(config).host
        changed = put_choice(host, SettingsFile(path), name, off=off)
    except (DeskError, StartError) as error:
        refuse(*str(error).splitlines())
    plugin = next((one for one in host.plugins if one.name == name), None)
    if not off and plugin is not None and plugin.gone:
        typer.echo(f"{name} is not installed: {_install(plugin)}")
    if not changed:
        typer.echo(f"{name} is {'off' if off else 'not off'} already; nothing to change.")
        return
    word = "off" if off else "on"
    typer.echo(f"{name} is switched {word} in {path}; the service goes by it at its next start.")
    if off and (payers := payers_of(host, name)):
        typer.echo(f"Bookings of {payers} are then on hold, each client's with a task.")


def forget(name: str, config: Path | None) -> None:
    """Let what is remembered of a plugin go."""
    from ..desk.plugin_acts import forgotten

    with desk(config) as (installation, record):
        done = forgotten(installation, record, name)
    typer.echo(done.said)


def _install(plugin: Plugin) -> str:
    pinned = f"{plugin.distribution}=={plugin.version}" if plugin.version else plugin.name
    return f"pip install {pinned}"
