"""Deciding and writing back run on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge


@pytest.fixture
def observer(tmp_path: Path) -> Iterator[Bridge]:
    """An installation whose account only observes."""
    made = make_bridge(tmp_path, None, "observe")
    yield made
    made.close()


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, database_url)
    yield made
    made.close()
