"""Rulings as data: what a file may say, and how it is told that it says too much or too little."""

from pathlib import Path

import pytest

from massage_ins_bridge.testing.requests import authorization, bookings, days, request, visits
from massage_ins_bridge.testing.rulings import Ruling, RulingError, read_rulings

HEAD = 'payer = "cigna"\nexpect = { outcome = "allow" }\n[g]\ngiven = { patient.name = "A" }\n'


def read(folder: Path, text: str) -> list[Ruling]:
    path = folder / "rulings.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_rulings(path)


def one(folder: Path, text: str) -> Ruling:
    (ruling,) = read(folder, f"[g.rulings.r]\n{text}\n")
    return ruling


def test_a_ruling_changes_the_standard_request(tmp_path: Path) -> None:
    text = 'missing = ["coverages.0.claim"]\npayer = "pip"\ngiven.clinic.network."{payer}" = []'
    changes = {"coverages.0.claim": ..., "clinic.network.pip": [], "patient.name": "A"}
    found = one(tmp_path, text)
    assert str(found) == "g: r"
    assert found.request == request("pip", **changes)


def test_what_is_expected_and_about_which_rules(tmp_path: Path) -> None:
    text = 'rules = ["A-1"]\nexpect = { route = "", due.intake = "2026-12-04", x.y = "-" }'
    found = one(tmp_path, text)
    expected = {"outcome": "allow", "route": None, "due intake": "2026-12-04", "x.y": "-"}
    assert (found.expected, found.rules) == (expected, ("A-1",))
    assert found.told()["outcome"] == "allow"


def test_short_entries_are_written_out(tmp_path: Path) -> None:
    text = """
    given.visits = ["2026-11-10..2026-11-12", { on = "2026-11-20", provider = "other" }]
    given.upcoming = ["2026-12-03T10:00:00-08:00"]
    given.authorizations = ["requested", { visits = 4 }]
    """
    made = one(tmp_path, text).request
    other = visits("cigna", "2026-11-20", provider="other")
    assert made["visits"] == visits("cigna", *days(3)) + other
    assert made["upcoming"] == bookings("cigna", "2026-12-03T10:00:00-08:00")
    bare = authorization("cigna", number=..., visits=..., from_=..., to=...)
    known = authorization("cigna", visits=4)
    assert made["authorizations"] == [{**bare, "status": "requested"}, known]


def test_one_for_each_payer_and_each_value(tmp_path: Path) -> None:
    text = '[g.rulings.r]\npayer = ["cigna", "uhc"]\neach.prescriptions.0.purpose = ["a", "b"]\n'
    found = read(tmp_path, text)
    names = [f"g: r: {payer}: {value}" for payer in ("cigna", "uhc") for value in "ab"]
    assert [str(ruling) for ruling in found] == names
    assert [ruling.request["prescriptions"][0]["purpose"] for ruling in found] == ["a", "b"] * 2


WRONG = {
    "a misspelt key": ("[g.rulings.r]\nexpct = {}\n", "g: r: unknown key 'expct'; known are each,"),
    "a group's": ("[h]\nruling = {}\n", "h: unknown key 'ruling'"),
    "no table": ("[g.rulings]\nr = 7\n", "g: r: not a table"),
    "the same value again": ('[g.rulings.r]\neach.as_of = ["x", "x"]\n', "g: r: x: stands twice"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_no_ruling_says_is_refused(text: str, tmp_path: Path) -> None:
    wrong, said = WRONG[text]
    with pytest.raises(RulingError, match=rf"^rulings\.toml: {said}"):
        read(tmp_path, wrong)


def test_a_ruling_that_expects_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rulings.toml"
    path.write_text("[g.rulings.r]\n", encoding="utf-8")
    with pytest.raises(RulingError, match="expects nothing"):
        read_rulings(path)
