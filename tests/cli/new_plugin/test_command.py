"""A new plugin is complete: its tests pass, and one of this repository stands in all its lists."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.api import API_VERSION
from massage_ins_bridge.cli.new_plugin.command import run
from massage_ins_bridge.cli.new_plugin.named import Named, titled
from massage_ins_bridge.cli.new_plugin.register import EDITS, edited
from massage_ins_bridge.cli.new_plugin.write import project_of, write
from massage_ins_bridge.rulebook.schema import rules_schema
from massage_ins_bridge.settings import StartError
from massage_ins_bridge.testing.conformance.examine import examine, kinds_of
from massage_ins_bridge.testing.conformance.subject import find_subject

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 26)
ALONE = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "massage_ins_bridge.testing.pytest_plugin",
}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a plugin, and gives its folder."""

    def made(name: str, kind: str, **options: Any) -> Path:
        given = {"title": None, "about": None, "here": False, "into": tmp_path, "today": TODAY}
        assert run(name=name, kind=kind, **{**given, **options}) == 0
        (folder,) = tmp_path.glob(f"**/*{kind}-{name}")
        return folder

    return made


def installed(folder: Path, name: str, package: str) -> dict[str, str]:
    """What a process needs so that the plugin is installed for it, without a wheel."""
    info = folder / "src" / f"{package}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {package}\nVersion: 0.1.0\n", encoding="utf-8")
    points = f"[massage_ins_bridge]\n{name} = {package}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return {**os.environ, **ALONE, "PYTHONPATH": str(folder / "src")}


@pytest.mark.parametrize("kind", ["payer", "connector"])
def test_its_own_tests_pass_at_once(kind: str, make: Make) -> None:
    """All but the last, which asks what ``check-plugin`` asks: see the next test."""
    folder = make("far-hills", kind)
    env = installed(folder, "far-hills", "massage_ins_bridge_far_hills")
    options = ["-q", "-p", "no:cacheprovider", "--ignore=tests/test_far_hills_plugin.py"]
    command = [sys.executable, "-m", "pytest", *options]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["payer", "connector"])
def test_it_passes_the_conformance_suite(
    kind: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    name = f"near-{kind}"
    findings = examine(find_subject(str(make(name, kind))), elsewhere=None, every=35)
    assert [one for asked in kinds_of(findings) for one in findings.of(asked)] == []


def test_what_is_asked_stands_in_it(make: Make) -> None:
    folder = make("far-hills", "payer", title="Far & Wide", about="A payer of the hills")
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert 'description = "A payer of the hills"' in project
    assert 'license-files = ["LICENSE*"]' in project
    assert "Apache License" in (folder / "LICENSE").read_text(encoding="utf-8")
    rules = (folder / "src" / "massage_ins_bridge_far_hills" / "rules.toml").read_text("utf-8")
    assert 'name = "Far & Wide"' in rules
    schema = folder / "src" / "massage_ins_bridge_far_hills" / rules.split()[1]
    assert rules.startswith("#:schema ")
    assert json.loads(schema.read_text("utf-8")) == rules_schema()
    module = folder / "src" / "massage_ins_bridge_far_hills" / "__init__.py"
    assert f'requires_api = "{API_VERSION}"' in module.read_text("utf-8")
    assert "confirmed_on = 2026-11-26" in rules
    assert "review_by = 2027-02-24" in rules
    assert (folder / "tests" / "scenarios" / "far_hills.jsonl").exists()


def test_what_is_asked_is_asked_where_somebody_can_answer(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["Hill People", "Their rules"])
    monkeypatch.setattr("typer.prompt", lambda question, default: next(answers))
    readme = (make("far-hills", "payer") / "README.md").read_text(encoding="utf-8")
    assert "Their rules. A payer plugin" in readme


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("Far Hills", {}, "'Far Hills' is no name for a plugin; use small letters"),
        ("far--hills", {}, "is no name"),
        ("a" * 41, {}, "is no name"),
        ("premera", {}, "a plugin 'premera' is installed already"),
        ("far-hills", {"title": 'The "Hills"'}, "without quotes"),
        ("far-hills", {"about": "two\nlines"}, "in a line"),
        ("far-hills", {"here": True}, "is not this repository: bundle.txt is not in it"),
    ],
)
def test_what_cannot_be_is_one_line_and_writes_nothing(
    name: str, options: dict[str, Any], said: str, make: Make, tmp_path: Path
) -> None:
    with pytest.raises(StartError, match=said):
        make(name, "payer", **options)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(make: Make, tmp_path: Path) -> None:
    make("far-hills", "payer")
    with pytest.raises(StartError, match="is there already"):
        make("far-hills", "payer")
    with pytest.raises(StartError, match="cannot be written"):
        write({"a" * 300: ""}, tmp_path / "far-hills")
    assert [path.name for path in tmp_path.iterdir()] == ["massage-ins-bridge-payer-far-hills"]


@pytest.mark.parametrize("kind", ["payer", "connector"])
def test_here_it_stands_in_every_list_of_the_repository(
    kind: str, make: Make, tmp_path: Path
) -> None:
    """It is added, and nothing else is changed; what was last in its list too."""
    for name in EDITS:
        shutil.copy(ROOT / name, tmp_path / name)
    folder = make("zeta", kind, here=True)
    assert folder == tmp_path / "plugins" / f"{kind}-zeta"
    assert not (folder / "LICENSE").exists()
    if kind == "payer":
        rules = (folder / "src" / "massage_ins_bridge_zeta" / "rules.toml").read_text("utf-8")
        repository = (folder / "src" / "massage_ins_bridge_zeta" / rules.split()[1]).resolve()
        assert (ROOT / repository.relative_to(tmp_path.resolve())).is_file()
    for name in EDITS:
        before = (ROOT / name).read_text(encoding="utf-8").splitlines()
        after = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        more = [line for line in after if line not in before]
        if (name, kind) != ("properdocs.yml", "connector"):
            assert any("zeta" in line for line in more), name
        changed = [line for line in before if line not in after]
        assert all(line.startswith(("env_list", "    PYTHONPATH")) for line in changed), changed
        assert [line for line in more if "zeta" not in line] == []
    walls = (tmp_path / ".importlinter").read_text(encoding="utf-8")
    assert walls.count("    massage_ins_bridge_zeta\n") == (4 if kind == "payer" else 3)


def test_a_file_that_has_another_shape_is_told(tmp_path: Path) -> None:
    for name in EDITS:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tox.ini").write_text("[tox]\n", encoding="utf-8")
    named = Named("zeta", "payer", "Zeta", "Zeta", TODAY, here=True)
    with pytest.raises(StartError, match=r"tox\.ini: env_list has no plugin-"):
        edited(tmp_path, named)


def test_how_it_is_called() -> None:
    assert titled("far-hills") == "Far Hills"
    named = Named("far-hills", "payer", "Far Hills", "x", TODAY)
    assert (named.words, named.prefix, named.package) == (
        "FarHills",
        "FRH",
        "massage_ins_bridge_far_hills",
    )
    assert Named("a", "payer", "A", "x", TODAY).prefix == "AX"
    assert project_of(named).keys() > {"README.md", "tox.ini", "LICENSE"}
