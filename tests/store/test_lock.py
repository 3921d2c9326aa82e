"""One process serves from a database file, by whatever path it was reached."""

import os
from pathlib import Path

import pytest
from tests.databases import settings_of

from massage_ins_bridge.settings import StartError
from massage_ins_bridge.store.database import open_store
from massage_ins_bridge.store.lock import DataFileLock
from massage_ins_bridge.web.app import create_app


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A folder that a service works in; its file is of nobody else's business."""
    folder = tmp_path / "one"
    store = open_store(settings_of(folder))
    assert store.file is not None
    assert {p.stat().st_mode & 0o077 for p in folder.iterdir()} == {0}
    store.close()
    return folder / "bridge.sqlite3"


def test_another_folder_with_the_same_file_is_refused(held: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(held)
    lock = DataFileLock(held)
    lock.take()
    for path in (held, link, held.parent / ".." / "one" / held.name):
        settings = settings_of(tmp_path / "two", f"sqlite:///{path}")
        (tmp_path / "two").mkdir(exist_ok=True)
        (tmp_path / "two" / "secret.key").write_text((held.parent / "secret.key").read_text())
        with pytest.raises(StartError, match="another process serves from ") as caught:
            create_app(settings)
        assert "\n" not in str(caught.value)
    lock.give_back()
    other = DataFileLock(link)
    other.take()
    other.give_back()


def test_a_file_with_two_names_is_refused(held: Path, tmp_path: Path) -> None:
    os.link(held, tmp_path / "second.sqlite3")
    with pytest.raises(StartError, match="has a second name"):
        DataFileLock(tmp_path / "second.sqlite3").take()


def test_a_lock_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "serving.lock").mkdir()
    with pytest.raises(StartError) as caught:
        DataFileLock(tmp_path / "bridge.sqlite3").take()
    assert str(caught.value).startswith(f"data_dir: {tmp_path / 'serving.lock'} cannot be written")
