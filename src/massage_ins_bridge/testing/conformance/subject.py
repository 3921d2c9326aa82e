"""The plugin that is examined: where it comes from, its files, and a host over it alone."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ...api import ALL_PAYERS, PROJECT, Payer, hookimpl
from ...domain.problems import nearest
from ...hooks.host import Host
from ...hooks.loading import Plugin, installed
from ...hooks.plugins_dir import FilePoint

STAND_IN = "stand-in"


class NoSubjectError(LookupError):
    """There is no such plugin; the text says what there is."""


@dataclass(frozen=True)
class Subject:
    """One plugin by its entry point, or what stands for one. ``project`` is the folder that it is
    made in, where that is known: its tests are below it."""

    point: EntryPoint | FilePoint
    project: Path | None = None

    @property
    def name(self) -> str:
        return self.point.name

    @cached_property
    def main(self) -> Path:
        """The file that the host imports; the project's folder where there is none."""
        if isinstance(self.point, FilePoint):
            return self.point.file
        try:
            spec = find_spec(self.point.value.partition(":")[0])
        except ImportError:
            spec = None
        return Path(spec.origin) if spec and spec.origin else (self.project or Path.cwd())

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Its files of Python."""
        if self.main.name == "__init__.py":
            return tuple(sorted(self.main.parent.rglob("*.py")))
        return (self.main,) if self.main.suffix == ".py" else ()

    @property
    def rules_file(self) -> Path:
        """Where its rule data is, or would be."""
        if self.main.name == "__init__.py":
            return self.main.with_name("rules.toml")
        return self.main.with_suffix(".toml")

    def host(self) -> Host:
        """A host over the shared rules and this plugin; payers that it names and does not define
        are defined by a stand-in."""
        core = [point for point in installed() if point.name == "core"]
        host = Host.load(points=[*core, self.point])  # type: ignore[list-item]
        named = plugin_of(host, self.name).serves - {p.key for p in host.payers.payers}
        if not named:
            return host
        points = [*core, self.point, StandIn(tuple(sorted(named)))]
        return Host.load(points=points)  # type: ignore[arg-type]


@dataclass(frozen=True)
class StandIn:
    """A plugin that defines payers for one that speaks of them and defines none."""

    keys: tuple[str, ...]
    name: str = STAND_IN
    value: str = STAND_IN
    dist: None = None

    def load(self) -> Any:
        """The plugin."""
        keys = ("any-insurer" if key == ALL_PAYERS else key for key in self.keys)
        found = [Payer(key, key.replace("-", " ").title(), STAND_IN) for key in keys]
        return type("StandIn", (), {"payers": staticmethod(hookimpl(_payers(found)))})()


def _payers(found: list[Payer]) -> Any:
    def payers() -> list[Payer]:
        return found

    return payers


def plugin_of(host: Host, name: str) -> Plugin:
    """The plugin of that name in a host that has it."""
    return next(plugin for plugin in host.plugins if plugin.name == name)


def find_subject(given: str) -> Subject:
    """The plugin that somebody names: an installed one by its name, one of a single module by its
    file, one that is being made by the folder of its project. Raises ``NoSubjectError``."""
    path = Path(given)
    if path.is_file() and path.suffix == ".py":
        return Subject(FilePoint(path.resolve()), path.resolve().parent)
    if path.is_dir() and (path / "pyproject.toml").exists():
        return _of_project(path.resolve())
    if path.is_dir() and (path / "__init__.py").exists():
        return Subject(FilePoint(path.resolve() / "__init__.py"), path.resolve())
    points = {point.name: point for point in installed() if point.name != "core"}
    if given == "core":
        raise NoSubjectError("core holds the host's own rules, which its own tests examine")
    if given in points:
        return Subject(points[given], _project_of(points[given]))
    near = nearest(given, points)
    raise NoSubjectError(
        f"no plugin {given!r} is installed, and no project or module of that path is there "
        f"(installed are {', '.join(sorted(points))}){near}"
    )


def _of_project(folder: Path) -> Subject:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        found: dict[str, str] = project["entry-points"][PROJECT]
        ((name, value),) = found.items()
    except tomllib.TOMLDecodeError as error:
        raise NoSubjectError(f"{folder / 'pyproject.toml'}: not valid TOML: {error}") from None
    except (LookupError, ValueError, AttributeError):
        raise NoSubjectError(
            f"{folder / 'pyproject.toml'}: name one plugin under "
            f'[project.entry-points.{PROJECT}], such as acme = "massage_ins_bridge_acme"'
        ) from None
    root = folder / "src"
    sys.path.insert(0, str(root if root.is_dir() else folder))
    return Subject(EntryPoint(name, value, PROJECT), folder)


def _project_of(point: EntryPoint) -> Path | None:
    """The folder that an editable distribution is made in."""
    told = point.dist.read_text("direct_url.json") if point.dist else None
    address = json.loads(told)["url"] if told else ""
    folder = Path(unquote(urlsplit(address).path))
    return folder if address.startswith("file:") and folder.is_dir() else None


def files_with(project: Path | None, word: str) -> Iterator[Path]:
    """The project's files of tests that have a word in them."""
    if project is None:
        return
    for path in sorted(project.rglob("test_*.py")):
        hidden = any(part.startswith(".") for part in path.relative_to(project).parts)
        if not hidden and word in path.read_text(encoding="utf-8", errors="replace"):
            yield path
