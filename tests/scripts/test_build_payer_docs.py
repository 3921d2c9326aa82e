"""The payers' pages say what the rule data say."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_pages_are_current() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "build_payer_docs.py"))["pages"]()
    folder = ROOT / "docs" / "payers"
    have = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert sorted(have) == sorted(made)
    stale = [name for name, text in made.items() if have[name] != text]
    assert stale == [], "run scripts/build_payer_docs.py"


def test_a_plugin_that_is_not_installed_loses_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "build_payer_docs.py"))["pages"]
    (tmp_path / "payer-acme").mkdir()
    (tmp_path / "payer-acme" / "pyproject.toml").touch()
    monkeypatch.setitem(script.__globals__, "PLUGINS", tmp_path)
    with pytest.raises(SystemExit, match=r"payer-acme: not installed; .* -e plugins/payer-acme"):
        script()
