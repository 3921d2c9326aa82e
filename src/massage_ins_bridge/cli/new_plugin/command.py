"""``new-plugin`` from its options to the files."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import typer

from ...hooks.loading import installed
from ...settings import StartError
from .named import Named, titled
from .register import edited
from .write import project_of, write

ABOUT = {
    "payer": "The rules of {title} for massage-ins-bridge",
    "connector": "Bookings of {title} for massage-ins-bridge",
}


def run(
    *,
    name: str,
    kind: str,
    title: str | None,
    about: str | None,
    into: Path,
    here: bool,
    today: date,
) -> int:
    """Write the project, and say what to do next. Raises ``StartError``."""
    usual = titled(name)
    if any(point.name == name for point in installed()):
        raise StartError(f"a plugin {name!r} is installed already; choose another name")
    title = _asked("What do people call it?", usual, title)
    about = _asked("What is it, in a line?", ABOUT[kind].format(title=title), about)
    for said in (title, about):
        if not said.strip() or not said.isprintable() or {*'"\\{}'} & {*said}:
            raise StartError(f"{said!r}: write it in a line, without quotes, braces or backslashes")
    named = Named(name, kind, title.strip(), about.strip(), today, here)
    folder = (into / "plugins" if here else into) / named.folder
    files = edited(into, named) if here else {}
    write(project_of(named), folder)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    _tell(named, folder)
    return 0


def _asked(question: str, usual: str, given: str | None) -> str:
    """What was given; else what is answered, where somebody can be asked."""
    if given is not None:
        return given
    return str(typer.prompt(question, default=usual)) if sys.stdin.isatty() else usual


def _tell(named: Named, folder: Path) -> None:
    print(f"{folder} is written. Next:")
    if named.here:
        print(f"  uv pip install --no-deps -e {folder}    # or: tox -r devenv -e dev .venv")
        print(f"  pytest {folder}/tests tests/test_repo_habits.py tests/test_walls.py")
        page = "payer_docs" if named.kind == "payer" else "connectors"
        print(f"  python scripts/build_{page}.py")
    else:
        print(f"  cd {folder}")
        print("  pip install -e . && pytest    # or: tox")
    print(f"  massage-ins-bridge check-plugin {folder if named.here else '.'}")
