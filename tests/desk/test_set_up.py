"""Setting up the desk: how far it is, and what each step writes into the settings."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.two_rules import two_rules_host

from massage_ins_bridge.api.connectors import PlatformError, PlatformHost, PlatformService
from massage_ins_bridge.desk import connecting, set_up_account, set_up_clinic, set_up_payers
from massage_ins_bridge.desk.connecting import Offered
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.set_up import nothing_yet, set_up
from massage_ins_bridge.desk.set_up_account import Desk, put_account, put_meanings
from massage_ins_bridge.desk.users import add_user, set_password
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform

NAMED = {"name": "Alder Street Massage", "timezone": "America/Los_Angeles"}
CLINIC = {
    **NAMED,
    "therapist-0": "Mira Olsen, LMT",
    "npi-0": "1234567893",
    "therapist-1": "Tomás Ortega, LMT",
}
KEY = "a-key-of-the-platform"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "massage-ins-bridge.toml")


@pytest.fixture
def desk(file: SettingsFile, fake_platform: FakePlatform) -> Desk:
    file.put_account("desk", {"connector": "fake", "enforcement": "observe"})
    file.put_option("desk", "platform", fake_platform.name)
    return Desk(file, two_rules_host(), {"fake": FakeConnector})


def problems(caught: pytest.ExceptionInfo[UnusableInputError]) -> dict[str, str]:
    return {problem.path: problem.message for problem in caught.value.problems}


def test_the_clinic_is_written_and_asked_again_with_what_it_is(file: SettingsFile) -> None:
    set_up_clinic.put_clinic(
        file, {**CLINIC, "office_hours": "Mon-Fri 10:00-14:00", "phone": "206-555-0100"}, TODAY
    )
    assert file.save()
    assert file.practitioners() == {"mira": "Mira Olsen, LMT", "tomas": "Tomás Ortega, LMT"}
    assert (file.table("clinic")["office_hours"], file.table("client_page")) == (
        "Mon-Fri 10:00-14:00",
        {"phone": "206-555-0100"},
    )
    rows = set_up_clinic.therapists(file)
    assert [(row.key, row.npi) for row in rows][:3] == [
        ("mira", "1234567893"),
        ("tomas", ""),
        ("", ""),
    ]
    set_up_clinic.put_clinic(
        file, {**CLINIC, "therapist-2": "Mira Stone", "therapist-0": "Mira O."}, TODAY
    )
    assert list(file.practitioners().items())[::2] == [
        ("mira", "Mira O."),
        ("mira-2", "Mira Stone"),
    ]
    set_up_clinic.put_clinic(file, {**CLINIC, "therapist-2": ""}, TODAY)  # who works here no more
    assert list(file.practitioners()) == ["mira", "tomas"]
    set_up_clinic.put_clinic(file, {"therapist-0": "Mira O.", **NAMED}, TODAY)  # an older form
    assert list(file.practitioners()) == ["mira", "tomas"]


def test_what_is_wrong_with_the_clinic_is_named_by_field(file: SettingsFile) -> None:
    with pytest.raises(UnusableInputError) as caught:
        set_up_clinic.put_clinic(file, {"timezone": "Los Angeles", "npi-0": "1"}, TODAY)
    assert set(problems(caught)) == {"name", "timezone", "therapist-0"}
    wrong = {"npi-0": "1234567890", "office_hours": "always", "phone": "abc"}
    with pytest.raises(UnusableInputError) as caught:
        set_up_clinic.put_clinic(file, {**CLINIC, **wrong}, TODAY)
    assert set(problems(caught)) == {"npi-0", "office_hours", "phone"}
    assert "one of its digits is wrong" in problems(caught)["npi-0"]
    for typed in ("3234567893", "123-456-7893"):
        with pytest.raises(UnusableInputError) as caught:
            set_up_clinic.put_clinic(file, {**CLINIC, "npi-0": typed}, TODAY)
        said = "is no NPI; it has 10 digits, without dashes or spaces, and begins with 1 or 2"
        assert problems(caught) == {"npi-0": said}
    with pytest.raises(UnusableInputError) as caught:
        set_up_clinic.put_clinic(file, {**CLINIC, "office_hours": "always"}, TODAY)
    assert set(problems(caught)) == {"office_hours"}
    assert not file.path.exists()


def test_who_works_here_no_more_takes_along_what_is_said_of_them(desk: Desk) -> None:
    file = desk.file
    set_up_clinic.put_clinic(file, CLINIC, TODAY)
    file.put_network("acme", [{"status": "in", "practitioners": ["mira"]}, {"status": "out"}])
    file.put_account("desk", {"practitioners": {"812": "mira", "813": "tomas"}})
    gone = {**CLINIC, "therapist-0": "", "npi-0": ""}
    with pytest.raises(UnusableInputError) as caught:
        set_up_clinic.put_clinic(file, gone, TODAY)
    said = "is still named: in the network of acme, as a host of desk. Tick the box below the table"
    assert problems(caught) == {"therapist-0": f"{said} to take that out as well"}
    set_up_clinic.put_clinic(file, {**gone, "along": "yes"}, TODAY)
    assert list(file.practitioners()) == ["tomas"]
    assert file.table("clinic")["network"]["acme"] == [{"status": "out"}]
    assert (file.account("desk") or {})["practitioners"] == {"813": "tomas"}


def account_form(**more: str) -> dict[str, str]:
    return {"connector": "fake", "name": "desk", "set-api_key": KEY, **more}


def test_an_account_is_written_with_a_secret_of_its_own_and_only_watches(
    desk: Desk,
) -> None:
    url = "https://desk.example/"
    assert put_account(desk, account_form(public_url=url)) == "desk"
    assert desk.file.save()
    settings = desk.file.settings()
    (account,) = settings.accounts
    secret = account.webhook_secret.get_secret_value()
    assert (account.enforcement, secret[:6]) == ("observe", "whsec_")
    assert settings.public_url == "https://desk.example"
    put_account(desk, account_form())
    assert desk.file.settings().accounts[0].webhook_secret.get_secret_value() == secret
    assert set_up_account.try_account(desk, "desk", NOW).failed == ""


def test_an_account_that_cannot_be_is_named_by_field(desk: Desk) -> None:
    bad = {"connector": "none", "name": "Front Desk", "public_url": "desk.example"}
    with pytest.raises(UnusableInputError) as caught:
        put_account(desk, bad)
    assert set(problems(caught)) == {"connector", "name", "public_url"}
    with pytest.raises(UnusableInputError) as caught:
        put_account(desk, account_form(**{"set-api_key": "", "set-base_url": "no address"}))
    assert set(problems(caught)) == {"set-api_key", "set-base_url"}
    assert problems(caught)["set-api_key"] == "is needed"
    for taken in ({"new": "yes"}, {"connector": "calcom"}):
        other = Desk(desk.file, installed_host(), {"fake": FakeConnector})
        with pytest.raises(UnusableInputError, match="is in use"):
            put_account(other, account_form(**taken))


def test_services_and_hosts_are_named_or_left_alone(
    desk: Desk,
) -> None:
    set_up_clinic.put_clinic(desk.file, CLINIC, TODAY)
    put_account(desk, account_form())
    listed = Offered(
        (
            PlatformService("1", "Medical Massage", 60, False, {"ins": "Insurance"}),
            PlatformService("2", "Hot stone", 60, True, {}),
        ),
        (PlatformHost("h1", "Mira Olsen"), PlatformHost("h2", "Somebody")),
    )
    meant = set_up_account.meanings(desk.file, "desk", listed)
    assert [(row.name, row.how, bool(row.note)) for row in meant.services] == [
        ("medical-massage", "insurance", True),
        ("hot-stone", "self-pay", False),
    ]
    assert [row.how for row in (*meant.hosts, *meant.questions)] == ["mira", "", "payer"]
    form = {
        "service-ref-0": "1",
        "service-name-0": "medical-massage",
        "service-how-0": "insurance",
        "service-ref-1": "2",
        "service-name-1": "hot-stone",
        "service-how-1": "",
        "host-ref-0": "h1",
        "host-how-0": "mira",
        "host-ref-1": "h2",
        "host-how-1": "nobody",
        "question-ref-0": "ins",
        "question-how-0": "payer",
    }
    put_meanings(desk, "desk", form)
    account = desk.file.settings().accounts[0]
    assert {ref: one.self_pay for ref, one in account.services.items()} == {"1": False}
    assert (account.practitioners, account.form_fields) == ({"h1": "mira"}, {"ins": "payer"})
    again = set_up_account.meanings(desk.file, "desk", listed)
    assert [row.how for row in again.services] == ["insurance", ""]
    empty = set_up_account.meanings(desk.file, "desk", replace(listed, services=()))
    assert [row.ref for row in empty.services] == ["1", "", "", "", ""]
    with pytest.raises(UnusableInputError) as caught:
        put_meanings(desk, "desk", {"service-ref-0": "1", "service-how-0": "insurance"})
    assert set(problems(caught)) == {"service-name-0"}
    with pytest.raises(UnusableInputError, match="at least one service"):
        put_meanings(desk, "desk", {})


@pytest.fixture
def bridge(observer: Bridge) -> Bridge:
    return observer


def states(bridge: Bridge, file: SettingsFile) -> dict[str, str]:
    with bridge.installation.read() as record:
        return {s.name: s.state for s in set_up(bridge.installation, record, file).steps}


def test_it_is_said_what_is_done_and_what_is_left(bridge: Bridge, desk: Desk) -> None:
    file = desk.file
    with bridge.installation.read() as record:
        found = set_up(bridge.installation, record, file)
        assert (found.left, found.after("")) == (5, "owner")
        assert not nothing_yet(bridge.installation, record)
        bridge.installation.settings = Settings()
        assert nothing_yet(bridge.installation, record)
    with bridge.installation.write() as record:
        row = add_user(record, {"name": "Mira", "email": "mira@example.com", "role": "owner"})
        assert set_up(bridge.installation, record, file).after("") == "owner"  # has no password yet
        set_password(record, row, "four words in a row")
        record.chart_files.put("clients.csv", b"name\n")
    set_up_clinic.put_clinic(file, CLINIC, TODAY)
    set_up_payers.put_payers(file, installed_host().payers.payers, {})
    put_account(desk, account_form())
    now = states(bridge, file)
    left = {name for name, state in now.items() if state == "left"}
    assert left == {"services", "bookings", "people"}
    assert (now["connect"], now["clients"]) == ("waiting", "waiting")
    file.put_account("desk", {"services": {"1": {"service": "massage", "self_pay": False}}})
    bridge.take("b1", name="Ann Lee")
    now = states(bridge, file)
    assert (now["connect"], now["bookings"]) == ("done", "done")


def test_what_the_platform_refuses_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise PlatformError("it answered 401", permanent=True)

    put_account(desk, account_form())
    monkeypatch.setattr(connecting, "access", refuse)
    monkeypatch.setattr(connecting, "offered", refuse)
    monkeypatch.setattr(connecting, "register", refuse)
    said = "it answered 401; check the address and the key"
    assert set_up_account.try_account(desk, "desk", NOW).failed == said
    assert set_up_account.offered(desk, "desk") == (Offered((), ()), said)
    with pytest.raises(ConflictError, match="401"):
        set_up_account.register(desk, "desk")
