"""Write docs/payers/ from the rule data of the installed plugins.

Run it after a change to a ``rules.toml``; with ``--check`` it writes nothing and says by its exit
code (1) whether a page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from written_page import keep

from massage_ins_bridge.cli.decision_text import SURE
from massage_ins_bridge.domain.payer import Payer
from massage_ins_bridge.domain.rule import Rule
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.rulebook.book import RuleBook

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "payers"
PLUGINS, OURS = FOLDER.parents[1] / "plugins", "massage-ins-bridge-"
HEAD = (
    "<!-- Written by scripts/build_payer_docs.py from the rule data; edit the rules instead. -->\n"
)
PAGES = {
    "shared": ("core", "What every payer shares"),
    "exempt-plans": ("uniform", "Regence plans without prior authorization"),
    "state-law": ("wa-law", "Washington State law"),
}
#: With what the ids of rules begin that are of one payer alone, in a plugin of several.
OWNERS = {"VA": "va", "MED": "medicare", "MCD": "apple-health"}
#: Whom the list of exempt plans speaks of.
EXEMPT = ("regence", "bridgespan")


def pages() -> dict[str, str]:
    """Every page's text by file name."""
    host = Host.load()
    here = {point.parent.name for point in PLUGINS.glob("payer-*/pyproject.toml")}
    if missing := sorted(here - {p.distribution.removeprefix(OURS) for p in host.plugins}):
        folders = " ".join(f"-e plugins/{name}" for name in missing)
        sys.exit(f"{', '.join(missing)}: not installed; run: uv pip install --no-deps {folders}")
    broken = [p.name for p in host.plugins if p.failure]
    if broken:
        sys.exit(f"these plugins cannot be relied on: {', '.join(broken)}")
    made = {
        f"{name}.md": HEAD + "\n".join(_page(title, host.books[plugin], host.books[plugin].rules))
        for name, (plugin, title) in PAGES.items()
    }
    for payer in host.payers.payers:
        rules = [r for r in host.books[payer.plugin].rules if _concerns(payer, r)]
        head = [*_profile(payer), *_page("", host.books[payer.plugin], rules)]
        made[f"{payer.key}.md"] = HEAD + f"# {payer.name}\n\n" + "\n".join(head)
    made["index.md"] = HEAD + "\n".join(_index(host))
    return made


def _concerns(payer: Payer, rule: Rule) -> bool:
    """In a plugin of several payers a rule may be of one of them alone: its id begins so."""
    return OWNERS.get(rule.id.split("-")[0], payer.key) == payer.key


def _profile(payer: Payer) -> Iterator[str]:
    if payer.settlement == "claim":
        yield "The clinic sends the claim; the client is asked for nothing at the visit."
    elif payer.settlement == "none":
        yield "It pays for no massage therapy: a booking that would be billed to it is refused."
    else:
        yield (
            "In network the clinic sends the claim. Out of network the client pays at the visit "
            "and gets a superbill."
        )
    if payer.self_pay_rule:
        yield "Self-pay is never offered for this care."
    elif payer.self_pay_free or payer.settlement == "none":
        yield "The client may pay for the visit themselves, without an agreement beforehand."
    if payer.must_be_in_network:
        yield "Out of network it pays nothing, so that a booking is held."
    if payer.episode == "claim":
        yield "Visits are counted per claim; no number of days starts the count anew."
    if payer.aliases or payer.plan_aliases:
        names = ", ".join([*payer.aliases, *payer.plan_aliases])
        yield f"\nAlso written: {names}."
    yield (
        "\nBeside the rules below those that [every payer shares](shared.md) hold"
        + (", [exempt plans](exempt-plans.md)" if payer.key in EXEMPT else "")
        + (", and [state law](state-law.md)." if payer.state_regulated else ".")
    )
    yield ""


def _page(title: str, book: RuleBook, rules: Sequence[Rule]) -> Iterator[str]:
    if title:
        yield f"# {title}\n"
    for rule in rules:
        yield f"## {rule.id}{_since(rule)}\n"
        yield f"{rule.text}\n"
        for key, value in rule.values.items():
            yield f"- {key.replace('_', ' ')}: {_value(value)}"
        if rule.values:
            yield ""
        yield from _citation(rule)
    yield "## Sources\n"
    cited = {rule.source.title for rule in rules}
    for item in sorted(book.sources, key=lambda item: item.title):
        if item.title in cited:
            title = _linked(item.title, item.address)
            yield f"- {title}. Publisher: {item.publisher}. Read on {item.read_on}."
    yield ""


def _citation(rule: Rule) -> Iterator[str]:
    source = rule.source
    place = f", {rule.place}" if rule.place else ""
    quote = f": “{rule.quote}”" if rule.quote else ""
    yield f"Source: {_linked(source.title, source.href)}{place}{quote}. Read on {source.read_on}."
    if rule.note:
        yield rule.note
    yield f"How sure: {SURE[source.sure]}. To be read again by {rule.review_by}.\n"


def _linked(title: str, address: str | None) -> str:
    return f"[{title}]({address})" if address else title


def _since(rule: Rule) -> str:
    if rule.from_ is None and rule.to is None:
        return ""
    if rule.from_ is None:
        return f" (until {rule.to})"
    return f" (from {rule.from_})" if rule.to is None else f" ({rule.from_} to {rule.to})"


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{k} = {v}" for k, v in value.items())
    if isinstance(value, date):
        return value.isoformat()
    return "yes" if value is True else "no" if value is False else str(value)


def _index(host: Host) -> Iterator[str]:
    yield "# Payers\n"
    yield "Each page is written from the rule data that decides the bookings.\n"
    yield (
        "Ids that begin with OQ are open questions, with the reading that errs on the safe side; "
        "CP marks rules of the project's own.\n"
    )
    for payer in sorted(host.payers.payers, key=lambda p: p.name):
        yield f"- [{payer.name}]({payer.key}.md)"
    yield ""
    for name, (_, title) in PAGES.items():
        yield f"- [{title}]({name}.md)"
    yield ""


if __name__ == "__main__":
    sys.exit(
        keep(
            __doc__,
            "build_payer_docs.py",
            lambda: {FOLDER / name: text for name, text in pages().items()},
            FOLDER.glob("*.md"),
        )
    )
