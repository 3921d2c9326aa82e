"""Which fields a worksheet has: the clinic's own file over ours, and what is wrong with one."""

from pathlib import Path

import pytest

from massage_ins_bridge.desk.worksheet_fields import OWN, sheet_fields
from massage_ins_bridge.settings import Settings, load_settings

OURS = """
read_on = 2026-12-01
note = "As the portal shows them."
[[sections]]
title = "Member"
fields = ["member_id", "knee"]
[labels]
member_id = "Subscriber"
knee = "Knee"
"""


def settings(folder: Path, text: str | None) -> Settings:
    if text is not None:
        (folder / OWN).write_text(text, encoding="utf-8")
    return load_settings(None, {}, {"data_dir": folder})


def test_a_clinic_has_fields_of_its_own(tmp_path: Path) -> None:
    found = sheet_fields(settings(tmp_path, OURS))
    assert found.sections == (("Member", ("member_id", "knee")),)
    assert (str(found.read_on), found.labels["knee"]) == ("2026-12-01", "Knee")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("read_on = 2026-12-01", "", "read_on is no day"),
        ('"knee"]', '"elbow"]', "elbow has no label"),
        ('"knee"]', '"member_id"]', "member_id stands in it twice"),
        ('fields = ["member_id", "knee"]', "", "a section lacks its title or fields"),
        ('knee = "Knee"', "knee = 1", "has no text for each field"),
        ("[[sections]]", "[[sections", "Expected"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_ours_stand(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    plain = sheet_fields(settings(tmp_path, None))
    found = sheet_fields(settings(tmp_path, OURS.replace(old, new)))
    assert found.sections == plain.sections
    assert found.note.startswith(f"{OWN} cannot be used: ")
    assert said in found.note
