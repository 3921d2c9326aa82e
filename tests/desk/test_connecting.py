"""What connecting an account is made of: each step by itself, over the fake platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.two_rules import two_rules_host

from massage_ins_bridge.api.connectors import (
    PlatformError,
    PlatformHost,
    PlatformRefusedError,
    PlatformService,
    Setting,
)
from massage_ins_bridge.desk import connecting
from massage_ins_bridge.desk.accounts import Account
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.settings import StartError
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class Deaf(FakeConnector):
    """A platform whose API tells nothing of itself."""

    name = "deaf"
    capabilities = frozenset({"fetch", "upcoming"})


class Mute(FakeConnector):
    name = "mute"
    capabilities = frozenset({"fetch"})


CLASSES = {made.name: made for made in (FakeConnector, Deaf, Mute)}


@pytest.fixture
def file(tmp_path: Path, fake_platform: FakePlatform) -> SettingsFile:
    made = SettingsFile(tmp_path / "massage-ins-bridge.toml")
    made.put_account("desk", {"connector": "fake", "enforcement": "observe"})
    made.put_option("desk", "platform", fake_platform.name)
    made.put_secret("desk", "webhook_secret", "whsec")
    return made


@pytest.fixture
def account(file: SettingsFile) -> Iterator[Account]:
    with connecting.connected(file, "desk", two_rules_host(), CLASSES) as made:
        yield made


def other(file: SettingsFile, connector: str) -> Any:
    file.put_account("desk", {"connector": connector})
    return connecting.connected(file, "desk", two_rules_host(), CLASSES)


def test_connectors_are_offered_with_what_they_ask() -> None:
    found = connecting.choices(two_rules_host(), CLASSES)
    assert set(CLASSES) <= set(found)
    assert [one.name for one in found["fake"].settings] == ["base_url", "api_key", "webhook_secret"]
    assert found["fake"].hold_style == "pending"


def test_an_account_that_is_not_there(file: SettingsFile) -> None:
    with (
        pytest.raises(StartError, match="'other'"),
        connecting.connected(file, "other", two_rules_host(), CLASSES),
    ):
        pass


def test_whose_key_it_is(account: Account, fake_platform: FakePlatform) -> None:
    found = connecting.access(account, NOW)
    assert found is not None
    assert found.owner.startswith("the owner of")
    fake_platform.faults = [PlatformRefusedError("no", True, 401)]
    with pytest.raises(PlatformRefusedError):
        connecting.access(account, NOW)


@pytest.mark.parametrize(("connector", "asked"), [("deaf", 1), ("mute", 0)])
def test_a_platform_that_says_nothing_of_keys_is_asked_for_bookings(
    file: SettingsFile, fake_platform: FakePlatform, connector: str, asked: int
) -> None:
    with other(file, connector) as account:
        assert connecting.access(account, NOW) is None
        assert fake_platform.calls["upcoming"] == asked
        if asked:
            fake_platform.faults = [PlatformError("no answer")]
            with pytest.raises(PlatformError):
                connecting.access(account, NOW)
        assert connecting.offered(account) == connecting.Offered((), ())


def test_what_is_offered(account: Account, fake_platform: FakePlatform) -> None:
    fake_platform.services = [PlatformService("1", "Massage", questions={"q": "Insurance"})]
    found = connecting.offered(account)
    assert ([s.ref for s in found.services], [h.ref for h in found.hosts]) == (["1"], ["h1"])
    assert found.questions == {"q": "Insurance"}


def test_deliveries_are_registered_once(account: Account, fake_platform: FakePlatform) -> None:
    assert connecting.register(account, "https://bridge.example/").how == "made"
    assert connecting.register(account, "https://bridge.example").how == "already"
    assert fake_platform.registered == {"https://bridge.example/webhooks/desk": "whsec"}
    with pytest.raises(ConflictError, match="public_url"):
        connecting.register(account, "")


def test_what_no_api_does_is_said(file: SettingsFile) -> None:
    with other(file, "mute") as account, pytest.raises(ConflictError) as caught:
        connecting.register(account, "https://bridge.example")
    assert "have deliveries sent to https://bridge.example/webhooks/desk" in str(caught.value)


NUMBER = Setting("options.days", "Days", kind="number")
ZONE = Setting("options.zone", "Zone", choices=("a", "b"), default="a")
FLAG = Setting("options.own", "Own", kind="yes-no", required=False)
NAMES = Setting("options.names", "Names", kind="list", required=False)


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (NUMBER, " 7 ", 7),
        (ZONE, "", "a"),
        (ZONE, "b", "b"),
        (FLAG, "Yes", True),
        (FLAG, "off", False),
        (FLAG, "", None),
        (NAMES, "a, b ,", ["a", "b"]),
        (NAMES, "", []),
        (Setting("api_key", "Key"), " k ", "k"),
    ],
)
def test_what_people_write_is_read(setting: Setting, text: str, value: Any) -> None:
    assert connecting.as_value(setting, text) == value


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        (NUMBER, "many", "options.days: 'many' is no whole number"),
        (NUMBER, "", "options.days: is needed (Days)"),
        (ZONE, "c", "options.zone: 'c' is none of a, b"),
        (FLAG, "perhaps", "options.own: 'perhaps' is neither yes nor no"),
    ],
)
def test_what_cannot_be_read_names_the_cure(setting: Setting, text: str, said: str) -> None:
    with pytest.raises(ConflictError) as caught:
        connecting.as_value(setting, text)
    assert said in str(caught.value)


def test_values_stand_where_the_settings_have_them(file: SettingsFile) -> None:
    connecting.put_setting(file, "desk", NUMBER, 7)
    connecting.put_setting(file, "desk", Setting("api_key", "Key"), "k")
    usual = Setting("base_url", "Address", default="https://platform.example")
    connecting.put_setting(file, "desk", usual, "https://platform.example")
    found = file.account("desk")
    assert found is not None
    assert found["options"]["days"] == 7
    assert found["api_key_file"].endswith("desk-api_key")
    assert "base_url" not in found
    connecting.put_setting(file, "desk", usual, "https://own.example")
    again = file.account("desk") or {}
    assert connecting.known_value(again, usual) == "https://own.example"
    assert connecting.known_value(again, NUMBER) == 7
    assert connecting.known_value(again, Setting("api_key", "Key")).endswith("desk-api_key")


@pytest.mark.parametrize(
    ("label", "fact"),
    [
        ("Insurance", "payer"),
        ("Who is your insurance company?", "payer"),
        ("Member ID", "member_id"),
        ("member-id", "member_id"),
        ("Group number", "group_number"),
        ("L&I claim number", "claim_number"),
        ("Date of accident", "date_of_injury"),
        ("Date of birth", "birth_date"),
        ("Plan name", "plan"),
        ("Anything else?", None),
    ],
)
def test_what_a_question_probably_tells(label: str, fact: str | None) -> None:
    assert connecting.likely_fact(label) == fact


def test_what_a_service_means_is_read() -> None:
    assert connecting.meaning("rest:self-pay") == {"service": "rest", "self_pay": True}
    assert connecting.meaning("medical-massage") == {
        "service": "medical-massage",
        "self_pay": False,
    }
    assert connecting.meaning(" - ") is None
    with pytest.raises(ConflictError, match="write rest:self-pay"):
        connecting.meaning("rest:free")
    assert connecting.fact("-") is None
    with pytest.raises(ConflictError, match="'age' is none of"):
        connecting.fact("age")
    assert connecting.likely_self_pay(PlatformService("1", "Relaxation massage"))
    assert connecting.name_of("Deep Tissue (60 min)") == "deep-tissue-60-min"


def test_a_new_secret_is_long_and_new() -> None:
    one, two = connecting.new_secret(), connecting.new_secret()
    assert one != two
    assert len(one) >= 32


def test_a_platforms_error_says_what_to_do() -> None:
    assert "check the address and the key" in connecting.refused(PlatformError("no", True))
    assert connecting.refused(PlatformError("no")) == "no; try again"
    assert PlatformHost("1", "x").own is False
