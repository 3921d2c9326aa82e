"""The page of connectors says what the connectors say."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing.fake_connector import FakeCalendar, FakeConnector

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "connectors"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "build_connectors.py"))


def test_the_page_is_current(script: dict[str, Any]) -> None:
    have = (PAGES / "index.md").read_text(encoding="utf-8")
    assert have == script["page"](script["found"]()), "run scripts/build_connectors.py"


def test_each_connector_has_a_page_that_is_listed(script: dict[str, Any]) -> None:
    nav = (ROOT / "properdocs.yml").read_text(encoding="utf-8")
    for name in script["found"]():
        assert (PAGES / f"{name}.md").exists(), f"write docs/connectors/{name}.md"
        assert f"connectors/{name}.md" in nav


def test_what_a_connector_cannot_do_is_a_dash(script: dict[str, Any]) -> None:
    page = script["page"]({"fake": FakeConnector, "fake-calendar": FakeCalendar})
    assert "| on hold | it waits for confirmation | it is tentative |" in page
    assert "| marks a booking as held (`hold`) | - | yes |" in page
    assert "| `api_key` | API key | a secret |" in page


def test_a_capability_that_nobody_explains_ends_the_run(script: dict[str, Any]) -> None:
    told = script["page"].__globals__["CAPABILITIES"]
    words = told.pop("hold")
    with pytest.raises(SystemExit, match="hold stands in the code or in this script alone"):
        script["page"]({})
    told["hold"] = words
