"""The page of hooks, facts and roles says what the code says, and its examples work."""

import runpy
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.hooks.doubles import Point, host_with

from massage_ins_bridge import api
from massage_ins_bridge.api._help import public_names
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import finished, request, requirement, uploaded

ROOT = Path(__file__).resolve().parents[2]
BOOK = parse_book(
    """
plugin = "evergreen"
ruleset = "1"
payers = [{ key = "evergreen", name = "Evergreen Health" }]
sources = [{ id = "a", title = "A", publisher = "B", read_on = 2026-11-22 }]
rules = [{ id = "EVG-01", text = "A rule.", source = "a", sure = "read" }]
""",
    "rules.toml",
)


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "build_api_reference.py"))


def test_the_page_is_current(script: dict[str, Any]) -> None:
    have = (ROOT / "docs" / "api-reference.md").read_text(encoding="utf-8")
    assert have == script["page"](), "run scripts/build_api_reference.py"


def test_a_hook_or_word_that_nobody_explains_ends_the_run(script: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match=r"hooks: b, c stands"):
        script["_same"]("hooks", ("a", "b"), ("a", "c"))


def test_the_examples_of_hooks_are_a_plugin_that_works(script: dict[str, Any]) -> None:
    module = ModuleType("evergreen")
    vars(module).update({name: getattr(api, name) for name in public_names(api)}, Sequence=Sequence)
    vars(module)["load_book"] = lambda _: BOOK
    code = [script["hook_example"](name) for name in script["HOOKS"] if name != "connectors"]
    exec("\n".join(code), vars(module))  # noqa: S102 - the page's own examples
    host = host_with(Point("evergreen", module), only=["regence"])
    made = request("evergreen", **{"prescriptions.0.visits": ...})
    said = requirement(decide_request(made, host), "referral")
    assert said is not None
    assert said["message"] == "Visit 1 needs no referral."
    unknown = requirement(decide_request({**made, "visits": None}, host), "referral")
    assert unknown is not None
    assert unknown["status"] == "unknown"
    assert ("submit-claim", "2027-12-08") in finished(made, host)
    assert uploaded(made, host)[0]["visits"] == "unmet"
    assert "prescription.visits" in uploaded(request("evergreen"), host)[1]
