"""A folder of plugins: each loads like an installed one, and a broken one stops no other."""

from pathlib import Path

import pytest

from massage_ins_bridge.hooks.configured import load_host
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, requirement, shown

RULES = """
plugin = "{name}"
ruleset = "7"
[[sources]]
id = "manual"
title = "Manual"
publisher = "Somebody"
read_on = 2026-11-22
[[payers]]
key = "{name}"
name = "{name} health"
[[rules]]
id = "X-1"
text = "Something."
source = "manual"
sure = "ours"
"""
CODE = """
from massage_ins_bridge.api import Answer, hookimpl, load_book

@hookimpl
def payers():
    return load_book(__name__).payers

@hookimpl
def rules():
    return load_book(__name__)

@hookimpl
def on_booking(case):
    return Answer((case.rules["X-1"].unmet("{name}.form", "hold", "No.", "Ask.", "Please ask."),))
"""


def put(file: Path, rules: Path, name: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(CODE.replace("{name}", name), encoding="utf-8")
    rules.write_text(RULES.format(name=name), encoding="utf-8")


def host_of(folder: Path) -> Host:
    return load_host(Settings(plugins_dir=folder))


def test_a_module_and_a_package_are_plugins(tmp_path: Path) -> None:
    put(tmp_path / "far_hills.py", tmp_path / "far_hills.toml", "far-hills")
    package = tmp_path / "near_hills"
    put(package / "__init__.py", package / "rules.toml", "near-hills")
    (tmp_path / "_helper.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    host = host_of(tmp_path)
    found = {p.name: p for p in host.plugins}
    assert found.keys() >= {"far-hills", "near-hills", "regence"}
    for name in ("far-hills", "near-hills"):
        assert found[name].failure is None
        decision = decide_request(request(name), host)
        assert shown(decision, f"{name}.form") == "unmet/hold"
        assert decision["ruleset"][name] == "7"


def test_a_broken_one_holds_with_one_line_and_the_others_answer(tmp_path: Path) -> None:
    put(tmp_path / "low_hills.py", tmp_path / "low_hills.toml", "low-hills")
    (tmp_path / "broken.py").write_text("\nimport nowhere_at_all\n", encoding="utf-8")
    decision = decide_request(request("low-hills"), host_of(tmp_path), strict=False)
    failed = requirement(decision, "plugin.failed")
    assert failed is not None
    assert "ModuleNotFoundError in broken.py, line 2: No module named" in failed["message"]
    assert decision["outcome"] == "hold"
    assert shown(decision, "low-hills.form") == "unmet/hold"


def test_rules_that_are_missing_are_told_by_the_files_name(tmp_path: Path) -> None:
    (tmp_path / "bare_hills.py").write_text(CODE, encoding="utf-8")
    (found,) = (p for p in host_of(tmp_path).plugins if p.name == "bare-hills")
    assert found.failure is not None
    assert found.failure.startswith("bare_hills.toml: cannot be read")


def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"plugins_dir: .*nowhere cannot be read"):
        host_of(tmp_path / "nowhere")
