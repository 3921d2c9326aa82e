"""Plugins are loaded one by one: what is wrong with one is said, holds, and silences no other."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.hooks.distributions import assert_held_for, failures
from tests.hooks.doubles import NAME, Point, host_with, plugin

from massage_ins_bridge.api import ALL_PAYERS, Payer, RuleBook, hookimpl
from massage_ins_bridge.hooks import host as hooks_host
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.loading import installed
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.requests import host_of, request, requirement


@dataclass(frozen=True)
class Importing(Point):
    """An entry point whose import does this."""

    def load(self) -> Any:
        return self.loaded()


def fails(error: BaseException) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def silent(case: Any) -> None: ...


class Twice:
    on_booking = staticmethod(hookimpl(silent))
    on_booking_too = staticmethod(hookimpl(specname="on_booking")(lambda case: None))


class Shy:
    def __dir__(self) -> list[str]:
        raise RuntimeError("no")


def hooked(**hooks: Callable[..., Any]) -> Point:
    return Point(NAME, plugin(**hooks))


def announcing(**hooks: Callable[..., Any]) -> Point:
    return hooked(on_booking=silent, **{"payers": lambda: [ALL_PAYERS], **hooks})


def payers(*found: Any) -> Point:
    return announcing(payers=lambda: list(found))


ANY: Any = None
LIST: Any = [7]
#: What is wrong, and words of the reason.
BROKEN: dict[str, tuple[Point, list[str]]] = {
    "an import fails": (Importing(NAME, fails(ImportError())), ["imported", "ImportError"]),
    "an import lacks a module": (
        Importing(NAME, fails(ModuleNotFoundError("No module named 'acme_tools'"))),
        ["imported", "ModuleNotFoundError", "No module named 'acme_tools'"],
    ),
    "an import exits": (Importing(NAME, fails(SystemExit())), ["imported", "SystemExit"]),
    "an import hangs": (Importing(NAME, lambda: time.sleep(9)), ["imported", "1 s"]),
    "no hook": (Point(NAME, object()), ["no hook"]),
    "nothing to look at": (Point(NAME, Shy()), ["RuntimeError"]),
    "a dict": (Point(NAME, {}), []),
    "misspelt": (hooked(on_bookin=silent), ["'on_bookin'", "did it mean 'on_booking'?"]),
    "twice": (Point(NAME, Twice()), ["on_booking more than once (<lambda> and silent)"]),
    "other arguments": (hooked(on_booking=lambda kase: None), ["hooks do not fit", "kase"]),
    "payers raise": (announcing(payers=fails(OSError("x"))), ["payers()", "OSError"]),
    "payers is nothing": (announcing(payers=lambda: None), ["payers()"]),
    "payers is a number": (announcing(payers=lambda: 7), ["payers()"]),
    "payers is text": (announcing(payers=lambda: "regence"), ["payers()"]),
    "payers holds a number": (payers(7), ["payers()"]),
    "a payer's key is a list": (payers(Payer(LIST, "Acme", NAME)), []),
    "a payer has no name": (payers(Payer("acme", ANY, NAME)), []),
    "a payer's aliases are nothing": (payers(Payer("acme", "Acme", NAME, aliases=ANY)), []),
    "rules raise": (announcing(rules=fails(KeyError("x"))), ["rules()", "KeyError"]),
    "rules is a dict": (announcing(rules=lambda: {"a": 1}), ["rules()", "RuleBook"]),
    "rules without a list": (announcing(rules=lambda: RuleBook(NAME, "1", ANY)), []),
    "rules of another shape": (announcing(rules=lambda: RuleBook(NAME, "1", LIST)), []),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_holds_and_says_why(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import has a second; the others have their usual time, for a machine that is busy."""
    monkeypatch.setattr(hooks_host, "LOADING_TAKES", 0.5)
    point, words = BROKEN[kind]
    host = host_with(point)
    decision = decide_request(request("regence"), host, strict=False)
    assert_held_for(decision, NAME, *words)
    assert failures(decision).keys() == {NAME}
    paid = decide_request(request("regence", **{"booking.self_pay": True}), host)
    assert (paid["outcome"], paid["requirements"]) == ("allow", [])


def as_in_the_field(host: Host, payer: str = "regence") -> dict[str, Any]:
    return decide_request(request(payer), host, strict=False)


def test_two_plugins_of_one_name_hold() -> None:
    """Nor can a second one take the place of one that is installed."""
    host = host_with(hooked(on_booking=silent), hooked(on_booking=silent))
    assert_held_for(as_in_the_field(host), NAME, "same name")
    twins = [item.failure is None for item in host.plugins if item.name == NAME]
    assert twins == [True, False]
    host = host_with(Point("regence", plugin(on_booking=silent)))
    assert_held_for(as_in_the_field(host), "regence", "same name")


def test_a_disabled_plugin_is_not_even_imported() -> None:
    host = host_with(Importing(NAME, fails(SystemExit())), disabled=[NAME])
    assert decide_request(request("regence"), host)["outcome"] == "allow"
    (found,) = [item for item in host.plugins if item.name == NAME]
    assert (found.disabled, found.failure) == (True, None)


def test_a_disabled_payer_is_served_no_more() -> None:
    decision = decide_request(request("lni"), host_with(disabled=["lni"]))
    coverage = requirement(decision, "coverage") or {}
    told = (decision["outcome"], failures(decision), coverage.get("status"))
    assert told == ("hold", {}, "unknown")


def ours(key: str, *aliases: str, name: str = "zz") -> Point:
    return Point(name, plugin(payers=lambda: [Payer(key, "Regence of Ours", name, aliases)]))


@pytest.mark.parametrize("name", ["aa", "zz"])
def test_a_payer_that_two_plugins_define_holds_and_both_are_named(name: str) -> None:
    """Not the alphabet, but nobody says which of them is right."""
    host = host_with(ours("regence", name=name))
    held = as_in_the_field(host)
    assert failures(held).keys() == {"regence", name}
    for text in failures(held).values():
        assert "the payer 'regence' is defined by the plugins" in text
        assert "regence" in text
        assert name in text
    coverage = requirement(held, "coverage") or {}
    told = (held["outcome"], held["route"], held["self_pay_offered"], coverage["status"])
    assert told == ("hold", None, False, "unknown")
    assert failures(as_in_the_field(host, "cigna")) == {}
    assert failures(as_in_the_field(host_with(ours("regence"), disabled=["zz"]))) == {}


def test_a_payer_that_nobody_defines_is_an_error_by_its_name() -> None:
    host = host_with(payers("regense", "cigna"))
    (found,) = [item for item in host.plugins if item.name == NAME]
    said = "payers() names the payer 'regense', which no installed plugin defines; did you mean"
    assert list(found.amiss) == ["regense"]
    assert said in found.amiss["regense"]
    assert_held(as_in_the_field(host, "regense"), said)
    assert failures(as_in_the_field(host, "cigna")) == {}


def assert_held(decision: dict[str, Any], said: str) -> None:
    assert decision["outcome"] == "hold"
    assert said in failures(decision)[NAME]


class Forgot:
    """Its first function has no marker, so that a booking that it holds would be allowed."""

    on_booking = staticmethod(lambda case: None)
    payers = staticmethod(hookimpl(lambda: [ALL_PAYERS]))


def test_a_function_named_like_a_hook_without_the_marker_fails() -> None:
    decision = as_in_the_field(host_with(Point(NAME, Forgot())))
    assert_held_for(decision, NAME, "'on_booking'", "no @hookimpl")


def test_a_plugin_keeps_the_name_it_was_installed_by() -> None:
    """Its book may say another name; rules, answers and the ruleset go by the installed one."""
    (module,) = [p.load() for p in installed() if p.name == "regence"]
    host = host_with(Point("bluest", module), only=())
    decision = decide_request(request("regence", **{"coverages.0.funding": "self_insured"}), host)
    found = requirement(decision, "prior-authorization") or {}
    assert (decision["outcome"], decision["ruleset"].keys()) == ("allow", {"core", "bluest"})
    assert found.get("plugin") == "bluest"


def test_a_payer_without_its_book_still_takes_self_pay() -> None:
    """A payer may forbid self-pay by a rule that its plugin forgot to bring."""
    host = host_with(payers(Payer("acme", "Acme", NAME, self_pay_rule="X-9")), only=())
    decision = decide_request(request("acme", **{"booking.self_pay": True}), host)
    assert decision["outcome"] in ("allow", "hold")


@pytest.mark.parametrize("answer", [7, "calcom", [object()], {"a": 1}])
def test_connectors_that_are_none_fail_their_plugin_when_asked(answer: Any) -> None:
    host = host_with(announcing(connectors=lambda: answer))
    assert host.connectors[NAME] == ()
    (found,) = [item for item in host.plugins if item.name == NAME]
    assert found.failure == "connectors() returned something else than classes"


class Misspelt(FakeConnector):
    capabilities = FakeConnector.capabilities | {"cancle"}  # type: ignore[arg-type]


def test_a_class_that_no_account_could_use_fails_its_plugin_and_holds_no_booking() -> None:
    host = host_with(Point(NAME, plugin(connectors=lambda: [Misspelt])), only=["regence"])
    assert host.connectors[NAME] == (Misspelt,)
    (found,) = [item for item in host.plugins if item.name == NAME]
    assert "did you mean 'cancel'?" in str(found.failure)
    assert failures(as_in_the_field(host)) == {}


def test_the_ruleset_names_each_plugin_that_was_asked() -> None:
    decision = decide_request(request("regence"), host_of("regence", "uniform", "lni"))
    assert decision["ruleset"].keys() == {"core", "regence", "uniform"}
