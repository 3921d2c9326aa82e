"""``plugins disable``, ``enable`` and ``forget``: which plugins a clinic uses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.databases import fresh_sqlite
from tests.hooks.test_remembered import WAS, trial_point

from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import desk_beside
from massage_ins_bridge.hooks import configured as configured_host
from massage_ins_bridge.hooks.loading import installed
from massage_ins_bridge.settings import load_settings

Configured = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path, configured: Configured, run: Run) -> Path:
    """Settings with a note of the owner's, and the database of a service that knew a plugin."""
    path = configured(before="# ours\nport = 0")
    fresh_sqlite(tmp_path)
    with desk_beside(load_settings(path), SystemClock()) as made, made.write() as record:
        record.known_plugins.keep(WAS.name, WAS.text())
    return path


def test_a_plugin_is_switched_off_and_on_in_the_settings(run: Run, file: Path) -> None:
    off = run("plugins", "disable", "lni")
    assert (off.code, file.read_text().startswith("# ours\n")) == (0, True)
    assert "Bookings of L&I are then on hold, each client's with a task." in off.out
    assert load_settings(file).disabled_plugins == ("lni",)
    assert "nothing to change" in run("plugins", "disable", "lni").out
    assert run("plugins", "enable", "lni").code == 0
    assert load_settings(file).disabled_plugins == ()


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (("disable", "lnii"), {}, "There is no plugin 'lnii'; did you mean 'lni'?"),
        (("disable", "core"), {}, "core: holds the rules that every payer shares"),
        (("disable", "lni"), {"MIB_DISABLED_PLUGINS": "[]"}, "MIB_DISABLED_PLUGINS is set"),
        (("forget", "lni"), {}, "The plugin 'lni' is in use; switch it off first."),
    ],
)
def test_what_cannot_be_is_one_line(
    run: Run, file: Path, arguments: tuple[str, str], variables: dict[str, str], said: str
) -> None:
    done = run("plugins", *arguments, **variables)
    assert (done.code, said in done.err, len(done.err.splitlines())) == (2, True, 1)


@pytest.mark.usefixtures("file")
def test_a_plugin_that_is_gone_is_listed_until_it_is_forgotten(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone,) = [item for item in run("plugins", "--json").json if item["health"] == "gone"]
    assert (gone["name"], gone["version"], gone["serves"]) == ("trial", "1.2", ["evergreen"])
    assert "pip install payer-trial==1.2" in run("plugins", "enable", "trial").out
    points = (*installed(), trial_point())
    with monkeypatch.context() as patched:
        patched.setattr(configured_host, "installed", lambda: points)
        found = {item["name"]: item["health"] for item in run("plugins", "--json").json}
        assert found["trial"] == "ok"
    assert run("plugins", "forget", "trial").code == 0
    assert "trial" not in [item["name"] for item in run("plugins", "--json").json]
