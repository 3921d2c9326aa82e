"""``plugins``: what is installed, what it serves and how it is; switched off, on, and forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain.problems import nearest
from ..hooks.loading import Plugin
from .exits import guarded
from .groups import ShowingGroup
from .known_host import known_host
from .tables import print_table

Config = Annotated[
    Path | None, typer.Option("--config", help="settings file", show_default=False, readable=False)
]
Json = Annotated[bool, typer.Option("--json", help="print as JSON")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="a plugin's name")]

_AGAIN = "it goes by that once it is started again"

app = typer.Typer(
    help="Installed plugins, their versions, payers or capabilities, and how they are.",
    cls=ShowingGroup,
    invoke_without_command=True,
)


@app.callback()
def _default(context: typer.Context, as_json: Json = False, config: Config = None) -> None:
    if context.invoked_subcommand is None:
        guarded(_list, as_json=as_json, config=config)


@app.command(hidden=True)
def show(name: Name, as_json: Json = False, config: Config = None) -> None:
    """One plugin."""
    guarded(_show, name=name, as_json=as_json, config=config)


@app.command()
def enable(name: Name, config: Config = None) -> None:
    """Ask a plugin again that was switched off, from the next start on."""
    from .plugin_choice import choose

    choose(name, config, off=False)


@app.command()
def disable(name: Name, config: Config = None) -> None:
    """Switch a plugin off for this clinic: its payers' bookings are held from the next start on."""
    from .plugin_choice import choose

    choose(name, config, off=True)


@app.command()
def forget(name: Name, config: Config = None) -> None:
    """Forget what is remembered of a plugin that is off or gone."""
    from .plugin_choice import forget as run

    run(name, config)


def _list(*, as_json: bool, config: Path | None) -> int:
    """Print the plugins; exit code 1 where one of them cannot be relied on."""
    known = known_host(config)
    host, connectors = known.host, known.host.connectors
    found = [described(plugin, connectors[plugin.name]) for plugin in host.plugins]
    broken = any(item["health"] == "failed" for item in found)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return int(broken)
    rows = [_row(item) for item in found]
    print_table(("plugin", "version", "rules", "serves", "health"), rows, ("plugin", "version"))
    for conflict in host.payers.conflicts:
        print(f"warning: {conflict}")
    if known.changed:
        print(f"since the service was started: {'; '.join(known.changed)}; {_AGAIN}")
    return int(broken)


def _show(*, name: str, as_json: bool, config: Path | None) -> int:
    """Print one plugin; exit code 1 where it cannot be relied on, 2 where there is none."""
    from .plugin_shown import lines, whole

    known = known_host(config, name)
    host = known.host
    plugin = next((one for one in host.plugins if one.name == name), None)
    if plugin is None:
        near = nearest(name, [one.name for one in host.plugins])
        typer.echo(f"massage-ins-bridge: there is no plugin {name!r}{near}", err=True)
        return 2
    today = datetime.now().astimezone().date()
    found = whole(host, plugin, known.faults, today)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(found)))
    return int(found["health"] == "failed")


def _row(item: Mapping[str, Any]) -> tuple[str, ...]:
    health = item["health"] + (f": {item['reason']}" if item["reason"] else "")
    serves = ", ".join(item["serves"] + item["connectors"]) or "-"
    return item["name"], item["version"] or "-", item["ruleset"] or "-", serves, health


def described(plugin: Plugin, connectors: tuple[type, ...]) -> dict[str, Any]:
    """What the list says of a plugin."""
    amiss = plugin.failure or "; ".join(plugin.amiss.values()) or None
    serves = sorted("every payer" if name == "*" else name for name in plugin.serves)
    if plugin.was is not None and not serves:
        serves = sorted(payer.key for payer in plugin.was.payers)
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "ruleset": plugin.book.ruleset if plugin.book else None,
        "serves": serves,
        "connectors": [_connector(kind) for kind in connectors],
        "health": plugin.health,
        "reason": amiss,
    }


def _connector(kind: type) -> str:
    can = ", ".join(sorted(getattr(kind, "capabilities", ())))
    return f"{getattr(kind, 'name', kind.__name__)} ({can})"
