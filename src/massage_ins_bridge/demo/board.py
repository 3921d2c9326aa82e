"""What the demonstration shows: a live table in a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill, indent
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .row import Row
from .story import day
from .verdict import Verdict, short

_COLOURS = {"allow": "green", "hold": "yellow", "block": "red"}
_STATES = {"accepted": "confirmed", "rejected": "declined"}
#: Lines of the screen that are not rows of the table.
_FRAME = 10
#: Narrower screens leave out the step, and yet narrower ones what is said about insurance: the line
#: below the table tells both anyway.
WIDE, NARROW = 110, 64


class Board:
    """Shows rows. ``update`` may be called often; only what is new is drawn or printed."""

    def __init__(self, console: Console, page: str) -> None:
        self._console = console
        self._page = page
        self._live: Live | None = None
        self._before: dict[str, tuple[str, ...]] = {}
        self._printed: dict[str, tuple[str, ...]] = {}
        self._moves = 0
        self._day = 0

    def __enter__(self) -> Self:
        self.say(f"The desk's pages show all of this: {self._page}")
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def say(self, text: str, style: str = "") -> None:
        """A line of its own, which stays."""
        self._console.print(text, style=style, soft_wrap=True, highlight=False, markup=False)

    def new_day(self, number: int, rows: dict[str, Row]) -> None:
        self._day = number
        if self._live is None:
            self.say(f"--- {_long(number)}")
        self.update(rows, force=True)

    def update(self, rows: dict[str, Row], *, force: bool = False) -> None:
        """Draw the table anew, if anything in it has changed."""
        changed = [ref for ref, row in rows.items() if self._before.get(ref) != row.shown()]
        for ref in changed:
            self._moves += 1
            rows[ref].moved = self._moves
            self._before[ref] = rows[ref].shown()
        if self._live is not None and (changed or force):
            self._live.update(self._screen(rows.values()), refresh=True)

    def settled(self, rows: dict[str, Row]) -> None:
        """All is quiet: where there is no table, print each booking that has moved since."""
        if self._live is not None:
            return
        for ref, row in rows.items():
            if self._printed.get(ref) != row.shown():
                self._printed[ref] = row.shown()
                self.say(
                    f"{row.client:<16} {row.payer:<8} visit {short(row.visit):<11} "
                    f"{row.outcome or 'none':<6} {_state(row):<10} {row.because} [{row.step}]"
                )

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """How the stories ended."""
        self.say("")
        for verdict in verdicts:
            style, word = ("red", "FAIL") if verdict.faults else ("green", "ok  ")
            self.say(f"{word} {verdict.story.client.name}: {verdict.story.title}", style)
            if verdict.story.why:
                self.say(indent(fill(verdict.story.why, 90), "       "), "dim")
            for fault in verdict.faults:
                self.say(f"       {fault}", "red")
        failed = [v for v in verdicts if v.faults]
        if failed:
            names = "; ".join(v.story.title for v in failed)
            self.say(
                f"{len(failed)} of {len(verdicts)} stories did not end as they should: {names}"
            )
        else:
            many = f"All {len(verdicts)} stories ended as they should"
            said = many if len(verdicts) > 1 else "The story ended as it should"
            self.say(f"{said}, by what the platform saw.")

    def _screen(self, rows: Iterable[Row]) -> RenderableType:
        room = max(1, self._console.height - _FRAME)
        latest = sorted(rows, key=lambda r: r.moved)[-room:]
        now = Text(_long(self._day), "bold")
        page = Text(f"The desk: {self._page}", "dim")
        return Group(now, _table(latest, self._console.width), _last_move(latest), page)


def _last_move(rows: Sequence[Row]) -> Text:
    """The latest move in full: the table's columns may be too narrow for it."""
    if not rows or not rows[-1].outcome:
        return Text("")
    row = rows[-1]
    words = Text(f"{row.client}: {row.step} → ")
    words.append(row.outcome, f"bold {_COLOURS.get(row.outcome, '')}")
    return words.append(f". {row.because}")


def _table(rows: Sequence[Row], width: int) -> Table:
    table = Table(expand=True, padding=(0, 1), header_style="bold")
    insurance = width >= NARROW
    table.add_column("Client", no_wrap=True, max_width=15)
    if insurance:
        table.add_column("Payer", no_wrap=True, max_width=9)
    table.add_column("Visit", no_wrap=True, min_width=6)
    table.add_column("Outcome", no_wrap=True, min_width=5)
    table.add_column("Platform", no_wrap=True)
    if insurance:
        table.add_column("Why", no_wrap=True, overflow="ellipsis", ratio=3)
    if width >= WIDE:
        table.add_column("Step", no_wrap=True, overflow="ellipsis", ratio=2)
    for row in rows:
        table.add_row(*_cells(row, width), style="bold" if row is rows[-1] else "")
    return table


def _cells(row: Row, width: int) -> list[str | Text]:
    visit = f"{day(row.visit):%b} {day(row.visit).day}"
    outcome = Text(row.outcome, _COLOURS.get(row.outcome, ""))
    if width < NARROW:
        return [row.client, visit, outcome, _state(row)]
    step = [row.step] if width >= WIDE else []
    return [row.client, row.payer, visit, outcome, _state(row), row.because, *step]


def _long(number: int) -> str:
    found = day(number)
    return f"{found:%A, %B} {found.day}, {found.year}"


def _state(row: Row) -> str:
    return _STATES.get(row.platform, row.platform)
