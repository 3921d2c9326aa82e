"""A file that was removed is not the one that was opened, and neither is one that is put back."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from massage_ins_bridge.store.same_file import SameFile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.write_bytes(b"x")
    return made


def test_writing_into_it_makes_no_other(file: Path) -> None:
    opened = SameFile(file)
    file.write_bytes(b"y")
    assert not opened.gone


def test_that_it_was_another_is_known_for_good(file: Path) -> None:
    opened = SameFile(file)
    away = file.rename(file.with_name("away"))
    assert opened.gone
    away.rename(file)
    assert opened.gone


def test_another_in_its_place(file: Path) -> None:
    opened = SameFile(file)
    other = file.with_name("other")
    other.write_bytes(b"x")
    other.rename(file)
    assert opened.gone


def test_what_cannot_be_told_is_no_news(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = SameFile(file)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", Mock(side_effect=PermissionError))
        assert not opened.gone
    assert not opened.gone


def test_what_is_no_file_is_never_gone(tmp_path: Path) -> None:
    assert not SameFile(None).gone
    assert not SameFile(tmp_path / "not made yet").gone
