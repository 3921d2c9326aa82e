"""Modules and functions stay small enough to be read in one go.

The goal is 300 lines a module and 40 a function; one in twenty may be longer, up to the limit,
and nothing is exempt from the limit. No file of tests is longer than 300 lines.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
Sizes = dict[str, int]


def sources() -> Iterator[Path]:
    """Our code, but for migrations: these are written once, by a tool, and never changed."""
    for pattern in ("src/**/*.py", "plugins/*/src/**/*.py"):
        yield from (p for p in sorted(ROOT.glob(pattern)) if "migrations" not in p.parts)


def files_of_tests() -> Iterator[Path]:
    for pattern in ("tests/**/*.py", "plugins/*/tests/**/*.py"):
        yield from ROOT.glob(pattern)


def lines_of(paths: Iterator[Path]) -> Sizes:
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in paths
    }


def module_sizes() -> Sizes:
    return lines_of(sources())


def function_sizes() -> Sizes:
    sizes: Sizes = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
                sizes[where] = (node.end_lineno or node.lineno) - node.lineno + 1
    return sizes


def above(sizes: Sizes, bound: int) -> Sizes:
    return {where: size for where, size in sizes.items() if size > bound}


MODULES, FUNCTIONS = (module_sizes, 300, 350), (function_sizes, 40, 60)


@pytest.mark.parametrize(("measured", "goal", "limit"), [MODULES, FUNCTIONS])
def test_they_stay_small(measured: Callable[[], Sizes], goal: int, limit: int) -> None:
    sizes = measured()
    assert not above(sizes, limit)
    longer = above(sizes, goal)
    assert len(longer) * 20 <= len(sizes), longer


def test_no_file_of_tests_is_long() -> None:
    sizes = lines_of(files_of_tests())
    assert sizes.keys() >= {"tests/test_sizes.py"}
    assert above(sizes, 300) == {}
