"""``charts``: a file is looked over, and taken in, with what is wrong by line."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.databases import fresh_sqlite

FILE = "name,born,payer\nAnn Lee,1980-02-03,Regence\nBo Stone,31/02/1984,\n"


def test_a_file_is_checked_and_taken_in(
    run: Run, configured: Callable[..., Path], tmp_path: Path
) -> None:
    configured()
    fresh_sqlite(tmp_path)
    file = tmp_path / "clients.csv"
    file.write_text(run("charts", "template").out.splitlines()[0] + "\n", encoding="utf-8")
    assert run("charts", "check", "clients.csv").out == (
        "0 lines to take in, 0 known already, 0 left.\n"
    )
    file.write_text(FILE, encoding="utf-8")
    checked = run("charts", "check", "clients.csv")
    assert (checked.code, checked.out) == (1, "1 lines to take in, 0 known already, 1 left.\n")
    assert checked.err.startswith("line 3, born: “31/02/1984” is no day")
    refused = run("charts", "take", "clients.csv")
    assert (refused.code, "line 3, born: " in refused.err) == (2, True)
    taken = run("charts", "take", "clients.csv", "--ready-only")
    assert (taken.code, taken.out) == (0, "1 lines taken in, 0 known already, 1 left out.\n")
    file.write_text("name,phone,born\nAnn Lee,206 555 0101,\n", encoding="utf-8")
    doubt = run("charts", "check", "clients.csv")
    assert "line 2: may be the client pat_" in doubt.err
    assert run("charts", "take", "clients.csv", "--settle", "2=new").code == 0
    missing = run("charts", "check", "none.csv")
    assert (missing.code, "none.csv: cannot be read" in missing.err) == (2, True)
