"""The walls that import-linter cannot see: which of the host's names a plugin may use, and what
is loaded by importing. ``.importlinter`` holds the others."""

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOST = "massage_ins_bridge"
PLUGINS = sorted(p.parent for p in ROOT.glob("plugins/*/pyproject.toml"))
#: What deciding must not load: it would be slow to start, or could reach outside.
OUTSIDE = {"alembic", "asyncio", "dbos", "fastapi", "httpx", "sqlalchemy", "sqlite3", "uvicorn"}


def imported(path: Path) -> Iterator[str]:
    """The absolute names of everything that a module imports from elsewhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def of_the_host(path: Path) -> set[str]:
    return {name for name in imported(path) if name.split(".")[0] == HOST}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda p: p.name)
def test_a_plugin_knows_the_api_alone(plugin: Path) -> None:
    """A payer's knows nothing of connectors, nor of calendars."""
    connectors = {f"{HOST}.api.connectors", f"{HOST}.api.calendars"}
    barred = connectors if plugin.name.startswith("payer-") else set()
    for path in sorted(plugin.glob("src/**/*.py")):
        for name in of_the_host(path) - {f"{HOST}.api"}:
            allowed = name.startswith(f"{HOST}.api.") and name not in barred
            assert allowed, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda p: p.name)
def test_tests_of_a_plugin_know_the_api_and_what_is_for_tests(plugin: Path) -> None:
    for path in sorted(plugin.glob("tests/**/*.py")):
        for name in of_the_host(path):
            door = ".".join(name.split(".")[:2])
            assert door in {f"{HOST}.api", f"{HOST}.testing"}, (
                f"{path.relative_to(ROOT)} imports {name}"
            )


def test_the_domain_is_plain_python() -> None:
    for path in sorted((ROOT / "src" / HOST / "domain").glob("**/*.py")):
        outside = {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names
        assert not outside, f"{path.relative_to(ROOT)} imports {sorted(outside)}"


@pytest.mark.parametrize(
    "module", ["domain", "calendars.read", "gate", "rulebook", "api", "hooks.host", "rules"]
)
def test_deciding_loads_nothing_that_reaches_outside(module: str) -> None:
    code = f"import sys, {HOST}.{module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not OUTSIDE & set(done.stdout.split())


def test_every_plugin_is_within_the_walls() -> None:
    """A plugin or room that nobody named in ``.importlinter`` would be held by no contract."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")

    def names(contract: str, key: str) -> set[str]:
        section = "importlinter" + (f":contract:{contract}" if contract else "")
        return set(config[section][key].split())

    packages = {p.parent.name for folder in PLUGINS for p in folder.glob("src/*/__init__.py")}
    assert names("", "root_packages") == {HOST} | packages
    assert names("plugins", "modules") == packages
    kinds = ("payers", "connectors", "simulators")
    assert set().union(*(names(kind, "source_modules") for kind in kinds)) == packages
    rooms = {p.stem for p in (ROOT / "src" / HOST).iterdir() if p.suffix == ".py" or p.is_dir()}
    walled = {f"{HOST}.{room}" for room in rooms - {"__init__", "__pycache__", "api", "py"}}
    assert walled <= names("payers", "forbidden_modules")
    assert walled <= names("connectors", "forbidden_modules")
