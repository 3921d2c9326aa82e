"""What keeps the repository installable, repeatable and free of whoever works on it."""

import importlib
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import massage_ins_bridge
from massage_ins_bridge.api._help import public_names

ROOT = Path(__file__).parents[1]
HOST = "massage-ins-bridge"
FOLDERS = sorted(p for p in (ROOT / "plugins").iterdir() if p.is_dir() and any(p.iterdir()))
PLUGINS = [p for p in FOLDERS if not p.name.startswith("simulator-")]
SIMULATORS = [p for p in FOLDERS if p not in PLUGINS]
PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[A-Za-z0-9.+!]+")
#: Spelt in parts, or this file would find itself.
ADDRESSES = re.compile(
    "|".join(["index" + "-url", "/sim" + "ple/", "file:" + "///", "find" + "-links"])
)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def git_files(*options: str) -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a clone")
    done = subprocess.run(
        ["git", "ls-files", "-z", *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def commands(name: str) -> list[str]:
    """The lines of a file that set up an environment and run something in it."""
    lines = (line.strip() for line in text(name).splitlines())
    return [line for line in lines if line.startswith("python3 -m venv ")]


def test_continuous_integration_runs_what_the_readme_says() -> None:
    """The demo as well, but for its end: alone it serves its pages until it is stopped."""
    demo, tests = commands("README.md")
    assert demo.endswith("/massage-ins-bridge demo")
    assert tests.endswith("/tox run-parallel --parallel 2")
    assert commands(".ci/run") == [f"{demo} --once", tests]
    assert tests in commands("CONTRIBUTING.md")


def test_constraints_are_pins_and_the_commit_hook_has_that_of_ruff() -> None:
    lines = text("constraints.txt").splitlines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    names = [line.split("==")[0] for line in lines]
    assert names == sorted(set(names))
    (pin,) = re.findall(r"^ruff==(.+)$", text("constraints.txt"), re.MULTILINE)
    assert f"rev: v{pin} " in text(".pre-commit-config.yaml")


def test_everything_that_is_installed_is_pinned() -> None:
    pinned = {line.split("==")[0] for line in text("constraints.txt").splitlines()}
    wanted: set[str] = set()
    for folder in (ROOT, *FOLDERS):
        data = project(folder)
        lists = [data["project"].get("dependencies", []), data["build-system"]["requires"]]
        lists += data["project"].get("optional-dependencies", {}).values()
        lists += data.get("dependency-groups", {}).values()
        wanted |= {
            canonicalize_name(Requirement(item).name)
            for items in lists
            for item in items
            if isinstance(item, str)
        }
    own = {canonicalize_name(project(folder)["project"]["name"]) for folder in (ROOT, *FOLDERS)}
    assert wanted - own - pinned == set()


def test_the_bundle_is_the_host_and_all_that_goes_with_it() -> None:
    listed = [line for line in text("bundle.txt").splitlines() if not line.startswith("#")]
    assert listed == [".", *(f"./plugins/{folder.name}" for folder in FOLDERS)]


def test_every_file_of_python_is_checked_for_its_types() -> None:
    """Tests as well: a mark that nobody verifies says nothing."""
    patterns = project(ROOT)["tool"]["mypy"]["files"]
    checked = {path for pattern in patterns for path in ROOT.glob(pattern)}
    ours = git_files("*.py")
    assert [p for p in ours if p not in checked and checked.isdisjoint(p.parents)] == []


def test_no_lock_file_is_tracked() -> None:
    assert [path for path in git_files() if path.name == "uv.lock"] == []


def test_no_file_says_where_it_was_made() -> None:
    """Neither a registry's address nor the folder of this clone belongs into the repository."""
    here = re.compile(rf"(?<![\w./-]){re.escape(str(ROOT))}(?![\w-])")
    found: list[str] = []
    for path in git_files("--cached", "--others", "--exclude-standard"):
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            if ADDRESSES.search(line) or (len(ROOT.parts) > 2 and here.search(line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_what_goes_with_the_host_is_complete(folder: Path) -> None:
    kind, _, name = folder.name.partition("-")
    package = package_of(folder)
    data = project(folder)["project"]
    assert data["name"] == f"{HOST}-{kind}-{name}"
    assert data["requires-python"] == ">=3.11"
    assert data["license"] == "Apache-2.0"
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# {data['name']}")
    assert (folder / "src" / package / "py.typed").exists()
    assert (folder / "src" / package / "rules.toml").exists() == (kind == "payer")
    assert list(folder.glob("tests/test_*.py"))
    env = folder.name if folder in SIMULATORS else f"plugin-{name}"
    assert f"[testenv:{env}]" in text("tox.ini")


def package_of(folder: Path) -> str:
    kind, _, name = folder.name.partition("-")
    suffix = "_simulator" if kind == "simulator" else ""
    return "massage_ins_bridge_" + name.replace("-", "_") + suffix


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda p: p.name)
def test_a_plugin_says_its_name_and_from_which_host_on_it_works(folder: Path) -> None:
    points = project(folder)["project"]["entry-points"]["massage_ins_bridge"]
    assert list(points) == [folder.name.partition("-")[2]]
    assert points.popitem()[1].split(":")[0].split(".")[0] == package_of(folder)
    requirements = [Requirement(item) for item in project(folder)["project"]["dependencies"]]
    (host,) = [item for item in requirements if item.name == HOST]
    (floor,) = host.specifier
    assert floor.operator == ">="
    assert Version(floor.version) <= Version(massage_ins_bridge.__version__)


@pytest.mark.parametrize("folder", SIMULATORS, ids=lambda p: p.name)
def test_a_simulator_is_a_command_that_needs_no_host(folder: Path) -> None:
    data = project(folder)["project"]
    kind, _, name = folder.name.partition("-")
    assert list(data["scripts"]) == [f"{name}-{kind}"]
    assert HOST not in {Requirement(item).name for item in data["dependencies"]}
    assert "entry-points" not in data


def test_names_for_plugins_are_as_promised() -> None:
    """Plugins in the field import these. A name that goes, or comes, is a line in CHANGELOG.md
    and one in ``api_names.txt``."""
    names = [
        f"{module}.{name}"
        for module in map(
            "massage_ins_bridge.{}".format, ("api", "api.connectors", "api.calendars")
        )
        for name in public_names(importlib.import_module(module))
    ]
    assert names == text("tests/api_names.txt").splitlines()


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert re.search(r"^## \[?Unreleased\]?$", text("CHANGELOG.md"), re.MULTILINE)
