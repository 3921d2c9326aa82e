"""``help`` tells what plugins may import, what each field means, and little else."""

import copy
import inspect
import pickle
import pydoc
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from tests.hooks.doubles import Point, host_with

from massage_ins_bridge import api
from massage_ins_bridge.api import calendars, connectors
from massage_ins_bridge.api._examples import EXAMPLES
from massage_ins_bridge.api._help import meanings, public_names
from massage_ins_bridge.domain.told import Told, fields_of
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request

MODULES = (api, connectors, calendars)
#: Two or three screens; of a class one or two, and ``Case`` is what plugins read most.
LINES = {
    "massage_ins_bridge.api": 130,
    "massage_ins_bridge.api.connectors": 90,
    "Case": 110,
    "Hooks": 95,
}
BOOK = parse_book(
    """
plugin = "evergreen"
ruleset = "1"
payers = [{ key = "evergreen", name = "Evergreen Health" }]
sources = [{ id = "a", title = "A", publisher = "B", read_on = 2026-11-22 }]
rules = [{ id = "EVG-01", text = "A rule.", source = "a", sure = "read", values = { visits = 6 } }]
""",
    "rules.toml",
)


def told(thing: Any) -> str:
    return pydoc.plain(pydoc.render_doc(thing))


def classes() -> Iterator[tuple[str, Any]]:
    for module in MODULES:
        for name in public_names(module):
            made = getattr(module, name)
            if inspect.isclass(made) and made.__module__.startswith("massage_ins_bridge"):
                yield name, made


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_help_of_a_module_has_a_place_for_every_name(module: Any) -> None:
    named = re.findall(r"^    ((?:\w+, )*\w+)  +\S", module.__doc__, re.MULTILINE)
    listed = [name for names in named for name in names.split(", ")]
    assert sorted(listed) == public_names(module)
    assert told(module).count("\n") < LINES.get(module.__name__, 40)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_all_that_is_imported_at_once_is_what_may_be(module: Any) -> None:
    found: dict[str, Any] = {}
    exec(f"from {module.__name__} import *", found)  # noqa: S102 - as a plugin might
    rooms = {"connectors", "calendars"} if module is api else set()
    names = {name for name in found if name.isidentifier() and not name.startswith("_")}
    assert names - rooms == set(public_names(module))


@pytest.mark.parametrize(("name", "made"), list(classes()))
def test_help_of_a_class_tells_of_it_and_not_of_what_python_makes(name: str, made: Any) -> None:
    text = told(made)
    if isinstance(made, Told):
        assert text.count("\n") < LINES.get(name, 75)
        assert not re.search(r"^ \|  __\w+__", text, re.MULTILINE)
        assert "Data descriptors" not in text
    said, plain = meanings(name), " ".join(text.replace(" |", "").split())
    for field in fields_of(made) if said else ():
        assert re.search(rf"{field} \([^:]*\): {re.escape(said[field].replace('`', ''))}", plain)


def test_help_of_a_class_gives_the_words_that_a_field_may_hold() -> None:
    assert "[clinic, home, other]" in told(api.Booking)
    assert "[met, unmet, due, waived, unknown]" in told(api.Requirement)
    assert "[pending, accepted, cancelled," in told(connectors.PlatformBooking)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_class_works(name: str) -> None:
    """Within a hook, as plugins would use it."""
    done: list[Callable[..., Any]] = []

    @api.hookimpl
    def on_booking(case: api.Case) -> None:
        rule = case.rules["EVG-01"]
        given = {"case": case, "rule": rule, "now": case.as_of, "load_book": lambda _: BOOK}
        days = {"date": date, "datetime": datetime, "UTC": UTC, "Decimal": Decimal}
        exec(EXAMPLES[name], {**vars(api), **days, **given})  # noqa: S102 - our own example
        done.append(on_booking)

    if name == "Payer":
        assert tomllib.loads(EXAMPLES[name])["payers"][0].keys() < set(fields_of(api.Payer))
        return
    plugin = ModuleType("evergreen")
    vars(plugin).update(
        on_booking=on_booking,
        rules=api.hookimpl(_named("rules", BOOK)),
        payers=api.hookimpl(_named("payers", BOOK.payers)),
    )
    decide_request(request("evergreen"), host_with(Point("evergreen", plugin), only=["regence"]))
    assert done


def _named(name: str, value: Any) -> Callable[[], Any]:
    def hook() -> Any:
        return value

    hook.__name__ = name
    return hook


def test_a_fact_can_be_copied_and_kept_as_before() -> None:
    fact = api.Frequency(2, "week")
    assert copy.copy(fact) == copy.deepcopy(fact) == pickle.loads(pickle.dumps(fact)) == fact  # noqa: S301
    assert "__eq__" in dir(fact)
    assert list(inspect.signature(api.Frequency).parameters) == ["times", "per"]
