"""A platform that cannot be asked: the account says why and since when, nothing is lost and nothing
is freed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import (
    PlatformBusyError,
    PlatformError,
    PlatformRefusedError,
)
from massage_ins_bridge.desk.frame import frame
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.desk.sync import AccountView, list_accounts
from massage_ins_bridge.desk.trouble import Trouble, all_trouble, in_plain, trouble_of
from massage_ins_bridge.testing.bookings import NOW

YEAR = timedelta(days=365)
AMISS: dict[str, PlatformError] = {
    "revoked access": PlatformRefusedError("platform: GET /b answered 401", True, 401),
    "500s": PlatformError("platform: GET /b answered 500", status=500),
    "429 without a word": PlatformError("platform: GET /b answered 429", status=429),
    "429 with a wait": PlatformError("platform: GET /b answered 429", status=429, retry_after=60),
    "a web page": PlatformError("platform: GET /b answered with a web page instead of data"),
    "too large": PlatformError("platform: GET: the answer is too large", True),
    "into the own network": PlatformError("the platform points to 10.0.0.1", True),
}


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("GET /v2/bookings: no connection (ConnectError)", "no connection"),
        ("platform: GET /b answered 500", "answered 500"),
        ("the platform points to 10.0.0.1", "the platform points to 10.0.0.1"),
        ("GET /me: no connection (ConnectTimeout); try again", "no connection; try again"),
    ],
)
def test_pages_tell_of_no_calls(said: str, plain: str) -> None:
    assert in_plain(said) == plain


def found(bridge: Bridge) -> Trouble | None:
    with bridge.installation.read() as record:
        return trouble_of(record, "desk")


def told(bridge: Bridge) -> list[str]:
    with bridge.installation.read() as record:
        return [one.words(record.now) for one in all_trouble(record, bridge.installation.accounts)]


def view(bridge: Bridge) -> AccountView:
    with bridge.installation.read() as record:
        [account] = list_accounts(bridge.installation, record).accounts
    return account


@pytest.mark.parametrize("what", AMISS)
def test_an_hour_of_it_loses_and_frees_nothing(bridge: Bridge, what: str) -> None:
    error = AMISS[what]
    bridge.take("b1")
    reconcile(bridge.installation, "desk")
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b2")
    for _ in range(12):
        bridge.platform.faults = [error]
        reconcile(bridge.installation, "desk")
        bridge.clock.moment += timedelta(minutes=5)
    assert (bridge.outcome("b1"), bridge.row("b1").platform_status) == ("hold", "pending")
    assert bridge.platform.changes == []
    assert found(bridge) == Trouble("desk", NOW, error.message, error.permanent)
    assert (view(bridge).trouble, view(bridge).trouble_since) == (error.message, NOW)
    [said] = told(bridge)
    assert "for 60 minutes" in said
    assert ("refuses" in said) == error.permanent
    assert ("platform-silent" in bridge.tasks()) == error.permanent
    reconcile(bridge.installation, "desk")
    assert (found(bridge), told(bridge), bridge.outcome("b2")) == (None, [], "hold")
    assert "platform-silent" not in bridge.tasks()
    assert (view(bridge).trouble, view(bridge).trouble_since) == ("", None)


def around(bridge: Bridge) -> tuple[str, str]:
    """What the line on every page says of the account: its picture and its words."""
    with bridge.installation.read() as record:
        made = frame(bridge.installation, record, Person("default", "Ola", "owner"))
    [line] = [one for one in made.machine if one.account]
    return line.glyph, line.words


def test_every_page_says_it_as_the_other_places_do(bridge: Bridge) -> None:
    bridge.platform.faults = [AMISS["500s"]]
    reconcile(bridge.installation, "desk")
    assert around(bridge)[0] != "plug"
    bridge.clock.moment += timedelta(minutes=15)
    [said] = told(bridge)
    plain = said.replace("platform: GET /b answered", "answered")
    assert around(bridge) == ("plug", f"{plain}. Nothing is lost.")


def test_a_long_story_is_cut_and_not_broken(bridge: Bridge) -> None:
    bridge.platform.faults = [PlatformError('"' * 300)]
    reconcile(bridge.installation, "desk")
    trouble = found(bridge)
    assert trouble is not None
    assert set(trouble.said) == {'"'}


def test_what_passes_at_once_is_nobodys_matter(bridge: Bridge) -> None:
    bridge.platform.faults = [AMISS["500s"]]
    reconcile(bridge.installation, "desk")
    assert (found(bridge) is not None, told(bridge)) == (True, [])
    bridge.platform.faults = [AMISS["revoked access"]]
    reconcile(bridge.installation, "desk")
    assert len(told(bridge)) == 1


def test_too_many_calls_are_nobodys_trouble(bridge: Bridge) -> None:
    bridge.platform.faults = [PlatformBusyError("too many calls", retry_after=5)]
    reconcile(bridge.installation, "desk")
    assert found(bridge) is None


def test_a_long_story_is_cut(bridge: Bridge) -> None:
    bridge.platform.faults = [PlatformError("é" * 2_000)]
    reconcile(bridge.installation, "desk")
    kept = found(bridge)
    assert kept is not None
    assert set(kept.said) == {"é"}


def test_a_delivery_of_a_year_ago_is_only_a_hint(bridge: Bridge) -> None:
    """The platform's own state stands."""
    delivery = bridge.arrive("b1", "created", sent_at=NOW - YEAR)
    bridge.platform.put("b1", status="cancelled")
    bridge.take_in(delivery)
    assert bridge.platform.changes == []
    assert bridge.row("b1").platform_status == "cancelled"
