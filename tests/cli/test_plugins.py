"""``plugins``: what is installed, and how it is."""

import json
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.hooks.doubles import Point, plugin

from massage_ins_bridge.api import Payer
from massage_ins_bridge.hooks import configured, host
from massage_ins_bridge.hooks.loading import installed


def shown(run: Run, **variables: str) -> dict[str, Any]:
    done = run("plugins", "--json", **variables)
    assert done.code == 0
    return {item["name"]: item for item in done.json}


def test_plugins_say_how_they_are(run: Run) -> None:
    found = shown(run)
    assert (found["regence"]["health"], found["regence"]["serves"]) == (
        *("ok", ["bridgespan", "regence"]),
    )
    assert found["core"]["serves"] == ["every payer"]
    table = run("plugins", COLUMNS="200").out
    assert "regence" in table
    assert "every payer" in table


def test_a_disabled_plugin_is_shown_as_such(run: Run) -> None:
    found = shown(run, MIB_DISABLED_PLUGINS='["regence"]')
    assert found["regence"]["health"] == "disabled"


@pytest.fixture
def amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that defines a payer of another's, and names one that nobody defines."""
    hooks = plugin(payers=lambda: [Payer("regence", "Ours", "zz"), "nobody"])
    points = (*installed(), Point("zz", hooks))
    for module in (configured, host):
        monkeypatch.setattr(module, "installed", lambda: points)


@pytest.mark.usefixtures("amiss")
def test_a_payer_defined_twice_and_one_never_defined_are_told(run: Run) -> None:
    done = run("plugins", "--json")
    found = {item["name"]: item for item in json.loads(done.out)}
    assert done.code == 1
    for name in ("regence", "zz"):
        assert found[name]["health"] == "failed"
        assert "'regence' is defined by the plugins regence and zz" in found[name]["reason"]
    assert "names the payer 'nobody', which no installed plugin defines" in found["zz"]["reason"]
    assert found["premera"]["health"] == "ok"


@pytest.mark.usefixtures("amiss")
def test_the_doctor_tells_them_too(run: Run) -> None:
    done = run("doctor", "--json")
    told = [item["message"] for item in json.loads(done.out) if item["subject"] == "plugin zz"]
    assert len(told) == 2
    assert all(message.endswith("that payer's bookings are held") for message in told)
