"""Reading a file of charts (CSV, one client a line) as spreadsheets write it: what each line says,
and what is wrong with it. Nothing is looked up or written here but the payers' names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..domain.payer import PayerIndex
from ..domain.problems import Problem, UnusableInputError, nearest
from .chart_columns import CALLED_ALSO, CLIENT_PART, COLUMNS, COVERAGE_PART, UNITS, Column

#: The largest file that is read, in bytes, and the most lines: all of them are written at once, and
#: whatever else is written waits meanwhile.
MOST_BYTES, MOST_LINES = 10_485_760, 1_000
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: So much alike are a payer's name and a slip of it; other payers' names are less so.
_SLIP = 0.82
#: What spreadsheets write before the first line to name the mark between cells.
_MARK_LINE = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)
_AS_CSV = "save it as CSV (in Excel: CSV UTF-8), and send that"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``number``: as spreadsheets count, the line of the headings being 1. ``cells``: the
    text by heading; ``client`` and ``facts`` (by kind) in the contract's shape, without what is
    wrong, which ``problems`` names by heading."""

    number: int
    cells: Mapping[str, str]
    client: dict[str, Any]
    facts: Mapping[str, dict[str, Any]]
    problems: tuple[Problem, ...]


def read_lines(content: bytes, payers: PayerIndex) -> list[Line]:
    """All lines that say anything. Raises ``UnusableInputError`` with path ``file`` for what is no
    such file at all."""
    rows = _rows(_text(content))
    first = next(rows, None)
    if first is None:
        raise _refused("is empty; its first line names the columns, as in the template")
    headings = _headings(first[1])
    lines: list[Line] = []
    for number, cells in rows:
        if len(lines) >= MOST_LINES:
            raise _refused(f"has more than {MOST_LINES:,} lines; send it in parts")
        lines.append(_line(number, headings, cells, payers))
    return lines


def _refused(message: str) -> UnusableInputError:
    return UnusableInputError([Problem("file", message)])


def _text(content: bytes) -> str:
    """The file as text: UTF-8 as most programs write it, or as older Excel does."""
    if len(content) > MOST_BYTES:
        raise _refused(f"is larger than {MOST_BYTES // 1_048_576} MB; send it in parts")
    if content.startswith(_EXCEL):
        raise _refused(f"is a workbook, not text; {_AS_CSV}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused(f"is no text that can be read; {_AS_CSV}")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, with the number of each."""
    text = _MARK_LINE.sub("", text)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise _refused(
            f"cannot be read from line {number} on ({error}); look at the quotation marks there"
        ) from None


def _headings(cells: Sequence[str]) -> list[str]:
    """The columns' names. Raises ``UnusableInputError``."""
    written = [" ".join(cell.replace("_", " ").casefold().split()) for cell in cells]
    found = [CALLED_ALSO.get(name, name) for name in written]
    while found and not found[-1]:
        found.pop()
    problems = [
        Problem("file", f"has two columns \u201c{name[:60]}\u201d; keep one of them")
        for name in sorted({name for name in found if found.count(name) > 1})
    ]
    for name in dict.fromkeys(found):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS) or "; take it out, or name it as in the template"
            problems.append(Problem("file", f"has a column \u201c{name[:60]}\u201d{near}"))
    if "name" not in found and not problems:
        problems.append(Problem("file", "has no column \u201cname\u201d; take the template"))
    if problems:
        raise UnusableInputError(problems)
    return found


def _line(number: int, headings: list[str], cells: list[str], payers: PayerIndex) -> Line:
    problems: list[Problem] = []
    if any(cell.strip() for cell in cells[len(headings) :]):
        problems.append(
            Problem("", "has more cells than there are columns; put text with commas in quotes")
        )
    texts = dict(zip(headings, (cell.strip() for cell in cells), strict=False))
    parts: dict[str, dict[str, Any]] = {}
    for heading, text in texts.items():
        column = COLUMNS[heading]
        try:
            value = column.read(text)
            if column.field.widget == "payer" and isinstance(value, str):
                value = _payer(value, payers)
        except ValueError as error:
            problems.append(Problem(heading, str(error)))
            continue
        if value is not None:
            _put(parts.setdefault(column.part, {}), column, value)
    client = parts.pop(CLIENT_PART, {})
    if not client.get("name"):
        problems.append(Problem("name", "is missing; write the client\u2019s name"))
    if COVERAGE_PART in parts and not texts.get("payer"):
        problems.append(Problem("payer", "is missing; name the insurer that the line tells of"))
    return Line(number, texts, client, parts, tuple(problems))


def _payer(text: str, payers: PayerIndex) -> str:
    """A payer's name. One that no plugin serves is kept, unless it looks like a slip."""
    if payers.find(text) is not None:
        return text
    names = [name for payer in payers.payers for name in (payer.name, *payer.aliases)]
    spelled = {name.casefold(): name for name in names}
    if near := get_close_matches(text.casefold()[:80], sorted(spelled), 1, _SLIP):
        said = f"\u201c{text[:40]}\u201d is not known; did you mean {spelled[near[0]]}?"
        raise ValueError(said)
    return text


def _put(data: dict[str, Any], column: Column, value: object) -> None:
    *parents, last = column.field.path.split(".")
    for part in parents:
        data = data.setdefault(part, {})
        if part in UNITS:
            unit, week = UNITS[part]
            data[unit] = week
    data[last] = value


def heading_of(part: str, path: str) -> str:
    """The column that tells a field of a fact; the field itself where none does."""
    own = path.partition("[")[0]
    return next(
        (c.heading for c in COLUMNS.values() if (c.part, c.field.path) == (part, own)), path
    )


def as_file(lines: Sequence[Line]) -> str:
    """Lines as a file of their own, to be mended and sent again. What a spreadsheet would take for
    a formula is marked as text."""
    out = io.StringIO(newline="")
    headings = [name for name in COLUMNS if any(name in line.cells for line in lines)]
    writer = csv.writer(out)
    writer.writerow(headings)
    for line in lines:
        writer.writerow([_harmless(line.cells.get(name, "")) for name in headings])
    return out.getvalue()


def _harmless(text: str) -> str:
    formula = text.startswith(("=", "@", "\t", "\r"))
    signed = text[:1] in ("+", "-") and not text[1:2].isdigit() and len(text) > 1
    return f"'{text}" if formula or signed else text
