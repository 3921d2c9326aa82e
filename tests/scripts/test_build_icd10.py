"""The builder of the ICD-10-CM table on small made-up lists."""

import hashlib
import re
import runpy
import zipfile
import zlib
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_icd10.py"
BUILDER = SimpleNamespace(**runpy.run_path(str(SCRIPT)))
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


def _build(folder: Path, *arguments: str) -> list[str]:
    out = folder / "out"
    assert BUILDER.main(["--scratch", "--output", str(out), *arguments]) == 0
    table = zlib.decompress((out / "icd10cm.txt.gz").read_bytes(), wbits=31)
    assert hashlib.sha256(table).hexdigest() in (out / "icd10cm.json").read_text("utf-8")
    return [re.sub(" +", " ", line) for line in table.decode("ascii").splitlines()]


def test_builder_reads_both_layouts_and_addenda(tmp_path: Path) -> None:
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
        tmp_path,
        f"--release=2021-10-01={tmp_path / '2022.zip'}",
        f"--release=2020-10-01={tmp_path / 'icd10cm_codes_2021.txt'}",
        f"--addenda=2022-10-01={tmp_path / 'addenda.txt'}",
        f"--corrections={tmp_path / 'corrections.tsv'}",
    ) == [
        *("M542 20151001 20220930", "M5420 20221001 99991231", "M545 20151001 20210630"),
        *("M5450 20210701 99991231", "M791 20151001 20180930", "S134XXA 20151001 99991231"),
    ]


def test_builder_takes_the_leaves_of_a_bare_list_once() -> None:
    bare = "1\r\nB20-B20\r\nB20\r\nB20\r\nM50-M54\r\nM54\r\nM545\r\nM5450\r\nM5451\r\nQA0\r\n"
    assert BUILDER.parse_list(bare) == {"B20", "M5450", "M5451", "QA0"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("M54\n<html>\n", "not an ICD-10-CM code: <html>"),
        ("M545    Low back pain\nPage 2 of 3\n", "not an ICD-10-CM code: Page"),
        (ORDER_FILE + "Page 2\n", "1 lines do not fit"),
    ],
)
def test_builder_refuses_what_is_no_list(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        BUILDER.parse_list(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no additions"),
        ("Delete:      1 M999\n", "do not fit"),
        ("Add:         1 M542\n", "do not fit"),
        ("Add:         1 M543\n  3 codes in a\n  5 codes in b\n", r"totals should be \[3, 5\]"),
    ],
)
def test_builder_refuses_addenda_of_others(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        BUILDER.apply_addenda(frozenset({"M542", "M545", "M546"}), text)


@pytest.mark.parametrize(
    "line",
    [
        "M5451\t2021-10-01\t\tsure\tnot in the lists",
        "M5450\t2019-10-01\t\tsure\ta list of 2020 lacks it",
        "M5450\t\t2021-12-31\tsure\tstill in the newest list",
        "M546*\t2021-10-01\t\tsure\tno such family",
    ],
)
def test_builder_refuses_corrections_that_lists_deny(line: str) -> None:
    spans = {"M5450": [(date(2021, 10, 1), BUILDER.OPEN_END)]}
    with pytest.raises(ValueError, match="the lists have no code"):
        BUILDER.correct(spans, line, [date(2020, 10, 1), date(2021, 10, 1)])
