"""Plugins of a folder, without a distribution: a module, or a package, is one plugin."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

#: Where such modules stand among all others, so that none takes the place of a library.
PREFIX = "massage_ins_bridge_folder_"


@dataclass(frozen=True, slots=True)
class FilePoint:
    """Stands for an installed entry point: ``file`` is a module, or the ``__init__.py`` of a
    package. A plugin of one module has its rule data beside it, ``acme.toml`` of ``acme.py``."""

    file: Path
    dist: None = None

    @property
    def name(self) -> str:
        """The plugin's name: that of its file, ``out-of-network`` of ``out_of_network.py``."""
        place = self.file.parent if self.file.stem == "__init__" else self.file
        return place.stem.replace("_", "-")

    @property
    def value(self) -> str:
        """The name by which the module is imported."""
        return PREFIX + self.name.replace("-", "_")

    def load(self) -> ModuleType:
        """The module, imported. Raises whatever it raises."""
        known = sys.modules.get(self.value)
        if known is not None and known.__file__ == str(self.file):
            return known
        spec = spec_from_file_location(self.value, self.file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{self.file.name} is no module of Python")
        module = sys.modules[self.value] = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[self.value]
            raise
        return module


def found_in(folder: Path) -> tuple[FilePoint, ...]:
    """The plugins of a folder, in order of name; what begins with ``_`` or ``.`` is none. Raises
    ``OSError`` where the folder cannot be read."""
    files = [_module(path) for path in folder.resolve().iterdir()]
    points = (FilePoint(file) for file in files if file is not None)
    return tuple(sorted(points, key=lambda point: (point.name, str(point.file))))


def _module(path: Path) -> Path | None:
    if path.name.startswith(("_", ".")):
        return None
    if path.suffix == ".py":
        return path
    package = path / "__init__.py"
    return package if package.exists() else None
