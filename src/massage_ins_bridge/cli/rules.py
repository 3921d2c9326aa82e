"""``rules``: the rules in force on a day, what is due for review, and one rule explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain.rule import Rule
from ..hooks.host import Host
from .guard import guarded
from .host import host_and_clinic

Config = Annotated[Path | None, typer.Option("--config", help="settings file", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="print as JSON")]


class _Group(typer.core.TyperGroup):
    """``rules PAYER`` beside ``rules review``: a word that is no command names a payer."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    help="The rules: in force on a day, due for review, or one explained.",
    cls=_Group,
    invoke_without_command=True,
)


@app.callback()
def _default(
    context: typer.Context,
    on: Annotated[str | None, typer.Option(help="date of service, such as 2026-11-22")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    if context.invoked_subcommand is None:
        show(None, on, as_json, config)


@app.command(hidden=True)
def show(
    payer: Annotated[str | None, typer.Argument(help="a payer's or a plugin's name")] = None,
    on: Annotated[str | None, typer.Option(help="date of service, such as 2026-11-22")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """The rules in force on a day, of every payer or of one."""
    guarded(_show, payer=payer, on=on, as_json=as_json, config=config)


def _show(payer: str | None, on: str | None, as_json: bool, config: Path | None) -> int:
    day = _day(on)
    host, _ = host_and_clinic(config)
    plugins = _plugins_of(host, payer)
    found = [rule for name in plugins for rule in host.rules_on(day).get(name, {}).values()]
    _print(found, day, as_json=as_json)
    return 0


@app.command()
def review(
    on: Annotated[str | None, typer.Option(help="as if today were, such as 2027-03-01")] = None,
    within: Annotated[int, typer.Option(help="days ahead to look", min=0, max=3650)] = 30,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Rules whose review is due or overdue; exit code 1 where one is overdue."""
    guarded(_review, on=on, within=within, as_json=as_json, config=config)


def _review(on: str | None, within: int, as_json: bool, config: Path | None) -> int:
    day = _day(on)
    host, _ = host_and_clinic(config)
    due = [
        rule
        for rule in _every(host)
        if rule.review_by is not None and (rule.review_by - day).days <= within
    ]
    if not due and not as_json:
        soonest = min((r.review_by for r in _every(host) if r.review_by), default=None)
        print(f"Nothing is due for review within {within} days; the next is due by {soonest}.")
        return 0
    _print(due, day, as_json=as_json)
    return int(any(rule.overdue(day) for rule in due))


@app.command()
def explain(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="a rule's id, such as REG-03")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """One rule with all its versions, values, source and review dates."""
    guarded(_explain, rule_id=rule_id, as_json=as_json, config=config)


def _explain(rule_id: str, as_json: bool, config: Path | None) -> int:
    host, _ = host_and_clinic(config)
    found = [rule for rule in _every(host) if rule.id.casefold() == rule_id.casefold()]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(rule_id.upper(), sorted({r.id for r in _every(host)}), n=3)
        hint = f"; near it are {', '.join(near)}" if near else ""
        typer.echo(f"massage-ins-bridge: there is no rule {rule_id!r}{hint}", err=True)
        return 2
    if as_json:
        print(json.dumps([_plain(rule) for rule in found], indent=2, ensure_ascii=False))
        return 0
    for rule in found:
        print("\n".join(_lines(rule)) + "\n")
    return 0


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({rule.plugin})"
    yield f"  {rule.text}"
    yield f"  in force: {_span(rule)}"
    for key, value in rule.values.items():
        yield f"  {key}: {value if not isinstance(value, list) else ', '.join(map(str, value))}"
    yield f"  source: {rule.source}"
    yield f"  confidence: {rule.confidence or 'not stated'}"
    yield f"  last confirmed: {rule.confirmed_on or 'never'}"
    yield f"  review by: {rule.review_by or 'not set'}"


def _span(rule: Rule) -> str:
    return f"{rule.from_ or 'as long as known'} to {rule.to or 'open'}"


def _every(host: Host) -> Iterator[Rule]:
    for name in sorted(host.books):
        yield from host.books[name].rules


def _plugins_of(host: Host, payer: str | None) -> list[str]:
    if payer is None:
        return sorted(host.books)
    if payer in host.books:
        return [payer]
    match = host.payers.find(payer)
    if match is None:
        from difflib import get_close_matches

        names = sorted({p.key for p in host.payers.payers} | set(host.books))
        near = get_close_matches(payer, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
        typer.echo(f"massage-ins-bridge: no payer {payer!r} is served; {hint}", err=True)
        raise typer.Exit(2)
    return sorted(p.name for p in host.plugins if p.serves_payer(match.payer.key) and p.book)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        typer.echo(f"massage-ins-bridge: --on {text!r} is no date; write 2026-11-22", err=True)
        raise typer.Exit(2) from None


def _print(rules: list[Rule], day: date, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_plain(rule) for rule in rules], indent=2, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("rule", "plugin", "in force", "confirmed", "review by", "text and source")
    for rule in rules:
        late = " (overdue)" if rule.overdue(day) else ""
        table.add_row(
            rule.id,
            rule.plugin,
            _span(rule),
            str(rule.confirmed_on or "never"),
            f"{rule.review_by or '-'}{late}",
            f"{rule.text}\n{rule.source}" + ("\nchanged by the clinic" * rule.changed_by_clinic),
        )
    Console().print(table)


def _plain(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "plugin": rule.plugin,
        "text": rule.text,
        "source": rule.source,
        "confidence": rule.confidence,
        "from": rule.from_.isoformat() if rule.from_ else None,
        "to": rule.to.isoformat() if rule.to else None,
        "values": dict(rule.values),
        "confirmed_on": rule.confirmed_on.isoformat() if rule.confirmed_on else None,
        "review_by": rule.review_by.isoformat() if rule.review_by else None,
        "changed_by_clinic": rule.changed_by_clinic,
    }
