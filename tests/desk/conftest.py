"""Deciding and writing back run on SQLite and PostgreSQL alike."""

from __future__ import annotations

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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bridge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bridge]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = make_bridge(tmp_path, url)
    yield made
    made.close()
