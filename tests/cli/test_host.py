"""The host as the settings want it."""

from pathlib import Path

from tests.cli.conftest import Run, Text


def test_settings_give_the_clinic_and_its_rule_file(run: Run, text: Text, tmp_path: Path) -> None:
    settings = 'rules_file = "own.toml"\n[clinic.network]\nregence = [{status = "in"}]\n'
    (tmp_path / "massage-ins-bridge.toml").write_text(settings)
    (tmp_path / "own.toml").write_text(
        '[[rules]]\nplugin = "regence"\nid = "REG-03"\nsource = "letter of 2026-10-02"\n'
        "values = { days_after_first_visit = 10 }\n"
    )
    changes = {"coverages.0.funding": "self_insured"}
    decision = run("check", "-", "--json", input=text(clinic=..., **changes)).json
    owed = next(r for r in decision["requirements"] if r["key"] == "prior-authorization")
    assert owed["due"] == "2026-12-18"
    assert "letter of 2026-10-02" in owed["source"]["title"]
    assert decision["ruleset"]["regence"].endswith("+clinic")
