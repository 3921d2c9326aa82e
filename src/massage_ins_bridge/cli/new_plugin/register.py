"""Naming a new plugin everywhere that one of this repository must stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ...settings import StartError
from .named import Named

Edit = Callable[[str, Named], str]
#: The sections of ``.importlinter`` whose lists name a plugin, by its kind.
WALLS = {
    "payer": ("importlinter", "contract:pure", "contract:payers", "contract:plugins"),
    "connector": ("importlinter", "contract:connectors", "contract:plugins"),
}
LISTS = {"importlinter": "root_packages", "contract:plugins": "modules"}


def edited(root: Path, named: Named) -> dict[Path, str]:
    """The repository's files with the plugin in them. Raises ``StartError`` where ``root`` is not
    this repository, or a file has not the shape that it had."""
    found: dict[Path, str] = {}
    for name, edit in EDITS.items():
        path = root / name
        if not path.exists():
            raise StartError(f"--here: {root} is not this repository: {name} is not in it")
        try:
            found[path] = edit(path.read_text(encoding="utf-8"), named)
        except ValueError as error:
            raise StartError(f"--here: {path}: {error}") from None
    return found


def _bundle(text: str, named: Named) -> str:
    return _in_list(text, r"^\./plugins/.*$", f"./plugins/{named.folder}")


def _tox(text: str, named: Named) -> str:
    lines = re.search(r"plugin-\{([^}]*)\}", text)
    if lines is None:
        raise ValueError("env_list has no plugin-{…}")
    names = ",".join(sorted({*lines[1].split(","), named.name}))
    text = text.replace(lines[0], f"plugin-{{{names}}}")
    text = _in_list(text, r"^    -e \./plugins/.*$", f"    -e ./plugins/{named.folder}")
    path = re.search(r"^    PYTHONPATH = (.*)$", text, re.MULTILINE)
    if path is None:
        raise ValueError("the environment `imports` has no PYTHONPATH")
    first, *others = path[1].split(":")
    folders = ":".join([first, *sorted({*others, f"plugins/{named.folder}/src"})])
    text = text.replace(path[1], folders)
    section = (
        f"[testenv:plugin-{named.name}]\nbase = plugin, testenv\n"
        f"change_dir = plugins{{/}}{named.folder}\n\n"
    )
    before = "[testenv:simulator-"
    if before not in text:
        raise ValueError(f"no section begins with {before}")
    return text.replace(before, section + before, 1)


def _pyproject(text: str, named: Named) -> str:
    place = f"plugins/{named.folder}"
    line = f'  "{place}/src", "{place}/tests",'
    return _in_list(text, r'^  "plugins/[^*"]*/src", "plugins/[^"]*/tests",$', line)


def _importlinter(text: str, named: Named) -> str:
    for name in WALLS[named.kind]:
        section = "importlinter" if name == "importlinter" else f"importlinter:{name}"
        begin = text.find(f"[{section}]\n")
        end = text.find("\n\n", begin)
        key = LISTS.get(name, "source_modules")
        block = text[begin:end]
        head, _, body = block.partition(f"{key} =\n")
        if begin < 0 or not body:
            raise ValueError(f"[{section}] has no {key}")
        size = len(re.match(r"(    \S+\n?)*", body)[0])  # type: ignore[index] # it may be empty
        listed, rest = body[:size], body[size:]
        last = "" if listed.endswith("\n") else "\n"
        more = _in_list(listed + last, r"^    massage_ins_bridge_\w+$", f"    {named.package}")
        text = text[:begin] + head + f"{key} =\n" + more.removesuffix(last) + rest + text[end:]
    return text


def _docs(text: str, named: Named) -> str:
    if named.kind != "payer":
        return text
    line = f"          - {named.title}: payers/{named.name}.md"
    return _in_list(text, r"^          - .*: payers/(?!index|shared|exempt|state).*$", line)


EDITS: dict[str, Edit] = {
    "bundle.txt": _bundle,
    "tox.ini": _tox,
    "pyproject.toml": _pyproject,
    ".importlinter": _importlinter,
    "properdocs.yml": _docs,
}


def _in_list(text: str, pattern: str, line: str) -> str:
    """The text with one more line among those of a pattern: before the first that comes after it in
    the alphabet. Raises ``ValueError`` where there is none."""
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if not found:
        raise ValueError(f"no line is like {line.strip()!r}")
    after = next((match for match in found if match[0] > line), None)
    if after is not None:
        return f"{text[: after.start()]}{line}\n{text[after.start() :]}"
    return f"{text[: found[-1].end()]}\n{line}{text[found[-1].end() :]}"
