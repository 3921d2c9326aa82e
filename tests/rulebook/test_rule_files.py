"""The rule data that is shipped: complete, cited, confirmed lately; no payer's number in code."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.rulebook.book import RuleBook, read_book

ROOT = Path(__file__).parents[2]
CORE = ROOT / "src" / "massage_ins_bridge" / "rules"
FILES = [CORE / "rules.toml", *sorted(ROOT.glob("plugins/payer-*/src/*/rules.toml"))]
GATE = CORE.parent / "gate"
CODE = [
    *sorted(CORE.glob("*.py")),
    *sorted(GATE.glob("*.py")),
    *sorted(ROOT.glob("plugins/payer-*/src/**/*.py")),
]
AGREED = {0, 1, 2, -1}
REVIEW_DAYS = 90
#: Numbers in code that no payer can change, and why.
REASONED: dict[tuple[str, Any], str] = {
    ("rules/diagnosis.py", 7): "an injury code of ICD-10-CM has seven characters",
    ("rules/diagnosis.py", 6): "the seventh of them, from 0",
    ("rules/prescriber.py", 9): "Luhn: a doubled digit above 9 loses 9",
    ("rules/prescriber.py", 10): "Luhn: the sum is a multiple of ten",
}
CACHES = {"maxsize"}


def name(path: Path) -> str:
    return path.parent.name if path.parent.name != "rules" else "core"


@pytest.fixture(params=FILES, ids=name)
def book(request: pytest.FixtureRequest) -> RuleBook:
    path: Path = request.param
    return read_book(path)


def test_each_payer_plugin_has_its_file() -> None:
    assert len(FILES) == 1 + len(list(ROOT.glob("plugins/payer-*")))


def test_each_rule_is_to_be_read_again_in_time(book: RuleBook) -> None:
    for rule in book.rules:
        assert isinstance(rule.confirmed_on, date), rule.id
        assert isinstance(rule.review_by, date), rule.id
        assert rule.confirmed_on < rule.review_by, rule.id
        assert rule.review_by - rule.confirmed_on <= timedelta(days=REVIEW_DAYS), rule.id


def test_a_rule_is_as_old_as_what_it_was_read_in(book: RuleBook) -> None:
    """Nobody confirms a page of 2017 by copying it today."""
    assert [r.id for r in book.rules if r.confirmed_on != r.source.read_on] == []


def test_each_source_says_what_it_is_and_is_cited(book: RuleBook) -> None:
    for item in book.sources:
        texts = f"{item.title} {item.publisher}"
        assert not re.search(r"\b(S|OQ-?)\d+\b|\.(txt|toml|md)\b", texts), f"{texts}: a label"
    assert {rule.source.title for rule in book.rules} == {item.title for item in book.sources}


def test_what_the_project_asks_by_itself_gives_its_reason(book: RuleBook) -> None:
    for rule in book.rules:
        own = rule.source.title.startswith("Project rule: ")
        assert not own or rule.source.sure == "ours", rule.id
        assert rule.source.sure != "read" or not own, rule.id
        if rule.source.sure == "ours" and not own:
            assert rule.note, f"{rule.id}: what is read into the page is not said"


def test_how_rules_are_read_is_tested_with_rules_of_a_tests_own() -> None:
    """A payer's number that changes, or is confirmed anew, breaks the payer's own tests alone."""
    shipped = {rule.id for path in FILES[1:] for rule in read_book(path).rules}
    for path in set(Path(__file__).parent.glob("test_*.py")) - {Path(__file__)}:
        assert shipped.isdisjoint(re.findall(r"[A-Z]+-\w+", path.read_text(encoding="utf-8")))


def numbers(tree: ast.Module) -> Iterator[tuple[int, Any]]:
    """Numbers written in code, but for those that size a cache; a minus belongs to its number."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in CACHES:
            skipped.add(node.value)
        negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        if negative and isinstance(node.operand, ast.Constant):  # type: ignore[attr-defined]
            skipped.add(node.operand)  # type: ignore[attr-defined]
            yield node.lineno, -node.operand.value  # type: ignore[attr-defined, operator]
        elif type(getattr(node, "value", None)) in (int, float) and node not in skipped:
            yield node.lineno, node.value  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", CODE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_number_of_a_payer_stands_in_code(path: Path) -> None:
    """Deadlines, counts, limits and money are data, so that a clinic can change them."""
    where = f"{path.parent.name}/{path.name}"
    found = [
        f"{where}:{line}: {value}"
        for line, value in numbers(ast.parse(path.read_text(encoding="utf-8")))
        if value not in AGREED and (where, value) not in REASONED
    ]
    assert found == []


def test_the_list_of_reasoned_numbers_is_no_longer_than_needed() -> None:
    used = {
        (f"{path.parent.name}/{path.name}", value)
        for path in CODE
        for _, value in numbers(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert set(REASONED) <= used


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts in code, but for docstrings."""
    docstrings = {
        node.body[0].value  # type: ignore[attr-defined]
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    }
    for node in ast.walk(tree):
        if isinstance(getattr(node, "value", None), str) and node not in docstrings:
            yield node.lineno, node.value  # type: ignore[attr-defined]


#: A number that stands alone, and not within a name such as ``REG-03`` or ``A123456``.
NUMBER = re.compile(r"(?<![\w.-])\d+([-.]\d+)*(?![\w-])")
#: The form of an NPI: ten digits, the first of them 1 or 2.
PATTERNS = {r"[12]\d{9}"}
#: What a plugin says of the API that it needs.
VERSION = re.compile(r"\d+\.\d+")


@pytest.mark.parametrize("path", CODE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_number_hides_in_a_text(path: Path) -> None:
    """What a message says of a deadline or a count comes from the data too, or it will lie."""
    found = [
        f"{path.parent.name}/{path.name}:{line}: {text!r}"
        for line, text in texts(ast.parse(path.read_text(encoding="utf-8")))
        if NUMBER.search(text) and text not in PATTERNS and not VERSION.fullmatch(text)
    ]
    assert found == []
