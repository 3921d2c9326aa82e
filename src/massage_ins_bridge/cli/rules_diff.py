"""``rules diff``: what is different between two days, or between two rule files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from ..domain.rule import Rule
from ..hooks.host import Host
from ..rulebook.compare import RuleChange, compare_rules
from .edited import edited_host
from .host import host_and_clinic

WHAT = {"added": "begins", "ended": "ends", "changed": "changes"}


def run(*, before: str, after: str, payer: str | None, as_json: bool, config: Path | None) -> int:
    """Print the differences; 2 where a side is neither a day nor a file."""
    host, _ = host_and_clinic(config)
    found = compare_rules(_side(host, before, config), _side(host, after, config))
    if payer is not None:
        found = [change for change in found if change.plugin in _plugins_of(host, payer)]
    if as_json:
        print(json.dumps([asdict(change) for change in found], indent=2, ensure_ascii=False))
        return 0
    if not found:
        print("No rule is different.")
    for change in found:
        print("\n".join(_lines(change)))
    return 0


def _plugins_of(host: Host, payer: str) -> set[str]:
    match = host.payers.find(payer)
    if match is None:
        return {payer}
    return {p.name for p in host.plugins if p.serves_payer(match.payer.key)}


def _lines(change: RuleChange) -> list[str]:
    return [
        f"{change.rule} ({change.plugin}) {WHAT[change.what]}",
        *(f"  {words}" for words in change.words),
    ]


def _side(host: Host, text: str, config: Path | None) -> Mapping[str, Mapping[str, Rule]]:
    """The rules in force on a day; or, of a file, every version of every rule under it."""
    try:
        return host.rules_on(date.fromisoformat(text))
    except ValueError:
        return _versions(edited_host(Path(text), config))


def _versions(host: Host) -> Mapping[str, Mapping[str, Rule]]:
    return {name: {_named(rule): rule for rule in book.rules} for name, book in host.books.items()}


def _named(rule: Rule) -> str:
    return f"{rule.id} from {rule.from_}" if rule.from_ else rule.id
