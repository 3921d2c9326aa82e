"""How the accounts are, in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..store.record import Record
from .first_look import progress
from .installation import Installation
from .trouble import trouble_of


@dataclass(frozen=True, slots=True)
class MachineLine:
    """What people must know about one account. ``colour`` and ``glyph`` as of a tag;
    ``href``: where the owner goes on."""

    words: str
    glyph: str
    colour: str
    account: str = ""
    href: str = ""


#: No answer, clock wrong, first look, watching, at work.
_ORDER = {"plug": 0, "clock": 1, "pause": 2, "hand": 3, "eye": 4, "check": 5}


def machine_lines(installation: Installation, record: Record) -> tuple[MachineLine, ...]:
    """How the accounts are, the worst first."""
    return worst_first(_machine(installation, record))


def worst_first(lines: Iterable[MachineLine]) -> tuple[MachineLine, ...]:
    """The lines, what needs somebody first."""
    return tuple(sorted(lines, key=lambda line: _ORDER[line.glyph]))


def _machine(installation: Installation, record: Record) -> Iterator[MachineLine]:
    if installation.clock_wrong:
        words = "This machine\u2019s clock is wrong. No last day acts until it is right."
        yield MachineLine(words, "clock", "stop")
    for name, account in installation.accounts.items():
        look = progress(record, account)
        trouble = trouble_of(record, name)
        if trouble is not None and trouble.matters(record.now):
            said = f"{trouble.plain(record.now)}. Nothing is lost."
            yield MachineLine(said, "plug", "hold", name)
        elif look.done_at is None:
            words = (
                f"taking in the calendar, {look.taken} so far. Counts may be too low until then."
            )
            yield MachineLine(words, "pause", "watch", name)
        elif not account.enforces:
            yield MachineLine("watching only. Nothing is written there.", "eye", "watch", name)
        else:
            yield MachineLine("at work.", "check", "ok", name)
