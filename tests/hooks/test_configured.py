"""From settings to a host."""

from pathlib import Path

from tests.databases import refusal
from tests.desk.bridge import fake_settings

from massage_ins_bridge.hooks.configured import load_host
from massage_ins_bridge.testing import installed_host


def test_a_rule_file_that_is_unsound_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[[rule]]\n", encoding="utf-8")
    settings = fake_settings(tmp_path, None).model_copy(update={"rules_file": file})
    assert "'rule' is an unknown key" in refusal(lambda: load_host(settings))


def test_an_edited_book_stands_in_the_place_of_the_plugin_s(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, None)
    mine = installed_host().books["pip"]
    assert load_host(settings, [mine]).books["pip"] is mine


def test_a_book_of_no_plugin_is_told(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, None).model_copy(update={"disabled_plugins": ("pip",)})
    mine = installed_host().books["pip"]
    assert "no plugin 'pip' with rules is installed" in refusal(lambda: load_host(settings, [mine]))
