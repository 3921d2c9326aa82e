"""``rules impact`` and ``rules diff``: what an edited file would change, told before it does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.test_going_live import stand

from massage_ins_bridge.cli import rules_impact
from massage_ins_bridge.desk.installation import Installation

EDITED = """
[[rules]]
plugin = "core"
id = "RX-07"
source = "our own choice"
values = { lead_days = 9 }
"""


@pytest.fixture
def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """Bookings stand, and the command opens the same data."""
    made = make_bridge(tmp_path, None, "observe")
    stand(made)

    @contextmanager
    def opened(_config: Path | None) -> Iterator[Installation]:
        yield made.installation

    monkeypatch.setattr(rules_impact, "opened", opened)
    yield made
    made.close()


def test_impact_tells_each_booking_and_the_cause(
    standing: Bridge, run: Run, tmp_path: Path
) -> None:
    """The installation goes by two rules of its own, the edited file by those that are shipped."""
    file = tmp_path / "edited.toml"
    file.write_text(EDITED, encoding="utf-8")
    told = run("rules", "impact", str(file))
    assert told.code == 0
    assert "of 4 standing bookings would change their outcome" in told.out
    changes = json.loads(run("rules", "impact", str(file), "--json").out)
    assert {c["booking"] for c in changes} >= {standing.row("b1").id}
    assert all(c["now"] != c["then"] and c["why"] for c in changes)


def test_a_file_that_cannot_be_used_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "edited.toml"
    file.write_text(EDITED.replace("lead_days", "lead_dais"), encoding="utf-8")
    told = run("rules", "impact", str(file))
    assert told.code != 0
    assert "edited.toml" in told.err
    assert "lead_days" in told.err
    assert "Traceback" not in told.err


def test_diff_of_two_days_and_of_two_files(run: Run, tmp_path: Path) -> None:
    days = run("rules", "diff", "2018-06-06", "2018-06-07", "--payer", "premera")
    assert "PRM-02 (premera) begins" in days.out
    assert "PRM-01 (premera) ends" in days.out
    file = tmp_path / "edited.toml"
    file.write_text(EDITED, encoding="utf-8")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    told = run("rules", "diff", str(tmp_path / "empty.toml"), str(file))
    assert "lead_days is 9; it was 4." in told.out
    missing = run("rules", "diff", "2018-06-06", "nowhere.toml")
    assert missing.code != 0
    assert "nowhere.toml" in missing.err
