"""What a plugin's files say by themselves, read and not run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from ...api import PROJECT
from .found import Violation
from .subject import Subject

#: What reaches outside, keeps time or leaves things to chance: no payer's rules need it.
REACHES = frozenset(
    {
        *("asyncio", "ctypes", "dbos", "fastapi", "ftplib", "http", "httpx", "logging"),
        *("multiprocessing", "os", "random", "requests", "secrets", "shutil", "smtplib", "socket"),
        *("sqlalchemy", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib"),
    }
)
#: A connector reaches outside through the host's one client alone.
OUTSIDE = frozenset({"asyncio", "dbos", "fastapi", "httpx", "requests", "socket", "subprocess"})
PRINTING = frozenset({"print", "breakpoint", "input"})


class Code:
    """A plugin's files as Python reads them."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        """By file; one that is no Python is left out, for it does not load either."""
        found = {}
        for path in self.subject.files:
            try:
                found[path] = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, ValueError):
                continue
        return found

    @cached_property
    def texts(self) -> list[tuple[str, Path, int]]:
        """Texts in code with their lines, docstrings aside."""
        return [
            (node.value, path, node.lineno)
            for path, tree in self.trees.items()
            for node in _outside_docstrings(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]

    def line_of(self, name: str) -> tuple[Path, int]:
        """Where a rule is asked for by its id, else where it is written down."""
        for text, path, line in self.texts:
            if text == name:
                return path, line
        return self.line_of_data(name)

    def line_of_data(self, name: str) -> tuple[Path, int]:
        """Where rule data has a thing of that name, else the file's first line."""
        file = self.subject.rules_file
        if not file.exists():
            return self.subject.main, 1
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        given = re.compile(rf"\s*(id|key|kind|name)\s*=\s*[\"']{re.escape(name)}[\"']")
        return file, next((n for n, line in enumerate(lines, 1) if given.match(line)), 1)

    def line_of_function(self, name: str) -> tuple[Path, int] | None:
        """Where a function of that name is written, if it is."""
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return path, node.lineno
        return None

    def line_saying(self, said: str, rule: str) -> tuple[Path, int]:
        """Where the longest part of what was said stands, else where its rule is asked for."""
        parts = [
            (len(part), path, line)
            for text, path, line in self.texts
            if len(part := text.strip()) > 7 and part in said
        ]
        if not parts:
            return self.line_of(rule)
        _, path, line = max(parts, key=lambda part: part[0])
        return path, line


def _outside_docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return (node for node in ast.walk(tree) if id(node) not in docstrings)


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The absolute names of all that a module imports, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module in (PROJECT, f"{PROJECT}.api"):
                yield from ((f"{node.module}.{a.name}", node.lineno) for a in node.names)
            else:
                yield node.module, node.lineno


def of_imports(code: Code, *, connector: bool) -> Iterator[Violation]:
    """What is imported that is not for a plugin of its kind."""
    for path, tree in code.trees.items():
        for name, line in imported(tree):
            top = name.partition(".")[0]
            if top == PROJECT and not _is_for(name, connector=connector):
                yield Violation(path, line, "imports", f"it imports {name}.")
            elif top in (OUTSIDE if connector else REACHES) and name != "urllib.parse":
                yield Violation(path, line, "imports", f"it imports {name}, which reaches outside.")


def _is_for(name: str, *, connector: bool) -> bool:
    parts = name.split(".")
    if parts[1:2] != ["api"]:
        return False
    wide = {"connectors", "calendars"}
    return connector or not wide & set(parts[2:])


def of_printing(code: Code) -> Iterator[Violation]:
    """Calls that print or ask."""
    for path, tree in code.trees.items():
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in PRINTING:
                yield Violation(path, called.lineno, "prints", f"it calls {called.id}().")


def asked_for(code: Code) -> Iterator[tuple[str, Path, int]]:
    """Rules that the code asks for by their ids: ``case.rules["X"]`` and ``case.rule("X")``."""
    for path, tree in code.trees.items():
        for node in ast.walk(tree):
            found: ast.expr | None = None
            if isinstance(node, ast.Subscript) and _named(node.value, "rules"):
                found = node.slice
            elif isinstance(node, ast.Call) and _named(node.func, "rule") and node.args:
                found = node.args[0]
            if isinstance(found, ast.Constant) and isinstance(found.value, str):
                yield found.value, path, found.lineno


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name
