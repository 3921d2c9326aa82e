"""Plugins are switched off and on for a clinic, and what is otherwise since the start is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.hooks.doubles import Point, host_with, plugin
from tests.hooks.test_remembered import WAS

from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.known_plugins import remember_plugins
from massage_ins_bridge.desk.plugin_acts import forgotten, switched
from massage_ins_bridge.desk.plugin_choice import (
    PluginView,
    list_plugins,
    put_choice,
    remember_again,
    switch_back,
)
from massage_ins_bridge.hooks import configured
from massage_ins_bridge.hooks.configured import load_host
from massage_ins_bridge.hooks.loading import installed
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.store.models import MetaRow
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.fake_connector import FakeConnector

ACCOUNT = """
[[accounts]]
name = "front-desk"
connector = "fake"
enforcement = "observe"
"""


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Bridge]:
    """A running service that has known a plugin which is gone by now."""
    made = make_bridge(tmp_path, None, host=installed_host())
    with made.installation.write() as record:
        record.known_plugins.keep(WAS.name, WAS.text())
    made.installation.recall()
    remember_plugins(made.installation)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    path = tmp_path / "bridge.toml"
    path.write_text("# ours\n", encoding="utf-8")
    return SettingsFile(path)


def views(bridge: Bridge) -> dict[str, PluginView]:
    with bridge.installation.read() as record:
        return {one.name: one for one in list_plugins(bridge.installation, record).plugins}


def changed(bridge: Bridge) -> tuple[str, ...]:
    with bridge.installation.read() as record:
        return list_plugins(bridge.installation, record).changed


def test_one_process_goes_by_a_switch_at_once_and_it_is_taken_back(
    clinic: Bridge, file: SettingsFile
) -> None:
    with clinic.installation.write() as record:
        done = switched(clinic.installation, record, file, "lni", off=True)
    assert done is not None
    assert "is switched off. It holds at once" in done.said
    assert "Bookings of L&I are then on hold" in done.said
    assert (views(clinic)["lni"].health, views(clinic)["lni"].payers) == ("disabled", ("L&I",))
    assert views(clinic)["trial"].health == "gone"
    assert changed(clinic) == ()
    with clinic.installation.write() as record:
        assert switched(clinic.installation, record, file, "lni", off=True) is None
        switch_back(clinic.installation, record, done.needs)
    assert views(clinic)["lni"].health == "ok"
    with clinic.installation.write() as record, pytest.raises(ConflictError, match="since"):
        switch_back(clinic.installation, record, done.needs)


def test_a_forgotten_one_is_remembered_again(clinic: Bridge) -> None:
    with clinic.installation.write() as record:
        done = forgotten(clinic.installation, record, "trial")
    assert "trial" not in views(clinic)
    with clinic.installation.write() as record:
        remember_again(clinic.installation, record, done.needs)
    assert views(clinic)["trial"].payers == ("Evergreen Health",)


def test_what_an_account_is_connected_by_stays_on(tmp_path: Path) -> None:
    """Without it the service could not be started again."""
    path = tmp_path / "bridge.toml"
    path.write_text(ACCOUNT, encoding="utf-8")
    host = host_with(Point("trial", plugin(connectors=lambda: [FakeConnector])), only=[])
    with pytest.raises(ConflictError, match="the account 'front-desk' is connected by it"):
        put_choice(host, SettingsFile(path), "trial", off=True)
    assert put_choice(host, SettingsFile(path), "trial", off=False) is False


def test_what_is_not_there_is_named(file: SettingsFile) -> None:
    with pytest.raises(NotFoundError, match="no plugin 'lnii'; did you mean 'lni'"):
        put_choice(installed_host(), file, "lnii", off=True)
    with pytest.raises(ConflictError, match="every payer shares"):
        put_choice(installed_host(), file, "core", off=True)


def test_what_is_otherwise_since_the_start_is_told(
    clinic: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have switched it, and installed or taken away what it liked."""
    points: list[Any] = [point for point in installed() if point.name not in ("lni", "pip")]
    points.append(Point("larch", plugin()))
    monkeypatch.setattr(configured, "installed", lambda: tuple(points))
    assert changed(clinic) == ("larch was installed", "lni was taken away", "pip was taken away")
    monkeypatch.undo()
    less = {"disabled_plugins": ("kaiser",)}
    clinic.installation.settings = clinic.installation.settings.model_copy(update=less)
    assert changed(clinic) == ("kaiser was switched off",)


def test_a_newer_version_is_named(clinic: Bridge) -> None:
    with clinic.installation.write() as record:
        name = "plugin-at-start:kaiser"
        record.session.merge(MetaRow(clinic=record.clinic, name=name, value="0.0.9"))
    (said,) = changed(clinic)
    assert said.startswith("kaiser is ")
    assert said.endswith(" in place of 0.0.9")


def test_one_that_was_edited_in_place_is_named(clinic: Bridge, tmp_path: Path) -> None:
    """One of the folder has no version at all; its rules are a part of it."""
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "larch.py"
    file.write_text("", encoding="utf-8")
    own = {"plugins_dir": tmp_path / "own"}
    settings = clinic.installation.settings.model_copy(update=own)
    clinic.installation.settings = settings
    clinic.installation.host = load_host(settings)
    remember_plugins(clinic.installation)
    assert changed(clinic) == ()
    file.with_suffix(".toml").write_text("", encoding="utf-8")
    assert changed(clinic) == ("larch was edited",)
