"""How the installation is, part by part, in words that say what it means and what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.pages import mail_to

from massage_ins_bridge.desk.machine_health import Part, machine_health
from massage_ins_bridge.testing.bookings import NOW


@pytest.fixture
def bridge(tmp_path: Path) -> Bridge:
    return make_bridge(tmp_path, None, mail=mail_to(9))


def parts(bridge: Bridge) -> dict[str, Part]:
    with bridge.installation.read() as record:
        return {one.name: one for one in machine_health(bridge.installation, record)}


def test_all_is_well_at_first(bridge: Bridge) -> None:
    found = parts(bridge)
    assert found.pop("Rules to read again at their sources").href == "/rules"
    assert [one for one in found.values() if not one.well] == []
    assert found["E-mail"].tag == "Works"
    bridge.close()


def test_each_trouble_says_what_it_means(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge.arrive("b1")
    bridge.clock.moment = NOW + timedelta(hours=2)
    bridge.installation.clock_wrong = True
    bridge.installation.mail_rests_until = NOW + timedelta(hours=3)
    (plugin,) = bridge.installation.host.plugins
    monkeypatch.setattr(plugin, "failure", "it stopped")
    found = parts(bridge)
    for name, words in (
        ("Rules of core", "it stopped. What it would decide is on hold"),
        ("Clock", "No last day acts until it is right."),
        ("Work", "A delivery was not dealt with for"),
        ("E-mail", "Nothing is lost"),
    ):
        assert (found[name].well, words in found[name].words) == (False, True), name
    bridge.close()
