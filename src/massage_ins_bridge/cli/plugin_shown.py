"""One plugin whole: what it serves, its rules with the days by which they are to be read again,
what it declares, what its connectors can do, and what went wrong with it last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from ..hooks.connector_class import amiss, settings_of
from ..hooks.loading import Plugin
from .plugins import described

if TYPE_CHECKING:
    from ..api import Payer, Rule
    from ..desk.plugin_faults import Fault
    from ..hooks.host import Host

Shown = Mapping[str, Any]


def whole(host: Host, plugin: Plugin, faults: Sequence[Fault], today: date) -> dict[str, Any]:
    """The plugin as plain values, as ``--json`` prints them. ``faults``: newest first."""
    classes = host.connectors[plugin.name]
    payers = plugin.payers or (plugin.was.payers if plugin.was else ())
    book = host.books.get(plugin.name)
    declared = book.declared if book else plugin.was.declared if plugin.was else None
    return {
        **described(plugin, classes),
        "package": str(getattr(plugin.point, "file", plugin.package)),
        "hooks": sorted(plugin.callers),
        "payers": [_payer(payer) for payer in payers],
        "rules": [_rule(rule, today) for rule in (book.rules if book else ())],
        "declared": asdict(declared) if declared else {},
        "connectors": [_connector(made) for made in classes],
        "notes": list(plugin.notes),
        "faults": [
            {"at": one.at.isoformat(), "times": one.times, "said": one.said} for one in faults
        ],
    }


def lines(shown: Shown) -> Iterator[str]:
    """The same for people."""
    version = f", version {shown['version']}" if shown["version"] else ""
    yield f"{shown['name']}: {shown['distribution'] or 'no distribution'}{version}"
    yield f"  health: {shown['health']}" + (f": {shown['reason']}" if shown["reason"] else "")
    if shown["package"]:
        yield f"  package: {shown['package']}"
    if shown["hooks"]:
        yield f"  hooks: {', '.join(shown['hooks'])}"
    if shown["ruleset"]:
        yield f"  ruleset: {shown['ruleset']}"
    defines = {payer["key"] for payer in shown["payers"]}
    if too := [key for key in shown["serves"] if key not in defines]:
        yield f"  serves too: {', '.join(too)}"
    yield from _part("payers", map(_payer_line, shown["payers"]))
    yield from _part("rules", map(_rule_line, shown["rules"]))
    yield from _part("declares", _declared_lines(shown["declared"]))
    yield from _part("connectors", _connector_lines(shown["connectors"]))
    yield from _part("about to end", shown["notes"])
    yield from _part("last faults", map(_fault_line, shown["faults"]))


def _part(name: str, found: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(found):
        if number == 0:
            yield f"{name}:"
        yield f"  {line}"


def _payer(payer: Payer) -> dict[str, Any]:
    return {"key": payer.key, "name": payer.name, "aliases": list(payer.aliases)}


def _payer_line(payer: Shown) -> str:
    also = f" (also {', '.join(payer['aliases'])})" if payer["aliases"] else ""
    return f"{payer['key']}: {payer['name']}{also}"


def _rule(rule: Rule, today: date) -> dict[str, Any]:
    return {
        "id": rule.id,
        "from": rule.from_.isoformat() if rule.from_ else None,
        "to": rule.to.isoformat() if rule.to else None,
        "review_by": rule.review_by.isoformat() if rule.review_by else None,
        "overdue": rule.overdue(today),
        "sure": rule.source.sure,
        "text": rule.text,
    }


def _rule_line(rule: Shown) -> str:
    spans = (
        f"from {rule['from']}" if rule["from"] else "",
        f"to {rule['to']}" if rule["to"] else "",
    )
    span = " ".join(filter(None, spans)) or "always"
    late = ", overdue" if rule["overdue"] else ""
    return (
        f"{rule['id']} ({span}; review by {rule['review_by'] or 'not set'}{late}): {rule['text']}"
    )


def _declared_lines(declared: Shown) -> Iterator[str]:
    for fact in declared.get("facts", ()):
        choices = f" of {', '.join(fact['choices'])}" if fact["choices"] else ""
        yield f"fact {fact['name']} on {fact['on']}, {fact['type']}{choices}: {fact['label']}"
    for what, kinds in (("action", "actions"), ("authorization", "authorization_kinds")):
        for kind in declared.get(kinds, ()):
            per = f", one for each {kind['per']}" if kind.get("per") else ""
            yield f"{what} {kind['kind']}{per}: {kind['label']}"


def _connector(made: type) -> dict[str, Any]:
    return {
        "name": getattr(made, "name", made.__name__),
        "capabilities": sorted(getattr(made, "capabilities", ())),
        "hold_style": getattr(made, "hold_style", None),
        "settings": [] if amiss(made) else [setting.name for setting in settings_of(made)],
        "schemas": sorted(getattr(made, "schemas", {})),
    }


def _connector_lines(connectors: Iterable[Shown]) -> Iterator[str]:
    for one in connectors:
        yield f"{one['name']} can: {', '.join(one['capabilities']) or 'receive alone'}"
        if one["hold_style"]:
            yield f"  shows a hold: {one['hold_style']}"
        for name in ("settings", "schemas"):
            if one[name]:
                yield f"  {name}: {', '.join(one[name])}"


def _fault_line(fault: Shown) -> str:
    times = "" if fault["times"] == 1 else f", {fault['times']} times"
    return f"{fault['at'][:16]}{times}: {fault['said']}"
