"""The board, on a terminal and without one."""

import re
from io import StringIO

import pytest
from rich.console import Console

from massage_ins_bridge.demo.board import Board
from massage_ins_bridge.demo.row import Row

ROW = Row("Test Client", 7, "books", 0, "Regence", "hold", "pending", "No prescription is on file.")


def test_without_a_terminal_each_move_is_one_plain_line() -> None:
    out = StringIO()
    with Board(Console(file=out), "http://127.0.0.1:1/") as board:
        board.new_day(0, {})
        for _ in range(2):
            board.update({"u1": ROW})
            board.settled({"u1": ROW})
    lines = out.getvalue().splitlines()
    assert lines[0].endswith("http://127.0.0.1:1/")
    assert lines[1] == "--- Tuesday, December 1, 2026"
    words = "Test Client Regence visit Tue Dec 8 hold pending No prescription is on file. [books]"
    assert " ".join(lines[2].split()) == words
    assert len(lines) == 3


@pytest.mark.parametrize(("width", "height"), [(44, 30), (60, 10), (80, 24), (140, 40)])
def test_the_table_fits_the_screen_and_shows_the_latest(width: int, height: int) -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=width, height=height, color_system=None)
    rows = {
        f"u{n}": Row(f"Client {n}", 7, "books", 0, "Regence", "hold", "pending", f"Why {n}.")
        for n in range(30)
    }
    with Board(console, "http://127.0.0.1:1/") as board:
        board.new_day(0, {})
        board.update(rows)
        out.truncate(0)
        out.seek(0)
        board.new_day(1, rows)
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue()).splitlines()
    assert len(shown) <= height
    assert max(map(len, shown)) <= width
    (latest,) = (line for line in shown if re.search(r"Client 29 .*Dec 8", line))
    assert ("hold" in latest, "pending" in latest) == (True, True)
    assert any("Wednesday, December 2, 2026" in line for line in shown)
