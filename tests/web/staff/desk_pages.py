"""Pages of the desk as somebody at a browser uses them: rows, buttons, forms."""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, TestClient, open_site

from massage_ins_bridge.desk.users import add_user, set_password
from massage_ins_bridge.testing.bookings import NOW

TODAY = "/today"


def let_in(site: Site) -> None:
    """A browser of this machine comes by the address that ``serve`` prints."""
    app: Any = site.http.app
    answer = site.http.get(app.state.staff_door.address, follow_redirects=False)
    assert answer.status_code == 303


def at_ten(site: Site, patch: pytest.MonkeyPatch) -> None:
    """It stays ten in the morning: what is said to the minute hangs on no test before."""
    patch.setattr(site.installation.clock, "now", lambda: NOW)


class Page(HTMLParser):
    """The rows of a page, each with its text and the form that goes with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self._row = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "li" and (found.get("id") or "").startswith("b-"):
            self._row = (found["id"] or "")[2:]
            self.rows[self._row] = ""
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"] or ""] = found.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._row:
            self.rows[self._row] += " ".join(data.split()) + " "


def shown(site: Site, path: str = TODAY) -> Page:
    answer = site.http.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def press(site: Site, booking: str, what: str, **more: str) -> Any:
    page = shown(site)
    fields = {**page.fields, "back": TODAY, "do": what, **more}
    return site.http.post(f"/bookings/{booking}/do", data=fields)


def find(site: Site, typed: str, **more: str) -> Any:
    """What the page answers to what was typed into its search."""
    fields = {**shown(site, "/clients").fields, "q": typed, **more}
    return site.http.post("/clients", data=fields, follow_redirects=False)


def came_today(site: Site, ref: str, hours: float = 2, **values: Any) -> str:
    start = site.installation.clock.now() + timedelta(hours=hours)
    site.send(ref, start=start, name=ref.title(), email=f"{ref}@example.com", **values)
    site.until(lambda: site.booking(ref).get("state") not in (None, "not decided"))
    return str(site.booking(ref)["id"])


def client_of(site: Site, ref: str) -> str:
    """Who booked a visit to come."""
    came_today(site, ref, hours=24 * 9)
    return str(site.booking(ref)["patient"])


PASSWORD = "four words in a row"
OWNER = {"name": "Mira Olsen", "email": "mira@example.com", "role": "owner"}
DANA = {"name": "Dana Ruiz", "email": "dana@example.com", "role": "front-desk"}


def with_two_people(folder: Path) -> Iterator[Site]:
    """A site at whose desk an owner and a receptionist have passwords."""
    for made in open_site(folder, staff_page="sign-in"):
        with made.installation.write() as record:
            for sent in (OWNER, DANA):
                set_password(record, add_user(record, sent), PASSWORD)
        yield made


def enter(http: TestClient, who: dict[str, str], password: str = PASSWORD) -> Any:
    """Sign in."""
    entry = {"email": who["email"], "password": password, "then": "/today"}
    return http.post("/sign-in", data=entry)
