"""The ICD-10-CM table, its look-up, and the builder on small made-up lists."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
import zipfile
import zlib
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.rulebook import icd10
from massage_ins_bridge.rulebook.icd10 import look_up, releases

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_icd10.py"
DATA = Path(icd10.__file__).with_name("data")
_LINES = zlib.decompress((DATA / "icd10cm.txt.gz").read_bytes(), wbits=31).decode().splitlines()

KNOWN = """
M54.50    2026-11-22  valid       2021-10-01  -
M54.51    2021-10-01  valid       2021-10-01  -
M54.59    2021-09-30  not-yet     2021-10-01  -
M54.5     2021-09-30  valid       2015-10-01  2021-09-30
M54.5     2021-10-01  retired     2015-10-01  2021-09-30
M54.5     2026-11-22  retired     2015-10-01  2021-09-30
M54.2     2015-10-01  valid       2015-10-01  -
M54.2     2015-09-30  not-yet     2015-10-01  -
M54.6     2026-11-22  valid       2015-10-01  -
M54.9     2026-11-22  valid       2015-10-01  -
M54.12    2026-11-22  valid       2015-10-01  -
M54       2026-11-22  incomplete  2015-10-01  -
M54.1     2026-11-22  incomplete  2015-10-01  -
M54.501   2026-11-22  unknown     -           -
M79.1     2018-09-30  valid       2015-10-01  2018-09-30
M79.1     2018-10-01  retired     2015-10-01  2018-09-30
M79.10    2018-09-30  not-yet     2018-10-01  -
M79.11    2018-10-01  valid       2018-10-01  -
M79.12    2026-11-22  valid       2018-10-01  -
M79.18    2026-11-22  valid       2018-10-01  -
M79.7     2026-11-22  valid       2015-10-01  -
M25.511   2026-11-22  valid       2015-10-01  -
M25.51    2026-11-22  incomplete  2015-10-01  -
M25.541   2016-09-30  not-yet     2016-10-01  -
M62.830   2026-11-22  valid       2015-10-01  -
M26.62    2016-10-01  retired     2015-10-01  2016-09-30
M26.621   2026-11-22  valid       2016-10-01  -
G44.209   2026-11-22  valid       2015-10-01  -
G44.86    2021-09-30  not-yet     2021-10-01  -
G44.86    2021-10-01  valid       2021-10-01  -
G89.29    2026-11-22  valid       2015-10-01  -
R51       2020-09-30  valid       2015-10-01  2020-09-30
R51       2020-10-01  retired     2015-10-01  2020-09-30
R51.9     2026-11-22  valid       2020-10-01  -
M51.36    2024-09-30  valid       2015-10-01  2024-09-30
M51.36    2024-10-01  retired     2015-10-01  2024-09-30
M51.360   2024-10-01  valid       2024-10-01  -
M72.2     2026-09-30  valid       2015-10-01  2026-09-30
M72.2     2026-10-01  retired     2015-10-01  2026-09-30
M72.21    2026-10-01  valid       2026-10-01  -
M67.A01   2026-09-30  not-yet     2026-10-01  -
M67.A01   2026-10-01  valid       2026-10-01  -
M67.A     2026-09-30  not-yet     2026-10-01  -
S23.420A  2026-09-30  valid       2015-10-01  2026-09-30
S23.420A  2026-10-01  retired     2015-10-01  2026-09-30
S23.420   2026-10-01  retired     2015-10-01  2026-09-30
S13.4XXA  2026-11-22  valid       2015-10-01  -
S16.1XXD  2026-11-22  valid       2015-10-01  -
S39.012A  2026-11-22  valid       2015-10-01  -
S39.012   2026-11-22  incomplete  2015-10-01  -
S13.4     2026-11-22  incomplete  2015-10-01  -
S13.4XX   2026-11-22  incomplete  2015-10-01  -
S13.4XXB  2026-11-22  unknown     -           -
S13.4A    2026-11-22  malformed   -           -
Z00.00    2026-11-22  valid       2015-10-01  -
QA0.0101  2026-11-22  valid       2025-10-01  -
Z99.999   2026-11-22  unknown     -           -
M54.      2026-11-22  malformed   -           -
5M4.50    2026-11-22  malformed   -           -
M5.450    2026-11-22  malformed   -           -
M54..50   2026-11-22  malformed   -           -
M54.50000 2026-11-22  malformed   -           -
"""


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


@pytest.mark.parametrize("line", KNOWN.strip().splitlines(), ids=lambda line: line[:21])
def test_known_codes(line: str) -> None:
    code, on, status, since, until = line.split()
    found = look_up(code, date.fromisoformat(on))
    expected = (code, status, _day(since), _day(until))
    assert (found.text, found.status, found.from_, found.to) == expected


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("M54.5", "retired on 2021-10-01; it was split into more exact codes"),
        ("S23.420A", "retired on 2026-10-01; the prescriber must choose a code that is in force"),
        ("S13.4", "7 in all without the dot, such as an A or D at the end"),
        ("M25.51", "6 in all without the dot. "),
        ("M54", "4 to 5 in all"),
        ("S13.4A", "with the placeholder X before it"),
        ("lumbago", "“lumbago” is not written as an ICD-10-CM code"),
        ("", "No code is written"),
        ("Z99.999", "not in the ICD-10-CM code list"),
    ],
)
def test_message_says_what_to_do(code: str, says: str) -> None:
    message = look_up(code, date(2026, 11, 22)).message
    assert says in message
    assert "prescriber must" in message


def test_not_yet_names_the_first_day() -> None:
    assert "only from 2026-10-01" in look_up("M67.A01", date(2026, 9, 30)).message


@pytest.mark.parametrize(
    "code", ["\u013110", "\u216f54.50", "M54.5\uff10", "M54\xa050", "M54.50\0"]
)
def test_look_alikes_are_malformed(code: str) -> None:
    assert look_up(code, date(2026, 11, 22)).status == "malformed"


@given(st.text(), st.dates())
def test_never_raises(code: str, on: date) -> None:
    found = look_up(code, on)
    assert found.message.isprintable()


@given(st.from_regex(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", fullmatch=True), st.dates())
def test_any_well_formed_code_has_a_status(code: str, on: date) -> None:
    found = look_up(code, on)
    assert found.text == code
    if found.status == "valid":
        assert found.from_ is not None
        assert found.from_ <= on <= (found.to or date.max)


@given(st.data())
def test_a_code_reads_the_same_however_it_is_written(data: st.DataObject) -> None:
    key, since, until = data.draw(st.sampled_from(_LINES)).split()
    first = date.fromisoformat(since)
    last = date.fromisoformat(until)
    on = data.draw(st.dates(first, min(last, date(2100, 1, 1))))
    dotted = f"{key[:3]}.{key[3:]}".rstrip(".")
    written = data.draw(st.sampled_from([key, dotted, key.lower(), dotted.lower()]))
    padding = data.draw(st.sampled_from(["", " ", "\t", "  \n"]))
    found = look_up(f"{padding}{written}{padding}", on)
    assert (found.text, found.status, found.from_) == (dotted, "valid", first)
    assert look_up(dotted, first - timedelta(days=1)).status != "valid"


def test_the_table_is_what_its_facts_say() -> None:
    facts = json.loads((DATA / "icd10cm.json").read_text("utf-8"))
    table = "".join(f"{line}\n" for line in _LINES).encode("ascii")
    assert len(_LINES) == facts["rows"]
    assert hashlib.sha256(table).hexdigest() == facts["sha256"]
    assert sorted(_LINES) == _LINES
    assert all(re.fullmatch(r"[A-Z0-9]{3}[A-Z0-9 ]{4} \d{8} \d{8}", line) for line in _LINES)
    assert all(line[8:16] <= line[17:] for line in _LINES)


def test_every_release_can_be_counted_back_out_of_the_table() -> None:
    for release in releases():
        on = f"{release.in_force_from:%Y%m%d}"
        assert sum(line[8:16] <= on <= line[17:] for line in _LINES) == release.codes
    days = [release.in_force_from for release in releases()]
    assert days == sorted(set(days))


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_icd10", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_icd10"] = module
    spec.loader.exec_module(module)
    return module


CODES_FILE = "M545    Low back pain\r\nM542    Cervicalgia\r\nS134XXA Sprain, initial encounter\r\n"
ORDER_FILE = """\
00001 M54     0 Dorsalgia                                                    Dorsalgia
00002 M542    1 Cervicalgia                                                  Cervicalgia
00003 M545    0 Low back pain                                                Low back pain
00004 M5450   1 Low back pain, unspecified                                   Low back pain
00005 S134XXA 1 Sprain, initial encounter                                    Sprain
"""
ADDENDA = """\
Delete:      1 M542    Cervicalgia                 Cervicalgia
Add:         0 M542    Cervicalgia                 Cervicalgia
Add:         1 M5420   Cervicalgia, unspecified    Cervicalgia, unspecified
Revise from: 1 M5450   Low back pain               Low back pain

Codes
  3 codes in icd10cm_order_2022.txt
  3 codes in icd10cm_order_2023.txt
"""


def _build(builder: ModuleType, folder: Path, *arguments: str) -> list[str]:
    out = folder / "out"
    assert builder.main(["--scratch", "--output", str(out), *arguments]) == 0
    table = zlib.decompress((out / "icd10cm.txt.gz").read_bytes(), wbits=31)
    assert hashlib.sha256(table).hexdigest() in (out / "icd10cm.json").read_text("utf-8")
    return [re.sub(" +", " ", line) for line in table.decode("ascii").splitlines()]


def test_builder_reads_both_layouts_and_addenda(builder: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "icd10cm_codes_2021.txt").write_bytes(CODES_FILE.encode())
    with zipfile.ZipFile(tmp_path / "2022.zip", "w") as archive:
        archive.writestr("Code Descriptions/icd10cm_order_addenda_2022.txt", "not this one")
        archive.writestr("Code Descriptions/icd10cm_order_2022.txt", ORDER_FILE)
    (tmp_path / "addenda.txt").write_text(ADDENDA, "utf-8")
    (tmp_path / "corrections.tsv").write_text(
        "# code\tfrom\tlast\thow sure\tsource\n"
        "M545\t\t2021-06-30\tsure\tmade up\nM545*\t2021-07-01\t\tsure\tmade up\n"
        "M791\t\t2018-09-30\tsure\tmade up\n",
        "utf-8",
    )
    assert _build(
        builder,
        tmp_path,
        f"--release=2021-10-01={tmp_path / '2022.zip'}",
        f"--release=2020-10-01={tmp_path / 'icd10cm_codes_2021.txt'}",
        f"--addenda=2022-10-01={tmp_path / 'addenda.txt'}",
        f"--corrections={tmp_path / 'corrections.tsv'}",
    ) == [
        "M542 20151001 20220930",
        "M5420 20221001 99991231",
        "M545 20151001 20210630",
        "M5450 20210701 99991231",
        "M791 20151001 20180930",
        "S134XXA 20151001 99991231",
    ]


def test_builder_takes_the_leaves_of_a_bare_list_once(builder: ModuleType) -> None:
    bare = "1\r\nB20-B20\r\nB20\r\nB20\r\nM50-M54\r\nM54\r\nM545\r\nM5450\r\nM5451\r\nQA0\r\n"
    assert builder.parse_list(bare) == {"B20", "M5450", "M5451", "QA0"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("M54\n<html>\n", "not an ICD-10-CM code: <html>"),
        ("M545    Low back pain\nPage 2 of 3\n", "not an ICD-10-CM code: Page"),
        (ORDER_FILE + "Page 2\n", "1 lines do not fit"),
    ],
)
def test_builder_refuses_what_is_no_list(builder: ModuleType, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        builder.parse_list(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no additions"),
        ("Delete:      1 M999\n", "do not fit"),
        ("Add:         1 M542\n", "do not fit"),
        ("Add:         1 M543\n  3 codes in a\n  5 codes in b\n", r"totals should be \[3, 5\]"),
    ],
)
def test_builder_refuses_addenda_that_do_not_fit(
    builder: ModuleType, text: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        builder.apply_addenda(frozenset({"M542", "M545", "M546"}), text)


@pytest.mark.parametrize(
    "line",
    [
        "M5451\t2021-10-01\t\tsure\tnot in the lists",
        "M5450\t2019-10-01\t\tsure\ta list of 2020 lacks it",
        "M5450\t\t2021-12-31\tsure\tstill in the newest list",
        "M546*\t2021-10-01\t\tsure\tno such family",
    ],
)
def test_builder_refuses_corrections_that_the_lists_contradict(
    builder: ModuleType, line: str
) -> None:
    spans = {"M5450": [(date(2021, 10, 1), builder.OPEN_END)]}
    with pytest.raises(ValueError, match="the lists have no code"):
        builder.correct(spans, line, [date(2020, 10, 1), date(2021, 10, 1)])
