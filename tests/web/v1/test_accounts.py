"""``/v1/accounts``: how far the look at all bookings is, and having it begun anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.api.connectors import PlatformRefusedError
from massage_ins_bridge.desk.clock import DemoClock


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from open_site(tmp_path, staff_page="sign-in")


def test_an_account_observes_until_its_bookings_were_taken_in(site: Site) -> None:
    """It is said to programs, to staff and to whoever watches the service."""

    def account() -> dict[str, object]:
        (found,) = site.api("GET", "/v1/accounts").json()["accounts"]
        return dict(found)

    site.until(lambda: not account()["observes"])
    site.platform.hang()
    site.platform.put("b1")
    assert site.api("POST", "/v1/accounts/desk/sync?full=true").json()["observes"] is True
    said = "account desk: its bookings are being taken in (0 bookings so far); it only observes"
    assert said in str(site.http.get("/readyz").json()["remarks"])
    (notice,) = site.api("GET", "/v1/overview").json()["notices"]
    assert notice.startswith("Account desk: its bookings are being taken in")
    site.platform.resume()
    site.until(lambda: account()["taken"] == 1 and not account()["observes"])
    assert site.api("GET", "/v1/overview").json()["notices"] == []
    site.until_state("b1", "on hold")


def test_changes_are_asked_for_at_once(site: Site) -> None:
    clock = site.installation.clock
    assert isinstance(clock, DemoClock)
    site.until(lambda: site.platform.calls["changes"])
    site.platform.put("b1")
    assert site.api("POST", "/v1/accounts/desk/sync").status_code == 200
    site.until_state("b1", "on hold")


def test_what_cannot_be_asked_for_is_refused(site: Site) -> None:
    problem(site.api("POST", "/v1/accounts/other/sync"), 404)
    problem(site.api("POST", "/v1/accounts/desk/sync?by_hand=true"), 409)
    problem(site.api("POST", "/v1/accounts/desk/sync?full=perhaps"), 422)


def test_an_account_says_why_its_platform_cannot_be_asked(site: Site) -> None:
    """To programs, to staff and to whoever watches the service, until it answers again."""

    def account() -> dict[str, object]:
        (found,) = site.api("GET", "/v1/accounts").json()["accounts"]
        return dict(found)

    site.until(lambda: not account()["observes"])
    said = "platform: GET /bookings answered 401"
    site.platform.faults = [PlatformRefusedError(said, True, 401)] * 20
    site.api("POST", "/v1/accounts/desk/sync")
    site.until(lambda: account()["trouble"] == said)
    assert account()["trouble_since"] is not None
    assert f"refuses the bridge, for 0 minutes: {said}" in str(
        site.http.get("/readyz").json()["remarks"]
    )
    (notice,) = site.api("GET", "/v1/overview").json()["notices"]
    assert notice.startswith("Account desk: its platform refuses the bridge")
    site.platform.faults = []
    site.api("POST", "/v1/accounts/desk/sync")
    site.until(lambda: account()["trouble"] == "")
