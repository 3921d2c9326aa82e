"""Signing in and out, and what every page and form asks for."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.desk.dana import code_of, stop_the_apps_clock
from tests.web.conftest import Site, TestClient, open_site
from tests.web.staff.desk_pages import TODAY, Page, came_today, shown

from massage_ins_bridge.desk import own_sign_in as own
from massage_ins_bridge.desk.users import add_user, invite, set_password
from massage_ins_bridge.web.staff.forms import inside, with_done

PASSWORD = "four words in a row"
EMAIL = "dana@example.com"


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_apps_clock(monkeypatch)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("signing"), staff_page="sign-in"):
        with made.installation.write() as record:
            row = add_user(record, {"name": "Dana Ruiz", "email": EMAIL, "role": "front-desk"})
            set_password(record, row, PASSWORD)
        yield made


@pytest.fixture(autouse=True)
def nobody(site: Site) -> None:
    site.http.cookies.clear()


def enter(site: Site, then: str = TODAY, **more: str) -> Any:
    return site.http.post(
        "/sign-in", data={"email": EMAIL, "password": PASSWORD, "then": then, **more}
    )


def test_a_page_asks_who_it_is_and_is_shown_then(site: Site) -> None:
    asked = site.http.get(f"{TODAY}?needs=me", follow_redirects=False)
    assert asked.headers["location"] == "/sign-in?then=/today%3Fneeds%3Dme"
    answer = enter(site, "/today?needs=me")
    assert str(answer.url).endswith("/today?needs=me")
    assert "Dana Ruiz, front desk" in answer.text


def test_a_wrong_password_is_told_at_the_field(site: Site) -> None:
    answer = enter(site, password="wrong wrong wrong")
    assert answer.status_code == 422
    assert "<title>Problem: sign in" in answer.text
    assert "do not go together" in answer.text
    other = enter(site, email="nobody@example.com", password="wrong wrong wrong")
    assert other.text.replace("nobody@example.com", EMAIL) == answer.text
    assert EMAIL in answer.text
    assert enter(site).status_code == 200


def test_a_browser_can_ask_when_it_is_signed_out_and_stay(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = site.installation.clock
    began = clock.now()

    def after(minutes: int) -> None:
        """It stays that time: each answer is of the very moment."""
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=minutes))

    after(0)
    enter(site)
    assert left(site) == (30, False)
    after(20)
    assert [left(site) for _ in range(2)] == [(10, False)] * 2
    shown_left = re.search(r'data-signs-out="(\d+)"', site.http.get(TODAY).text)
    assert shown_left is not None
    assert 570 < int(shown_left[1]) <= 600
    after(40)
    assert left(site, "/stay") == (30, False)
    site.http.cookies.clear()
    assert site.http.get("/signs-out", follow_redirects=False).status_code == 303


def test_nobody_stays_beyond_midnight(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = site.installation.clock
    local = clock.now().astimezone(ZoneInfo(site.installation.zone))
    late = local.replace(hour=23, minute=45, second=0, microsecond=0).astimezone(UTC)
    monkeypatch.setattr(clock, "now", lambda: late)
    enter(site)
    assert left(site, "/stay") == (15, True)


def left(site: Site, path: str = "/signs-out") -> tuple[int, bool]:
    """After how many minutes whoever is signed in is signed out, and whether midnight does it."""
    said = site.http.get(path).json()
    return round(said["seconds"] / 60), said["night"]


def test_signing_out_ends_the_session_in_every_tab(site: Site) -> None:
    enter(site)
    other = TestClient(site.http.app, "http://127.0.0.1", cookies=dict(site.http.cookies))
    site.http.post("/sign-out", data=shown(site).fields)
    answer = other.get(TODAY, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_a_link_lets_somebody_choose_a_password_once(site: Site) -> None:
    with site.installation.write() as record:
        sent = {"name": "Ann Biller", "email": "ann@example.com", "role": "read-only"}
        token = invite(record, add_user(record, sent).id)
    assert "Welcome, Ann Biller" in site.http.get(f"/invite/{token}").text
    short = site.http.post(f"/invite/{token}", data={"password": "short"})
    assert (short.status_code, "shorter than 12" in short.text) == (422, True)
    answer = site.http.post(f"/invite/{token}", data={"password": PASSWORD})
    assert "Ann Biller, read only" in answer.text
    site.http.cookies.clear()
    assert site.http.get(f"/invite/{token}").status_code == 404


def test_a_link_stands_in_for_the_password_alone(site: Site) -> None:
    with site.installation.write() as record:
        sent = {"name": "Kim Song", "email": "kim@example.com", "role": "front-desk"}
        row = add_user(record, sent)
        token = invite(record, row.id)
        secret = own.offer(record, row.id, "Alder").secret
        (first, *_) = own.turn_on(record, row.id, secret, code_of(secret, -1))
    link = f"/invite/{token}"
    assert "Code from your app" in site.http.get(link).text
    for code, words in (("", "Enter the code"), ("000000", "does not fit")):
        answer = site.http.post(link, data={"password": PASSWORD, "code": code})
        assert (answer.status_code, words in answer.text) == (422, True)
    assert "shorter" in site.http.post(link, data={"password": "x", "code": first}).text
    answer = site.http.post(link, data={"password": PASSWORD, "code": first})
    assert "Kim Song, front desk" in answer.text


def test_behind_a_proxy_that_speaks_https_links_and_cookies_do(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = site.installation.settings
    public = known.model_copy(update={"public_url": "https://desk.example"})
    monkeypatch.setattr(site.installation, "settings", public)
    with site.installation.write() as record:
        sent = {"name": "Mira", "email": "mira@example.com", "role": "owner"}
        set_password(record, add_user(record, sent), PASSWORD)
    assert "Secure" not in enter(site).history[0].headers["set-cookie"]
    far = TestClient(site.http.app, "http://desk.example", follow_redirects=False)
    entry = {"email": "mira@example.com", "password": PASSWORD}
    cookie, *flags = far.post("/sign-in", data=entry).headers["set-cookie"].split("; ")
    assert "Secure" in flags
    cookies = {"cookie": cookie}  # which this client, unlike the proxy, would keep to itself
    fields = Page(far.get("/people", headers=cookies).text).fields
    new = {"name": "Jo", "email": "jo@example.com", "role": "read-only"}
    made = far.post("/people", headers=cookies, data={**fields, **new})
    assert "https://desk.example/invite/" in made.text


@pytest.mark.parametrize(
    ("headers", "change"),
    [
        ({"origin": "https://evil.example"}, {}),
        ({"sec-fetch-site": "cross-site"}, {}),
        ({}, {"csrf": "0" * 64}),
        ({}, {"csrf": ""}),
    ],
)
def test_a_form_of_another_site_does_nothing(
    site: Site, headers: dict[str, str], change: dict[str, str]
) -> None:
    booking = came_today(
        site, f"ida west {sorted(headers)} {len(change)}{change.get('csrf', '-')[:1]}"
    )
    enter(site)
    fields = {**shown(site).fields, "do": "arrived", **change}
    answer = site.http.post(f"/bookings/{booking}/do", data=fields, headers=headers)
    assert answer.status_code == 403
    assert "Nothing" not in shown(site).rows[booking]
    assert "Here since" not in shown(site).rows[booking]


def test_errors_are_pages(site: Site) -> None:
    enter(site)
    fields = shown(site).fields
    gone = site.http.post("/bookings/bkg_none/do", data={**fields, "do": "arrived"})
    assert (gone.status_code, "There is no such booking." in gone.text) == (404, True)
    sent = site.http.post("/bookings/bkg_none/do", json={})
    assert (sent.status_code, sent.headers["content-type"][:9]) == (415, "text/html")
    assert site.http.post("/undo/act_none", data=fields).status_code == 404
    large = site.http.post("/cover", data={**fields, "x": "y" * 300_000})
    assert large.status_code == 413


def test_pages_may_do_nothing_but_be_shown(site: Site) -> None:
    enter(site)
    policy = site.http.get(TODAY).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    page = site.http.get(TODAY).text
    assert " style=" not in page
    assert " onclick" not in page
    assert Page(page).fields["csrf"]


def test_addresses_lead_nowhere_else() -> None:
    for path in ("https://evil.example/", "//evil.example", "/\\evil.example", "today", "/a\nb"):
        assert inside(path) == TODAY
    assert inside("/clients/pat_1?x=1") == "/clients/pat_1?x=1"
    assert with_done("/today?needs=me&done=act_1#b", "act_2") == "/today?needs=me&done=act_2#b"
    assert with_done("/today", None) == "/today"
