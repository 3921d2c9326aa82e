"""The settings file is changed in place: comments stay, secrets go where the settings keep them,
and what cannot be used is not written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from massage_ins_bridge.settings import SettingsError, load_settings
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.settings.errors import ChangedMeanwhileError

OLD = """\
# our bridge
port = 8800  # behind the proxy

[clinic]
name = "Example Massage"  # as on the door

[[accounts]]
name = "front-desk"
connector = "calcom"  # hosted
enforcement = "observe"
[accounts.services]
"1" = {service = "medical-massage", self_pay = false}  # keep me
"""
NEW = {"connector": "calcom", "enforcement": "observe"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "massage-ins-bridge.toml"


def test_what_somebody_else_saved_meanwhile_is_not_lost(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    first, second = SettingsFile(path), SettingsFile(path)
    first.put("public_url", "https://bridge.example")
    second.put_table("clinic", {"name": "Another"})
    assert first.save()
    with pytest.raises(ChangedMeanwhileError, match="was changed meanwhile"):
        second.save()
    assert load_settings(path, {}).public_url == "https://bridge.example"
    first.put_table("clinic", {"name": "A third"})  # its own saving is no change of others
    assert first.save()
    path.write_bytes(b"\xff")
    with pytest.raises(ChangedMeanwhileError):
        first.save()


def test_what_people_wrote_stays(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    file = SettingsFile(path)
    file.put("public_url", "https://bridge.example")
    file.put_account(
        "front-desk", {"services": {"2": {"service": "rest", "self_pay": True}}, "base_url": None}
    )
    file.put_account("other", NEW)
    file.add_practitioner("mira", "Mira Example")
    assert file.save()
    text = path.read_text("utf-8")
    for comment in ("# our bridge", "# behind the proxy", "# as on the door", "# hosted", "# keep"):
        assert comment in text
    assert file.before.read_text("utf-8") == OLD
    settings = load_settings(path, {})
    assert (settings.port, settings.public_url) == (8800, "https://bridge.example")
    assert [account.name for account in settings.accounts] == ["front-desk", "other"]
    assert settings.accounts[0].services["2"].self_pay
    assert settings.accounts[0].services["1"].service == "medical-massage"
    assert file.practitioners() == {"mira": "Mira Example"}
    assert not SettingsFile(path).save()


def test_saying_the_same_again_changes_nothing(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    file = SettingsFile(path)
    meaning = {"service": "medical-massage", "self_pay": False}
    file.put_account("front-desk", {"connector": "calcom", "services": {"1": meaning}})
    file.put("port", 8800)
    assert not file.save()
    assert path.read_text("utf-8") == OLD
    assert not file.before.exists()


def test_a_field_is_taken_out(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    file = SettingsFile(path)
    file.put_account("front-desk", {"services": {"1": None}})
    file.save()
    assert load_settings(path, {}).accounts[0].services == {}


def test_a_secret_gets_a_file_that_nobody_else_reads(path: Path) -> None:
    file = SettingsFile(path)
    file.put_account("front-desk", NEW)
    file.put_secret("front-desk", "api_key", "cal_secret")
    assert file.settings().accounts[0].api_key.get_secret_value() == "cal_secret"
    secret = path.with_name("front-desk-api_key")
    assert not secret.exists()
    file.save()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert "cal_secret" not in path.read_text("utf-8")
    assert load_settings(path, {}).accounts[0].api_key.get_secret_value() == "cal_secret"
    again = SettingsFile(path)
    again.put_secret("front-desk", "api_key", "cal_secret")
    assert not again.save()


@pytest.mark.parametrize("named", [True, False])
def test_a_secret_goes_where_the_settings_keep_it(path: Path, named: bool) -> None:
    kept = path.with_name("own-file")
    kept.write_text("old\n", encoding="utf-8")
    line = f'api_key_file = "{kept}"' if named else 'api_key = "old"'
    path.write_text(OLD.replace("# hosted", f"\n{line}"), encoding="utf-8")
    file = SettingsFile(path)
    file.put_secret("front-desk", "api_key", "new")
    assert file.save()
    assert load_settings(path, {}).accounts[0].api_key.get_secret_value() == "new"
    assert kept.read_text("utf-8").strip() == ("new" if named else "old")
    assert not path.with_name("front-desk-api_key").exists()


def test_what_cannot_be_used_is_not_written(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    file = SettingsFile(path)
    file.put_account("front-desk", {"rate_limit": 0})
    file.put_secret("front-desk", "api_key", "new")
    with pytest.raises(SettingsError, match=r"accounts\[0\].rate_limit"):
        file.save()
    assert path.read_text("utf-8") == OLD
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_what_is_no_toml_is_left_alone(path: Path) -> None:
    path.write_text("[clinic", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read as settings"):
        SettingsFile(path)


def test_an_account_is_read_as_it_stands(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    file = SettingsFile(path)
    found = file.account("front-desk")
    assert found is not None
    assert (found["connector"], file.account("other"), file.names()) == (
        "calcom",
        None,
        ["front-desk"],
    )
    assert (file.get("port"), file.get("public_url")) == (8800, None)
