"""A plugin that fails in its author's tests says so there, with its own error."""

from typing import Any

import pytest
from tests.hooks.doubles import NAME, Point, host_with, plugin

from massage_ins_bridge.api import ALL_PAYERS
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing import PluginFailedError, decide_request
from massage_ins_bridge.testing.requests import finished, request, uploaded


def fails(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("my own slip")


def host(**hooks: Any) -> Host:
    made = plugin(payers=lambda: [ALL_PAYERS], **hooks)
    return host_with(Point(NAME, made), only=["regence"])


def test_what_a_plugin_raises_is_raised_with_its_own_traceback() -> None:
    with pytest.raises(ZeroDivisionError, match="my own slip") as caught:
        decide_request(request("regence"), host(on_booking=lambda case: fails()))
    assert "fails" in [entry.name for entry in caught.traceback]
    (note,) = caught.value.__notes__
    line = fails.__code__.co_firstlineno + 1
    assert note.endswith(f"it raised ZeroDivisionError in test_strict.py, line {line}")


def test_it_can_be_seen_as_it_is_in_the_field() -> None:
    decision = decide_request(
        request("regence"), host(on_booking=lambda case: fails()), strict=False
    )
    assert decision["outcome"] == "hold"
    assert decision["requirements"][0]["key"] == "plugin.failed"


def test_an_answer_that_breaks_the_contract_is_told() -> None:
    with pytest.raises(PluginFailedError, match="'trial' failed: it returned str where an Answer"):
        decide_request(request("regence"), host(on_booking=lambda case: "allow"))


def test_a_plugin_that_cannot_be_imported_is_told() -> None:
    class Gone(Point):
        def load(self) -> Any:
            raise SystemExit("bye")

    gone = host_with(Gone(NAME, None), only=["regence"])
    with pytest.raises(PluginFailedError, match="cannot be imported: it raised SystemExit"):
        decide_request(request("regence"), gone)


def test_the_other_hooks_raise_too() -> None:
    with pytest.raises(ZeroDivisionError):
        finished(request("regence"), host(on_visit_complete=lambda case: fails()))
    with pytest.raises(ZeroDivisionError):
        uploaded(request("regence"), host(on_prescription_upload=lambda case: fails()))
