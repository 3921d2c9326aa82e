"""The ICD-10-CM table and its look-up."""

import hashlib
import json
import re
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.rulebook import icd10
from massage_ins_bridge.rulebook.icd10 import look_up, releases

DATA = Path(icd10.__file__).with_name("data")
_LINES = zlib.decompress((DATA / "icd10cm.txt.gz").read_bytes(), wbits=31).decode().splitlines()
KNOWN = Path(__file__).with_name("known_codes.txt").read_text("utf-8").splitlines()[1:]


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


@pytest.mark.parametrize("line", KNOWN, ids=lambda line: line[:21])
def test_known_codes(line: str) -> None:
    code, on, status, since, until = line.split()
    found = look_up(code, date.fromisoformat(on))
    expected = (code, status, _day(since), _day(until))
    assert (found.text, found.status, found.from_, found.to) == expected


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("M54.5", "retired on October 1, 2021. It was split into more exact codes."),
        ("S23.420A", "retired on October 1, 2026. The prescriber must choose a code"),
        ("S13.4", "7 in all without the dot, such as an A or D at the end"),
        *(("M25.51", "6 in all without the dot. "), ("M54", "4 to 5 in all")),
        ("S13.4A", "with the placeholder X before it"),
        *(("lumbago", "“lumbago” is not written as an ICD-10-CM code"), ("", "No code is written")),
        ("Z99.999", "not in the ICD-10-CM code list"),
    ],
)
def test_message_says_what_to_do(code: str, says: str) -> None:
    message = look_up(code, date(2026, 11, 22)).message
    assert says in message
    assert "prescriber must" in message


def test_not_yet_names_the_first_day() -> None:
    assert "only from October 1, 2026" in look_up("M67.A01", date(2026, 9, 30)).message


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
