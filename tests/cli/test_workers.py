"""``serve --workers``: what several processes cannot share is refused."""

from pathlib import Path
from typing import Any

import pytest
from tests.databases import refusal, settings_of

from massage_ins_bridge.cli.workers import refuse_unfit

FIT = {"staff_page": "key"}
SERVER = "postgresql+psycopg://u@127.0.0.1/n"


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        (None, FIT, "workers: SQLite serves one process, not 3"),
        ("sqlite:////a/b", FIT, "workers: SQLite serves one process, not 3"),
        (SERVER, {**FIT, "worker_name": "one"}, "worker_name: 3 processes cannot share one name"),
        (SERVER, {"staff_page": "local"}, 'staff_page: "local" lets a browser into one process'),
    ],
)
def test_not_shared(tmp_path: Path, url: str | None, more: dict[str, Any], said: str) -> None:
    assert refusal(lambda: refuse_unfit(settings_of(tmp_path, url, **more), 3)).startswith(said)
    refuse_unfit(settings_of(tmp_path, SERVER, **FIT), 3)
