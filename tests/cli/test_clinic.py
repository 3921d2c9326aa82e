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


def test_out_of_all_networks(run: Run, tmp_path: Path) -> None:
    """Regence is billed by superbill there, and every insurance booking needs its own approval. A
    profile knows no clinic's history: it is so on every day."""
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
    assert decided(2012, "lifewise")["route"] == "superbill"


def test_a_profile_takes_the_place_of_another_one(run: Run, tmp_path: Path) -> None:
    run("clinic", "profile", "apply", "out-of-network-lni")
    told = run("clinic", "profile", "apply", "in-network-regence").out
    assert "clinic.network.va is taken out" in told
    written = tomllib.loads((tmp_path / "massage-ins-bridge.toml").read_text())
    assert set(written["clinic"]["network"]) == {"regence"}
    assert "prescription_lead_days" not in written["clinic"]


def test_an_unknown_profile(run: Run) -> None:
    done = run("clinic", "profile", "show", "nobody")
    assert done.code == 2
    assert "known are in-network-regence" in done.err
