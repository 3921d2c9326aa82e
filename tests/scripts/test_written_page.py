"""Pages are written, compared, and taken away when they are made no more."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "written_page.py"


@pytest.fixture
def keep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """Keeps pages of these texts, by name; more words are those of the command line."""
    kept = runpy.run_path(str(SCRIPT))["keep"]

    def made(*words: str, **texts: str) -> int:
        monkeypatch.setattr(sys, "argv", ["build_it.py", *words])
        pages = {tmp_path / "docs" / f"{name}.md": text for name, text in texts.items()}
        found: int = kept("", "build_it.py", lambda: pages, tmp_path.glob("docs/*.md"))
        return found

    return made


def test_pages_are_written_compared_and_taken_away(
    keep: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keep("--check", one="1") == 1
    assert capsys.readouterr().out == "docs/one.md is out of date; run scripts/build_it.py\n"
    assert not (tmp_path / "docs").exists()
    assert keep(one="1", two="2") == keep("--check", one="1", two="2") == 0
    assert keep("--check", one="1") == keep("--check", one="other", two="2") == 1
    assert keep(one="other") == 0
    assert [path.read_text("utf-8") for path in tmp_path.glob("docs/*")] == ["other"]


def test_a_table_has_its_heading() -> None:
    table = runpy.run_path(str(SCRIPT))["table"]
    assert list(table(("a", "b"), [("1", "2")])) == ["| a | b |", "|---|---|", "| 1 | 2 |", ""]
