"""``rules``: the rules in force on a day, what is due for review, and one rule explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer

from ..domain.rule import Rule
from ..hooks.host import Host
from .decision_text import SURE
from .exits import guarded
from .groups import ShowingGroup
from .host import host_and_clinic
from .tables import print_table, width

Config = Annotated[Path | None, typer.Option("--config", help="settings file", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="print as JSON")]

app = typer.Typer(
    help="The rules: in force on a day, due for review, or one explained.",
    cls=ShowingGroup,
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
    within: Annotated[int, typer.Option(help="days ahead to look", min=0, max=3650)] = 0,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Rules whose review is overdue, or will be within some days; exit code 1 where one is."""
    guarded(_look_over, on=on, within=within, as_json=as_json, config=config)


def _look_over(on: str | None, within: int, as_json: bool, config: Path | None) -> int:
    day = _day(on)
    host, _ = host_and_clinic(config)
    due = [rule for rule in _every(host) if rule.overdue(day + timedelta(days=within))]
    if as_json:
        print(json.dumps([_plain(rule, day) for rule in due], indent=2, ensure_ascii=False))
    elif due:
        _print_due(due, day)
    else:
        soonest = min((r.review_by for r in _every(host) if r.review_by), default=None)
        ahead = f" within {within} days" if within else ""
        print(f"Nothing is overdue for review{ahead}; the next is due by {soonest}.")
    return int(any(rule.overdue(day) for rule in due))


def _print_due(rules: list[Rule], day: date) -> None:
    head = ("rule", "plugin", "read in", "read on", "review by")
    rows = {(r.id, r.plugin, r.source.title, str(r.confirmed_on), _review(r, day)) for r in rules}
    print_table(head, sorted(rows), ("rule", "read on"))  # versions of one rule are read together


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
        today = _day(None)
        print(json.dumps([_plain(rule, today) for rule in found], indent=2, ensure_ascii=False))
        return 0
    for rule in found:
        print("\n".join(_lines(rule, _day(None))) + "\n")
    return 0


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="FROM", help="a day, or a rule file")],
    after: Annotated[str, typer.Argument(metavar="TO", help="a day, or a rule file")],
    payer: Annotated[str | None, typer.Option(help="of one payer or plugin alone")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What is different between the rules of two days, or under two rule files, in words."""
    from .rules_diff import run

    guarded(run, before=before, after=after, payer=payer, as_json=as_json, config=config)


@app.command()
def impact(
    file: Annotated[Path, typer.Argument(help="an edited rule file: the clinic's, or a plugin's")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Which standing bookings would be decided otherwise under an edited file. Writes nothing."""
    from .rules_impact import run

    guarded(run, file=file, as_json=as_json, config=config)


def _lines(rule: Rule, day: date) -> Iterator[str]:
    yield f"{rule.id} ({rule.plugin})"
    yield f"  {rule.text}"
    yield f"  in force: {_span(rule)}"
    for key, value in rule.values.items():
        yield f"  {key}: {value if not isinstance(value, list) else ', '.join(map(str, value))}"
    yield f"  source: {rule.source}"
    told = {"place": rule.place, "quote": rule.quote and f"“{rule.quote}”", "note": rule.note}
    for key, text in told.items():
        if text:
            yield f"  {key}: {text}"
    yield f"  how sure: {SURE[rule.source.sure]}"
    yield f"  last confirmed: {rule.confirmed_on or 'never'}"
    yield f"  review by: {_review(rule, day)}"


def _review(rule: Rule, day: date) -> str:
    return f"{rule.review_by or 'not set'}{' (overdue)' if rule.overdue(day) else ''}"


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
    today = _day(None)
    if as_json:
        print(json.dumps([_plain(rule, day) for rule in rules], indent=2, ensure_ascii=False))
        return
    columns = width()
    for rule in rules:
        print("\n".join(_in_short(rule, today, columns)) + "\n")


def _in_short(rule: Rule, day: date, columns: int) -> Iterator[str]:
    """A rule as a paragraph: a table of as much would cut the ids where it is narrow."""
    yield f"{rule.id} ({rule.plugin}{', changed by the clinic' * rule.changed_by_clinic})"
    confirmed = f"last confirmed: {rule.confirmed_on or 'never'}; review by: {_review(rule, day)}"
    for text in (rule.text, f"source: {rule.source}", f"in force: {_span(rule)}; {confirmed}"):
        yield fill(
            text,
            columns,
            initial_indent="  ",
            subsequent_indent="    ",
            break_on_hyphens=False,
            break_long_words=False,
        )


def _plain(rule: Rule, day: date) -> dict[str, Any]:
    return {
        "id": rule.id,
        "plugin": rule.plugin,
        "text": rule.text,
        "source": rule.source.to_dict(),
        "place": rule.place or None,
        "quote": rule.quote or None,
        "note": rule.note or None,
        "from": rule.from_.isoformat() if rule.from_ else None,
        "to": rule.to.isoformat() if rule.to else None,
        "values": dict(rule.values),
        "confirmed_on": rule.confirmed_on.isoformat() if rule.confirmed_on else None,
        "review_by": rule.review_by.isoformat() if rule.review_by else None,
        "overdue": rule.overdue(day),
        "changed_by_clinic": rule.changed_by_clinic,
    }
