"""The payers' pages say what the rule data say."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_pages_are_current() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "build_payer_docs.py"))["pages"]()
    folder = ROOT / "docs" / "payers"
    have = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert sorted(have) == sorted(made)
    stale = [name for name, text in made.items() if have[name] != text]
    assert stale == [], "run scripts/build_payer_docs.py"
