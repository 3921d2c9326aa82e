"""Tables on a screen, and in a pipe."""

import io
import re

import pytest

from massage_ins_bridge.cli import tables

HEAD = ("name", "what")
ROWS = [("a-long-name", "so many words that no narrow screen can hold them in a line " * 3)]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(monkeypatch: pytest.MonkeyPatch, out: io.StringIO) -> list[str]:
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("COLUMNS", "40")
    tables.print_table(HEAD, ROWS, whole=("name",))
    return re.sub(r"\x1b\[\d*m", "", out.getvalue()).splitlines()


def test_a_pipe_gets_a_line_for_each_row_with_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, io.StringIO()) == [
        "name\twhat",
        f"a-long-name\t{ROWS[0][1].strip()}",
    ]
    assert tables.width() == tables.UNENDING


def test_a_screen_gets_columns_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(monkeypatch, Screen())
    assert len(lines) > 3
    assert max(map(len, lines)) <= 40
    assert lines[1].startswith("a-long-name")
    assert tables.width() == 40
