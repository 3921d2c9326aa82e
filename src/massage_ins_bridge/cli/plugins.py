"""``plugins``: what is installed, what it serves and how it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..hooks.loading import Plugin
from .host import host_and_clinic


def show(*, as_json: bool, config: Path | None) -> int:
    """Print the plugins; exit code 1 where one of them cannot be relied on."""
    host, _ = host_and_clinic(config)
    connectors = host.connectors
    found = [_described(plugin, connectors[plugin.name]) for plugin in host.plugins]
    broken = any(item["health"] == "failed" for item in found)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return int(broken)
    from rich.console import Console
    from rich.table import Table

    table = Table("plugin", "version", "rules", "serves", "health", box=None, pad_edge=False)
    for item in found:
        health = item["health"] + (f": {item['reason']}" if item["reason"] else "")
        serves = ", ".join(item["serves"] + item["connectors"]) or "-"
        table.add_row(item["name"], item["version"], item["ruleset"] or "-", serves, health)
    Console().print(table)
    for conflict in host.payers.conflicts:
        print(f"warning: {conflict}")
    return int(broken)


def _described(plugin: Plugin, connectors: tuple[type, ...]) -> dict[str, Any]:
    amiss = plugin.failure or "; ".join(plugin.amiss.values()) or None
    health = "disabled" if plugin.disabled else "failed" if amiss else "ok"
    serves = sorted("every payer" if name == "*" else name for name in plugin.serves)
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "ruleset": plugin.book.ruleset if plugin.book else None,
        "serves": serves,
        "connectors": [_connector(kind) for kind in connectors],
        "health": health,
        "reason": amiss,
    }


def _connector(kind: type) -> str:
    can = ", ".join(sorted(getattr(kind, "capabilities", ())))
    return f"{getattr(kind, 'name', kind.__name__)} ({can})"
