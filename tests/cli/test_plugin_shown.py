"""``plugins NAME``: one plugin whole."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.cli.conftest import Run
from tests.databases import fresh_sqlite
from tests.desk.bridge import make_bridge
from tests.hooks.doubles import Point, host_with, plugin
from tests.hooks.test_remembered import WAS, trial_point

from massage_ins_bridge.cli.plugin_shown import lines, whole
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.connecting import choices
from massage_ins_bridge.desk.installation import desk_beside
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.plugins_dir import found_in
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.fake_connector import FakeConnector

TODAY = date(2026, 12, 1)


def words(host: Host, name: str) -> str:
    (found,) = [one for one in host.plugins if one.name == name]
    return "\n".join(lines(whole(host, found, (), TODAY)))


def test_a_payer_plugin_is_shown_whole() -> None:
    text = words(host_with(trial_point(), only=["regence"]), "trial")
    for line in (
        "hooks: payers, rules",
        "  evergreen: Evergreen Health (also Evergreen Co-op)",
        "  T-1 (always; review by not set): Clients of Evergreen are never billed.",
        "  fact tier on coverage, choice of gold, silver: Tier",
        "  authorization trial.care-plan: Care plan of Evergreen",
    ):
        assert line in text


def test_a_connector_is_shown_with_what_it_can_do() -> None:
    bringing = Point("fake", plugin(connectors=lambda: [FakeConnector]))
    text = words(host_with(bringing, only=["regence"]), "fake")
    assert "connectors:\n  fake can: access, cancel" in text
    assert "shows a hold: pending" in text


class Wrong(FakeConnector):
    settings = ("api_key",)


def test_a_connector_that_no_account_could_use_is_shown_with_what_is_amiss() -> None:
    host = host_with(Point("trial", plugin(connectors=lambda: [Wrong])), only=[])
    text = words(host, "trial")
    assert "health: failed: connector fake: settings 0 is str, not a Setting" in text
    assert choices(host) == {}


def test_a_plugin_that_is_gone_is_shown_as_it_is_remembered() -> None:
    text = words(host_with(only=["regence"]).remembering([WAS]), "trial")
    assert text.startswith("trial: payer-trial, version 1.2\n  health: gone\n")
    assert "  evergreen: Evergreen Health" in text
    assert "  fact tier on coverage" in text


def test_a_payer_of_another_that_is_served_too_and_rules_that_are_overdue(run: Run) -> None:
    assert "  serves too: every payer" in run("plugins", "core").out
    found = run("plugins", "core", "--json").json
    assert found["payers"] == []
    assert any(rule["overdue"] for rule in found["rules"])
    assert "2019-10-25, overdue" in run("plugins", "core").out


def test_no_such_plugin_is_one_line_with_the_nearest(run: Run) -> None:
    done = run("plugins", "cor")
    assert (done.code, done.err) == (
        *(2, "massage-ins-bridge: there is no plugin 'cor'; did you mean 'core'?\n"),
    )


def test_the_last_faults_are_shown_with_the_line_in_the_plugins_own_package(
    run: Run, tmp_path: Path, configured: Callable[..., Path]
) -> None:
    """As a service on the same data held the bookings."""
    folder = tmp_path / "own"
    folder.mkdir()
    code = (
        "from massage_ins_bridge.api import hookimpl\n\n\n"
        "@hookimpl\ndef on_booking(case):\n    import json\n    return json.loads('{')\n"
    )
    (folder / "faulty.py").write_text(code, encoding="utf-8")
    bridge = make_bridge(tmp_path, None, host=host_with(*found_in(folder), only=["regence"]))
    for ref in ("b1", "b2"):
        bridge.take(ref)
    bridge.close()
    configured(before='plugins_dir = "own"')
    shown = run("plugins", "faulty").out.splitlines()
    at = shown.index("last faults:")
    assert shown[at + 1].endswith(", 2 times: it raised JSONDecodeError in faulty.py, line 7")


def test_without_a_database_of_this_shape_there_is_nothing_to_remember(
    run: Run, tmp_path: Path, configured: Callable[..., Path]
) -> None:
    path = configured()
    assert run("plugins", "trial").code == 2
    fresh_sqlite(tmp_path)
    with desk_beside(load_settings(path), SystemClock()) as made, made.write() as record:
        record.known_plugins.keep(WAS.name, WAS.text())
    assert run("plugins", "trial").code == 0
    (tmp_path / "bridge.sqlite3").write_bytes(b"no database")
    assert run("plugins", "trial").code == 2
