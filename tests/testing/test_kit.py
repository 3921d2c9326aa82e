"""A host over one plugin, strict, with all three hooks."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import massage_ins_bridge_regence
from massage_ins_bridge.api import Answer, hookimpl
from massage_ins_bridge.testing import PluginFailedError
from massage_ins_bridge.testing.kit import Kit, kit_of
from massage_ins_bridge.testing.requests import authorization, days, request, shown, visits

MakeKit = Callable[..., Kit]
FIFTH = request("regence", visits=visits("regence", *days(1)))


@pytest.mark.parametrize("plugin", ["regence", massage_ins_bridge_regence], ids=["name", "module"])
def test_an_installed_plugin_or_a_module_is_asked_alone(
    plugin: str | ModuleType, one_plugin: MakeKit
) -> None:
    kit = one_plugin(plugin)
    assert [one.name for one in kit.host.plugins] == ["core", "regence"]
    assert shown(kit.decide(request("regence")), "payer") == "regence"
    assert {item.plugin for item in kit.on_booking(FIFTH)} == {"regence"}


def test_the_other_hooks_answer() -> None:
    used = [authorization("regence", visits=1)]
    owed = kit_of("regence").on_visit_complete(request("regence", authorizations=used))
    assert [item.kind for item in owed] == ["request-extension", "submit-claim"]
    answer = kit_of("pip").on_prescription_upload(request("pip"))
    assert {item.plugin for item in answer.findings} == {"core", "pip"}


def test_a_plugin_that_needs_another_is_asked_with_it() -> None:
    kit = kit_of("uniform", None, "regence")
    assert [one.name for one in kit.host.plugins] == ["core", "regence", "uniform"]


class Trial:
    """A plugin that slips."""

    __name__ = "trial"

    @staticmethod
    @hookimpl
    def on_booking(case: Any) -> Answer:
        raise ZeroDivisionError("my own slip")


def test_a_slip_is_raised_in_the_test() -> None:
    with pytest.raises(ZeroDivisionError, match="my own slip"):
        kit_of(Trial(), "trial", "regence").decide(request("regence"))


def test_one_that_does_not_load_is_told_at_once() -> None:
    with pytest.raises(PluginFailedError, match="'bare' failed: it has no hook"):
        kit_of(ModuleType("bare"))
    with pytest.raises(LookupError, match="not installed: nowhere"):
        kit_of("nowhere")
