"""The payers' pages say what the rule data say."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location(
        "build_payer_docs", ROOT / "scripts" / "build_payer_docs.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.pages()
    folder = ROOT / "docs" / "payers"
    have = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert sorted(have) == sorted(made)
    stale = [name for name, text in made.items() if have[name] != text]
    assert stale == [], "run scripts/build_payer_docs.py"
