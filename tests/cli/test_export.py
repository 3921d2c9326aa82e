"""``export``: a file for its owner alone, and a line in the audit."""

import zipfile
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_links import bridge  # noqa: F401 - a booking stands, and commands see it
from tests.desk.bridge import Bridge


def test_a_chart_is_saved_once_and_for_its_owner(
    bridge: Bridge,  # noqa: F811
    run: Run,
    tmp_path: Path,
) -> None:
    patient, path = bridge.row("b1").patient_id, tmp_path / "chart.zip"
    said = run("export", patient, "--to", str(path))
    assert (said.code, "which anybody who has them can read" in said.out) == (0, True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "chart.json" in zipfile.ZipFile(path).namelist()
    with bridge.installation.read() as record:
        (row,) = record.acts.listed(patient_id=patient)
        assert record.acts.act(row).who.endswith("by the command line")
    again = run("export", patient, "--to", str(path))
    assert (again.code, "is there already" in again.err) == (2, True)
    nowhere = run("export", patient, "--to", str(tmp_path / "no" / "chart.zip"))
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)
    assert run("export", "pat_0").code == 2
