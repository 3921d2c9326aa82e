"""One's own page: the app that shows codes, and one's browsers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browsers import launched
from tests.desk.dana import DANA, PASSWORD, code_of, stop_the_apps_clock
from tests.web.conftest import Site, TestClient, open_site
from tests.web.sockets import listening
from tests.web.staff.desk_pages import Page

from massage_ins_bridge.desk.users import add_user, set_password

#: A device that makes passkeys, and whose owner always says yes.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_CODES = re.compile(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>")


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_apps_clock(monkeypatch)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("me")):
        with made.installation.write() as record:
            set_password(record, add_user(record, DANA), PASSWORD)
        assert signs_in(made, made.http) == "/today"
        yield made


def signs_in(site: Site, http: TestClient, code: str = "") -> str:
    """Where somebody is after signing in."""
    data = {"email": DANA["email"], "password": PASSWORD, "code": code}
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    answer = http.post("/sign-in", data=data, headers={"user-agent": agent})
    return str(answer.url.path)


def send(site: Site, path: str, page: str = "/me", **fields: str) -> str:
    known = Page(site.http.get(page).text).fields
    return str(site.http.post(path, data={**known, "back": "/me", **fields}).text)


def test_an_app_is_set_up_used_and_turned_off(site: Site) -> None:
    page = site.http.get("/me/code").text
    secret = Page(page).fields["secret"]
    assert "<svg" in page
    assert "style=" not in page
    wrong = send(site, "/me/code", "/me/code", do="on", secret=secret, code="1", own_password="no")
    assert "That is not your password of now." in wrong
    assert Page(wrong).fields["secret"] == secret
    fields = {"secret": secret, "code": code_of(secret, -1), "own_password": PASSWORD}
    known = Page(site.http.get("/me").text).fields
    answer = site.http.post("/me/code", data={**known, "do": "on", **fields})
    codes = _CODES.findall(answer.text)
    assert (len(codes), answer.url.path) == (10, "/me/codes")
    assert "Your codes were shown already" in site.http.get("/me/codes").text
    again = site.http.post("/me/code", data={**known, "do": "on", **fields})
    assert (again.status_code, "was used already" in again.text) == (422, True)
    assert "10 codes stand in for it" in site.http.get("/me").text
    other = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 7))
    assert signs_in(site, other) == "/sign-in"
    assert signs_in(site, other, codes[0]) == "/today"
    assert "not your password" in send(site, "/me/code", do="off", own_password="no")
    renewed = _CODES.findall(send(site, "/me/code", do="renew", own_password=PASSWORD))
    assert (len(renewed), set(renewed) & set(codes)) == (10, set())
    assert "asked for no more" in send(site, "/me/code", do="off", own_password=PASSWORD)
    assert "There is no such button" in send(site, "/me/code", do="other")


def test_other_browsers_are_signed_out(site: Site) -> None:
    other = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 8))
    assert signs_in(site, other) == "/today"
    page = site.http.get("/me").text
    assert "Safari on iPhone" in page
    (session, *_) = re.findall(r'name="session" value="(\w+)"', page)
    assert "That browser is signed out." in send(site, "/me/sessions", do="end", session=session)
    assert other.get("/me").url.path == "/sign-in"
    assert signs_in(site, other) == "/today"
    assert "Your other browsers are signed out." in send(site, "/me/sessions", do="others")
    assert other.get("/me").url.path == "/sign-in"


def test_an_app_is_forgotten_by_the_owner(site: Site) -> None:
    page = site.http.get("/me/code").text
    secret = Page(page).fields["secret"]
    fields = {"secret": secret, "code": code_of(secret), "own_password": PASSWORD}
    send(site, "/me/code", do="on", **fields)
    people = site.http.get("/people").text
    user = re.search(r"/people/(usr_\w+)", people)
    assert user is not None
    send(site, user[0], "/people", do="app")
    assert signs_in(site, site.http) == "/today"


@pytest.fixture
def browser(chromium: str) -> Iterator[Any]:
    """Chromium whose device asks its owner, and has them."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        made = launched(player, chromium)
        page = made.new_context().new_page()
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.device = device
        yield page
        made.close()


@pytest.mark.slow
@pytest.mark.browser
def test_a_passkey_is_added_used_renamed_and_removed(site: Site, browser: Any) -> None:
    page, app = browser, site.http.app
    with listening(app) as port:
        desk = f"http://localhost:{port}"
        page.goto(f"{desk}/sign-in")
        page.fill("[name=email]", DANA["email"])
        page.fill("[name=password]", PASSWORD)
        page.click("button:text-is('Sign in')")
        page.wait_for_load_state()
        page.goto(f"{desk}/me")
        page.fill("#f-label", "Front desk")
        page.fill("#f-pk_password", PASSWORD)
        page.click("button:text-is('Add a passkey')")
        page.wait_for_selector("text=The passkey Front desk lets you in from now on.")
        page.click("button:has-text('Add a passkey')")  # this device has one already
        page.fill("#f-pk_password", PASSWORD)
        page.click("button:has-text('Add a passkey')")
        page.wait_for_selector("text=This device has a passkey for you already.")
        signed_in_by_passkey(page, desk)
        a_spare_one_without_a_password(site, page, desk)
        page.goto(f"{desk}/me")
        page.fill("[name=label][value='Front desk']", "Phone")
        page.click("button:has-text('Rename')")
        page.click("button:has-text('Remove')")
        page.wait_for_selector("text=The passkey Phone lets nobody in any more.")
        page.context.clear_cookies()
        page.goto(f"{desk}/sign-in")
        page.click("button:text-is('Use a passkey')")
        page.wait_for_selector("text=That passkey is not known here.")


def a_spare_one_without_a_password(site: Site, page: Any, desk: str) -> None:
    """Who signs in by a passkey alone adds another one on the word of the first, and removes it."""
    with site.installation.write() as record:
        row = record.users.by_email(DANA["email"])
        assert row is not None
        password, row.password_hash = row.password_hash, None
    page.goto(f"{desk}/me")
    page.click("button:text-is('Confirm, and add a passkey')")
    key = {**DEVICE, "transport": "usb"}
    page.device.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.fill("#f-label", "Spare")
    page.click("button:text-is('Add a passkey')")
    page.wait_for_selector("text=The passkey Spare lets you in from now on.")
    page.click("button:has-text('Remove Spare')")
    page.wait_for_selector("text=The passkey Spare lets nobody in any more.")
    with site.installation.write() as record:
        row = record.users.by_email(DANA["email"])
        assert row is not None
        row.password_hash = password


def signed_in_by_passkey(page: Any, desk: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{desk}/sign-in?then=/week")
    page.click("button:text-is('Use a passkey')")
    page.wait_for_url(f"{desk}/week")
