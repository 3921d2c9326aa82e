"""A plugin that is made for another host says so in one line, before anything goes wrong."""

import warnings
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from tests.hooks.doubles import NAME, Point, host_with, plugin

from massage_ins_bridge import api
from massage_ins_bridge.api import API_VERSION, ApiDeprecationWarning
from massage_ins_bridge.api._deprecated import Ending
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.versions import unfit_api, unfit_release
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request


@dataclass(frozen=True)
class Distribution:
    """An installed distribution that asks for this."""

    asks: str
    name: str = "acme"
    version: str = "3"

    def read_text(self, _: str) -> str:
        return f"Name: acme\nRequires-Dist: {self.asks}\n\nRequires-Dist: httpx"


@dataclass(frozen=True)
class From(Point):
    """An entry point of that distribution."""

    dist: Any = None


def silent(case: Any) -> None: ...


def said_of(host: Host) -> str | None:
    return next(p.failure for p in host.plugins if p.name == NAME)


@pytest.mark.parametrize(
    ("asks", "version", "fits"),
    [
        ("massage-ins-bridge", "0.1.0", True),
        ("massage-ins-bridge>=0.1", "0.1.0", True),
        ("massage_ins_bridge>=0.1.0", "0.1", True),
        ("massage-ins-bridge (>=0.1.0)", "0.1.0", True),
        ("massage-ins-bridge>=0.1.1", "0.1.0", False),
        ("massage-ins-bridge>=0.10", "0.9", False),
        ("massage-ins-bridge>=9.0", "0.1.0", False),
        ("massage-ins-bridge<2,>=1.2", "1.9", True),
        ("massage-ins-bridge<2,>=1.2", "2.0", False),
        ("massage-ins-bridge~=1.2", "2.0", False),
        ("massage-ins-bridge!=1.2", "1.2", False),
        ("massage-ins-bridge>=9; extra == 'x'", "0.1.0", True),
        ("massage-ins-bridge-payer-pip>=9", "0.1.0", True),
        ("massage-ins-bridge>=what", "0.1.0", True),
        ("httpx>=9", "0.1.0", True),
    ],
)
def test_the_release_that_a_distribution_asks_for(asks: str, version: str, fits: bool) -> None:
    point: Any = From(NAME, None, Distribution(asks))
    said = unfit_release(point, version)
    assert (said is None) is fits
    if said is not None:
        assert f"and this is {version}" in said


@pytest.mark.parametrize(
    ("asked", "version", "words"),
    [
        ("1.0", "1.0", None),
        ("1.0", "1.7", None),
        ("1.8", "1.7", "update massage-ins-bridge"),
        ("2.0", "1.7", "update massage-ins-bridge"),
        ("1.9", "2.0", "update the plugin"),
        ("1", "1.0", 'write it as requires_api = "1.0"'),
        (1.0, "1.0", 'write it as requires_api = "1.0"'),
        (">=1.0", "1.0", 'write it as requires_api = "1.0"'),
    ],
)
def test_the_api_that_a_module_asks_for(asked: Any, version: str, words: str | None) -> None:
    said = unfit_api(SimpleNamespace(requires_api=asked), version)
    assert said is None if words is None else words in (said or "")


def test_a_plugin_for_a_later_release_is_not_even_imported_and_holds() -> None:
    point = From(NAME, plugin(on_booking=silent), Distribution("massage-ins-bridge>=9.0"))
    host = host_with(point, only=["regence"])
    said = said_of(host)
    assert said is not None
    assert said.startswith("it asks for massage-ins-bridge>=9.0, and this is ")
    assert "\n" not in said
    assert decide_request(request("regence"), host, strict=False)["outcome"] == "hold"


def test_a_plugin_for_another_api_fails_and_one_for_this_is_taken() -> None:
    for asked, fits in ((API_VERSION, True), ("99.0", False)):
        point = Point(NAME, _asking(asked))
        assert (said_of(host_with(point, only=["regence"])) is None) is fits


def _asking(version: str) -> Any:
    made: Any = plugin(on_booking=silent)
    return type("Asking", (type(made),), {"requires_api": version})()


@dataclass(frozen=True)
class Old(Point):
    """A plugin whose import uses a name that ends, and warns of something of its own."""

    def load(self) -> Any:
        warnings.warn("something else", UserWarning, stacklevel=1)
        assert api.old_name is api.add_days  # type: ignore[attr-defined]
        return self.loaded


def test_what_ends_still_works_and_its_use_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_ENDING", {"old_name": Ending("add_days", "2.0")})
    with pytest.warns(ApiDeprecationWarning, match=r"old_name ends with .* 2\.0; use add_days"):
        assert api.old_name is api.add_days  # type: ignore[attr-defined]
    with pytest.warns(UserWarning, match="something else"):
        host = host_with(Old(NAME, plugin(on_booking=silent)), only=["regence"])
    (found,) = [p for p in host.plugins if p.name == NAME]
    assert found.failure is None
    assert [note.partition(" ends")[0] for note in found.notes] == [
        "massage_ins_bridge.api.old_name"
    ]


def test_a_name_that_never_was_is_none() -> None:
    with pytest.raises(AttributeError, match="has no 'oldest_name'"):
        _ = api.oldest_name  # type: ignore[attr-defined]
