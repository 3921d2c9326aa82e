"""``doctor``: how an installation is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.cli.conftest import Run
from tests.databases import settings_of
from tests.two_rules import two_rules_host

from massage_ins_bridge.api.connectors import Advice, Capability, PlatformError
from massage_ins_bridge.cli import doctor
from massage_ins_bridge.cli.doctor import _on_the_platform, examine
from massage_ins_bridge.cli.finding import Finding
from massage_ins_bridge.desk.accounts import Account, make_accounts
from massage_ins_bridge.store.database import DATA_FILE
from massage_ins_bridge.store.lock import DataFileLock
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform

NOW = datetime(2026, 12, 1, tzinfo=UTC)


class Examining(FakeConnector):
    """Knows one thing that is amiss."""

    capabilities = FakeConnector.capabilities | {"examine"}

    def examine(self, url: str | None) -> list[Advice]:
        if self.platform.careless:
            raise PlatformError("it is silent")
        return [Advice("bad", f"deliveries do not go to {url}")]


def account_of(folder: Path, platform: FakePlatform, made: type) -> Account:
    desk = {"name": "desk", "connector": "fake", "enforcement": "observe"}
    desk |= {"base_url": "https://platform.example"}
    settings = settings_of(folder, accounts=[{**desk, "options": {"platform": platform.name}}])
    return make_accounts(settings, two_rules_host(), {"fake": made})["desk"]


def test_on_a_fresh_folder(run: Run) -> None:
    done = run("doctor", "--offline", MIB_DATA_DIR="data")
    assert done.code == 0, done.out
    assert "database: is empty" in done.out
    lock = DataFileLock(Path("data", DATA_FILE))
    lock.take()
    served = run("doctor", "--offline", MIB_DATA_DIR="data")
    lock.give_back()
    assert served.code == 1
    assert "is empty and a service runs" in " ".join(served.out.split())


def test_a_list_of_diagnosis_codes_that_is_over_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "RELEASE_MONTHS", 0)
    done = run("doctor", "--offline", MIB_DATA_DIR="data")
    assert done.code == 1
    assert "was in force until" in (said := " ".join(done.out.split()))
    assert "update massage-ins-bridge" in said


def test_what_keeps_every_booking_from_being_decided(
    run: Run, configured: Callable[..., Path]
) -> None:
    none = ("names no payer", "every booking is left alone")
    network = "[clinic.network]\nregence = [{status = 'in'}]\n"
    services = "[accounts.services]\n1 = {service = 'massage', self_pay = false}\n"
    for own, before, number in (("", "", 2), (services, network, 0)):
        configured(own, before)
        out = run("doctor", "--offline").out
        assert sum(words in out for words in none) == number


def test_the_npi_of_a_therapist_is_looked_at(run: Run, configured: Callable[..., Path]) -> None:
    """It stands on every claim; a wrong one keeps no booking waiting, and is told here."""
    right, dashed, slip = "1234567893", "123-456-7893", "1234567890"
    for npi, words in ((dashed, "without dashes"), (slip, "one of its digits"), (right, None)):
        configured(f"\n[[clinic.practitioners]]\nkey = 'mira'\nnpi = '{npi}'\n")
        out = run("doctor", "--offline").out
        line = next((said for said in out.splitlines() if "practitioners, mira, npi" in said), "")
        assert (words in line) if words else not line


@pytest.mark.parametrize(
    ("public", "careless", "said"),
    [
        ("https://b.example/", False, ("bad", "do not go to https://b.example/webhooks/desk")),
        ("", False, ("bad", "do not go to None")),
        ("", True, ("note", "its settings there could not be read: it is silent")),
    ],
)
def test_what_is_amiss_on_the_platform_is_shown(
    tmp_path: Path, fake_platform: FakePlatform, public: str, careless: bool, said: tuple[str, str]
) -> None:
    fake_platform.careless = careless
    account = account_of(tmp_path, fake_platform, Examining)
    reached, found = list(_on_the_platform(account, "account desk", public, NOW))
    assert reached.level == "good"
    assert isinstance(found, Finding)
    assert (found.level, said[1] in found.message) == (said[0], True)


def test_a_clock_that_is_not_the_platforms_is_wrong(
    tmp_path: Path, fake_platform: FakePlatform
) -> None:
    account = account_of(tmp_path, fake_platform, Examining)
    assert account.client is not None
    account.client._heard.time = datetime.now(UTC) + timedelta(hours=2)
    account.client._heard.at = time.monotonic()
    [found] = _on_the_platform(account, "account desk", "", NOW)
    assert isinstance(found, Finding)
    assert (found.level, found.subject) == ("bad", "clock")
    assert "behind the clock of the platform" in found.message
    assert "nothing passes until then" in found.message


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        (set(), "the platform answers and takes the key"),
        ({"changes"}, "takes the key; it does not list what changed: `mib sync desk --full` finds"),
        ({"changes", "upcoming"}, "its platform lists no bookings; whether it takes the key shows"),
        ({"changes", "upcoming", "fetch"}, "its platform cannot be asked; whether its secret fits"),
    ],
)
def test_a_platform_is_asked_for_what_it_lists(
    tmp_path: Path, fake_platform: FakePlatform, lacks: set[Capability], said: str
) -> None:
    class Lacking(FakeConnector):
        capabilities = FakeConnector.capabilities - lacks

    account = account_of(tmp_path, fake_platform, Lacking)
    (reached,) = _on_the_platform(account, "account desk", "", NOW)
    assert isinstance(reached, Finding)
    assert said in reached.message


def test_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Mock(free=7_300_000))
    bad = [f for f in examine(None, NOW, offline=True) if f.level == "bad"]
    assert [f.message for f in bad] == [f"{tmp_path} has 7 MB left; make room"]
