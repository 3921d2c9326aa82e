"""``clinic profile``: a policy to begin with."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", ["in-network-regence", "out-of-network-lni"])
def test_profiles_are_shown_and_applied(run: Run, tmp_path: Path, name: str) -> None:
    assert name in run("clinic", "profile", "list").out
    policy = tomllib.loads(run("clinic", "profile", "show", name).out)
    settings = tmp_path / "massage-ins-bridge.toml"
    settings.write_text("\ufeff# ours\nport = 9000\n", encoding="utf-8")
    assert run("clinic", "profile", "apply", name).code == 0
    written = tomllib.loads(settings.read_text())
    assert (written["clinic"], written["port"]) == (policy["clinic"], 9000)
    assert "# ours" in settings.read_text()
    before = (tmp_path / "massage-ins-bridge.toml.before").read_text("utf-8-sig")
    assert before == "# ours\nport = 9000\n"
    assert "nothing to change" in run("clinic", "profile", "apply", name).out
    assert run("plugins").code == 0


def test_the_seed_clinic_out_of_network(run: Run, tmp_path: Path) -> None:
    """Regence is billed by superbill there, and every insurance booking needs its own approval."""
    run("clinic", "profile", "apply", "out-of-network-lni")
    assert (tmp_path / "massage-ins-bridge.toml").exists()

    def decided(year: int, payer: str) -> dict[str, Any]:
        booking = {"start": f"{year}-12-08T10:00:00-08:00", "payer": payer}
        moment = "2026-12-01T09:00:00-08:00"
        body = {"as_of": moment, "booking": booking, "coverages": [{"payer": payer}]}
        done: dict[str, Any] = run("check", "-", "--json", input=json.dumps(body)).json
        return done | {r["key"]: r["status"] for r in done["requirements"]}

    decision = decided(2026, "regence")
    assert (decision["route"], decision["payment_at_visit"]) == ("superbill", True)
    assert decision["clinic-approval"] == "unknown"
    assert decided(2018, "uhc")["route"] is None


def test_an_unknown_profile(run: Run) -> None:
    done = run("clinic", "profile", "show", "nobody")
    assert done.code == 2
    assert "known are in-network-regence" in done.err
