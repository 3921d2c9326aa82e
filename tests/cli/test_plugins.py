"""``plugins``: what is installed, and how it is."""

from typing import Any

from tests.cli.conftest import Run


def shown(run: Run, **variables: str) -> dict[str, Any]:
    done = run("plugins", "--json", **variables)
    assert done.code == 0
    return {item["name"]: item for item in done.json}


def test_plugins_say_how_they_are(run: Run) -> None:
    found = shown(run)
    assert (found["regence"]["health"], found["regence"]["serves"]) == ("ok", ["regence"])
    assert found["core"]["serves"] == ["every payer"]
    table = run("plugins", COLUMNS="200").out
    assert "regence" in table
    assert "every payer" in table


def test_a_disabled_plugin_is_shown_as_such(run: Run) -> None:
    found = shown(run, MIB_DISABLED_PLUGINS='["regence"]')
    assert found["regence"]["health"] == "disabled"
