"""Writing a project from the templates that are packaged beside this module."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...api import API_VERSION
from ...rulebook.schema import rules_schema
from ...settings import StartError
from .named import Named

TEMPLATES = Path(__file__).with_name("templates")
#: What stands in the names of files for the plugin's own names.
IN_PATHS = {"PACKAGE": "package", "MODULE": "module"}
SUFFIX = ".jinja"
#: What only a project of its own has.
OWN = "own"
SCHEMA = "rules.schema.json"


def project_of(named: Named) -> dict[str, str]:
    """The files of a plugin's project, by their paths in it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - the files are code and text, and no pages
    )
    kinds = (named.kind,) if named.here else (named.kind, OWN)
    found = {}
    for kind in kinds:
        for path in _templates(TEMPLATES / kind):
            name = path.relative_to(TEMPLATES / kind).as_posix().removesuffix(SUFFIX)
            for word, attribute in IN_PATHS.items():
                name = name.replace(word, getattr(named, attribute))
            template = environment.get_template(path.relative_to(TEMPLATES).as_posix())
            found[name] = template.render(it=named, api=API_VERSION, schema=_schema(named))
    if not named.here and (licence := _licence()):
        found["LICENSE"] = licence
    if not named.here and named.kind == "payer":
        found[SCHEMA] = json.dumps(rules_schema(), indent=2, ensure_ascii=False) + "\n"
    return found


def write(files: dict[str, str], folder: Path) -> None:
    """Write a project's files, all or none. Raises ``StartError`` where there is something by that
    name, or it cannot be written."""
    if folder.exists():
        raise StartError(f"{folder} is there already; choose another name, or another --into")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".new-plugin-", dir=folder.parent))
    except OSError as error:
        raise StartError(f"{folder} cannot be written ({error.strerror})") from None
    try:
        for name, text in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        made.chmod(0o755)
        made.rename(folder)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise StartError(f"{folder} cannot be written ({error.strerror})") from None


def _templates(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob(f"*{SUFFIX}")) if path.is_file())


def _schema(named: Named) -> str:
    """Where the schema of its rule data lies, as seen from them."""
    host = "../../src/massage_ins_bridge/rulebook/" if named.here else ""
    return f"../../{host}{SCHEMA}"


def _licence() -> str | None:
    """The text of the host's own licence, where it was installed with one."""
    try:
        return distribution("massage-ins-bridge").read_text("licenses/LICENSE")
    except PackageNotFoundError:
        return None
