"""What plugin authors read of the hooks is there, and true."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.api import Hooks

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
HOOKS: dict[str, Callable[..., Any]] = {
    name: value for name, value in vars(Hooks).items() if not name.startswith("_")
}


def arguments(hook: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(hook).parameters if name != "self"]


def test_the_hooks_are_those_promised() -> None:
    assert set(HOOKS) == {
        *("payers", "rules", "connectors"),
        *("on_booking", "on_visit_complete", "on_prescription_upload"),
    }


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_says_what_it_is_for_and_is_typed(name: str) -> None:
    assert len(inspect.getdoc(HOOKS[name]) or "") > 40
    signature = inspect.signature(HOOKS[name])
    said = [signature.parameters[argument].annotation for argument in arguments(HOOKS[name])]
    assert inspect.Signature.empty not in [signature.return_annotation, *said]


@pytest.mark.parametrize("name", HOOKS)
def test_the_page_gives_each_hook_with_its_arguments(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    written = re.findall(rf"\b{name}\(([^)]*)\)", text)
    assert written, f"docs/plugins.md never mentions {name}(…)"
    known = arguments(HOOKS[name])
    parts = [[part.partition(":")[0].strip() for part in found.split(",")] for found in written]
    names = [[name for name in found if name] for found in parts]
    assert all(set(found) <= set(known) for found in names), f"docs/plugins.md: {written}"
    assert known in names, f"docs/plugins.md nowhere gives {name}({', '.join(known)})"


def test_the_page_names_no_hook_that_is_none() -> None:
    named = set(re.findall(r"\bon_[a-z_]+", PAGE.read_text(encoding="utf-8")))
    assert named <= set(HOOKS)
