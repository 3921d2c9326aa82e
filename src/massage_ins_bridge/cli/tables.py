"""Tables: for eyes where somebody looks at a screen, for programs where the output is piped."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from shutil import get_terminal_size

#: No line is as long.
UNENDING = 1_000_000


def is_screen() -> bool:
    """Whether somebody looks at what is printed."""
    return sys.stdout.isatty()


def width() -> int:
    """How many columns a line may have: what is piped is not wrapped."""
    return get_terminal_size().columns if is_screen() else UNENDING


def print_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], whole: Collection[str] = ()
) -> None:
    """Print rows under their heads. A screen gets columns, of which those that are ``whole`` are
    not wrapped; a pipe gets one line for each row, with tabs between its cells."""
    if not is_screen():
        for row in (head, *rows):
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, no_wrap=name in whole)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
