"""``plugins``, ``rules`` and ``clinic profile``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow  # processes of their own, or a whole service


def test_help_lists_every_command(run: Run) -> None:
    done = run("--help", env={"COLUMNS": "120"})
    for name in ("check", "clinic", "db", "demo", "doctor", "key", "plugins", "rules", "serve"):
        assert f" {name} " in done.stdout
    for name in ("check", "serve", "plugins", "rules", "demo", "doctor"):
        assert run(name, "--help").returncode == 0


def test_plugins_say_how_they_are(run: Run) -> None:
    done = run("plugins", "--json")
    found = {item["name"]: item for item in json.loads(done.stdout)}
    assert done.returncode == 0
    assert found["regence"]["health"] == "ok"
    assert found["regence"]["serves"] == ["regence"]
    assert found["core"]["serves"] == ["every payer"]


def test_a_disabled_plugin_is_shown_as_such(run: Run) -> None:
    done = run("plugins", "--json", env={"MIB_DISABLED_PLUGINS": '["regence"]'})
    found = {item["name"]: item for item in json.loads(done.stdout)}
    assert found["regence"]["health"] == "disabled"


def test_rules_of_a_day(run: Run) -> None:
    early = json.loads(run("rules", "wa-law", "--on", "2018-06-06", "--json").stdout)
    late = json.loads(run("rules", "wa-law", "--on", "2018-06-07", "--json").stdout)
    assert "LAW-00" in {r["id"] for r in early}
    assert "LAW-01" not in {r["id"] for r in early}
    assert "LAW-01" in {r["id"] for r in late}
    assert "LAW-00" not in {r["id"] for r in late}
    everything = json.loads(run("rules", "--on", "2026-11-22", "--json").stdout)
    assert {"REG-03", "EX-07", "LNI-05", "PIP-03"} <= {r["id"] for r in everything}


def test_rules_of_a_payer_by_any_of_its_names(run: Run) -> None:
    found = json.loads(run("rules", "Group Health", "--json").stdout)
    assert "KPW-01" in {r["id"] for r in found}
    done = run("rules", "regenc")
    assert done.returncode == 2
    assert "did you mean 'regence'?" in done.stderr


def test_review_tells_what_is_due_and_overdue(run: Run) -> None:
    assert "Nothing is due" in run("rules", "review", "--on", "2026-11-22").stdout
    soon = run("rules", "review", "--on", "2027-02-01", "--json")
    assert soon.returncode == 0
    assert json.loads(soon.stdout)
    assert run("rules", "review", "--on", "2027-03-01", "--json").returncode == 1


def test_explain_one_rule(run: Run) -> None:
    done = run("rules", "explain", "lni-08")
    assert "112.09" in done.stdout
    assert "look it up" in done.stdout
    missing = run("rules", "explain", "REG-33")
    assert missing.returncode == 2
    assert "REG-03" in missing.stderr


@pytest.mark.parametrize("name", ["in-network-regence", "out-of-network-lni"])
def test_profiles_are_shown_and_applied(run: Run, tmp_path: Path, name: str) -> None:
    assert name in run("clinic", "profile", "list").stdout
    policy = tomllib.loads(run("clinic", "profile", "show", name).stdout)
    settings = tmp_path / "massage-ins-bridge.toml"
    settings.write_text("# ours\nport = 9000\n")
    assert run("clinic", "profile", "apply", name).returncode == 0
    written = tomllib.loads(settings.read_text())
    assert written["clinic"] == policy["clinic"]
    assert written["port"] == 9000
    assert "# ours" in settings.read_text()
    assert (tmp_path / "massage-ins-bridge.toml.before").read_text() == "# ours\nport = 9000\n"
    again = run("clinic", "profile", "apply", name)
    assert "nothing to change" in again.stdout
    assert run("plugins").returncode == 0


def test_a_settings_file_with_a_byte_order_mark(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "massage-ins-bridge.toml"
    settings.write_text("\ufeffport = 9000\n", encoding="utf-8")
    assert run("clinic", "profile", "apply", "in-network-regence").returncode == 0
    assert tomllib.loads(settings.read_text())["port"] == 9000


def test_an_unreadable_settings_file_is_one_line(run: Run, tmp_path: Path) -> None:
    for command in ("serve", "plugins", "doctor", "key list", "db upgrade"):
        done = run(*command.split(), "--config", str(tmp_path))
        assert done.returncode in (1, 2)
        (line,) = (done.stdout + done.stderr).splitlines()
        assert "cannot be read (Is a directory)" in line


def test_the_seed_clinic_out_of_network(run: Run, tmp_path: Path) -> None:
    """Regence is billed by superbill there, and every insurance booking needs its own approval."""
    run("clinic", "profile", "apply", "out-of-network-lni")
    body = {
        "as_of": "2026-12-01T09:00:00-08:00",
        "booking": {"start": "2026-12-08T10:00:00-08:00", "payer": "regence"},
    }
    decision = json.loads(run("check", "-", "--json", input=json.dumps(body)).stdout)
    keys = {r["key"]: r["status"] for r in decision["requirements"]}
    assert decision["route"] == "superbill"
    assert decision["payment_at_visit"] is True
    assert keys["clinic-approval"] == "unknown"
    body["booking"]["start"] = "2018-12-08T10:00:00-08:00"
    body["booking"]["payer"] = "uhc"
    decision = json.loads(run("check", "-", "--json", input=json.dumps(body)).stdout)
    assert decision["route"] is None
    assert (tmp_path / "massage-ins-bridge.toml").exists()


def test_an_unknown_profile(run: Run) -> None:
    done = run("clinic", "profile", "show", "nobody")
    assert done.returncode == 2
    assert "known are in-network-regence" in done.stderr
