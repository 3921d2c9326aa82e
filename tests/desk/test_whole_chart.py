"""The whole chart of a client: all that is kept of them is in the file, and of nobody else."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import act, come, insured, link_to, page_bridge, prescribed
from tests.documents.made import JPEG, PDF

from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.papers import Given
from massage_ins_bridge.desk.whole_chart import note_saved, whole_chart
from massage_ins_bridge.desk.worksheet_typed import change_sheet


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = page_bridge(tmp_path)
    come(made)
    yield made
    made.close()


def opened(bridge: Bridge, ref: str = "b1") -> tuple[dict[str, Any], zipfile.ZipFile]:
    with bridge.installation.read() as record:
        content = whole_chart(bridge.installation, record, bridge.row(ref).patient_id)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return json.loads(archive.read("chart.json")), archive


def test_everything_is_in_it(bridge: Bridge) -> None:
    insured(bridge, member_id="ZZZ123")
    prescribed(bridge)
    link_to(bridge)
    act(bridge, "prescription", files=[Given("my rx/ñ 1.jpg", JPEG), Given("..", PDF)])
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        note_saved(record, patient, "Mira")
        typed = {"name": "Dana", "fields": {"function_score": "32 of 80"}}
        change_sheet(bridge.installation, record, (patient, "regence"), typed)
    said, archive = opened(bridge)
    assert said["worksheets"][0]["fields"] == {"function_score": "32 of 80"}
    assert said["patient"]["name"] == "Sofia Reyes"
    assert said["coverages"][0]["member_id"] == "ZZZ123"
    assert said["prescriptions"][0]["diagnoses"] == ["M54.50"]
    assert said["bookings"][0]["decisions"]
    assert [one["act"] for one in said["said"]] == ["prescription"]
    assert len(said["links"]) == 1
    assert said["tasks"]
    (saved,) = [one for one in said["history"] if one["kind"] == "chart-saved"]
    assert (saved["who"], saved["said"]) == ("Mira", "Saved the whole chart as a file.")
    names = [one["file"] for one in said["documents"]]
    assert sorted(archive.namelist()) == sorted(["chart.json", "chart.html", *names])
    assert [archive.read(name) for name in names] == [JPEG, PDF]
    for name in names:
        assert name.startswith("papers/")
        assert ".." not in name
        assert name.isascii()
    page = archive.read("chart.html").decode()
    for words in ("Sofia Reyes", "ZZZ123", "M54.50", "Who saw and changed what"):
        assert words in page


def test_nobody_else_is_in_it(bridge: Bridge) -> None:
    come(bridge, "b2", name="Robert Eriksen", email="robert@clients.example")
    said, archive = opened(bridge)
    assert "Eriksen" not in archive.read("chart.html").decode() + json.dumps(said)
    with bridge.installation.read() as record, pytest.raises(NotFoundError):
        whole_chart(bridge.installation, record, "pat_0")
    with bridge.installation.write() as record, pytest.raises(NotFoundError):
        note_saved(record, "pat_0", "Mira")


def test_days_are_the_clinics(bridge: Bridge) -> None:
    """What came in the evening did not come on the next day, though it did by Greenwich's clock."""
    bridge.clock.moment = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    link_to(bridge)
    act(bridge, "prescription", files=[Given("rx.jpg", JPEG)])
    said, archive = opened(bridge)
    assert said["documents"][0]["file"].startswith("papers/2026-11-22-")
    page = archive.read("chart.html").decode()
    assert "Alder Street Massage, 2026-11-22." in page
    assert "<dd>2026-11-22 19:30</dd>" in page
    assert "T03:30" not in page
