"""At which addresses passkeys can be used, also by whoever begins with one."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from fastapi import Request
from tests.desk.made_passkey import passkey_made
from tests.web.staff.desk_pages import Page
from tests.web.staff.test_setup import New

from massage_ins_bridge.cli.serve import announce
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.web.staff.passkey_place import elsewhere, place_of


def asked(host: str) -> Request:
    about = {"type": "http", "scheme": "http", "path": "/", "query_string": b""}
    return Request({**about, "headers": [(b"host", host.encode())]})


@pytest.mark.parametrize(
    ("host", "public", "origin", "else_at"),
    [
        ("localhost:8766", "", "http://localhost:8766", ""),
        ("127.0.0.1:8766", "", None, "http://localhost:8766"),
        ("desk.example", "https://desk.example", "https://desk.example", "https://desk.example"),
        ("other.example", "https://desk.example", None, "https://desk.example"),
        ("desk.example", "http://desk.example", None, ""),
        ("192.0.2.1", "https://192.0.2.1", None, ""),
        ("", "", None, ""),
    ],
)
def test_a_name_that_is_settled(host: str, public: str, origin: str | None, else_at: str) -> None:
    request, settings = asked(host), Settings(public_url=public)
    place = place_of(request, settings)
    assert (place.origin if place else None) == origin
    assert elsewhere(request, settings) == else_at


def test_the_owner_may_begin_with_a_passkey_where_the_address_allows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, door = New(tmp_path), "http://127.0.0.1:8766"
    with new.http:
        new.http.base_url = door
        first = new.http.get(new.app.state.staff_door.address).text
        link = re.search(r'href="(http://localhost:8766/[^"]+)" referrerpolicy="origin"', first)
        assert link is not None
        assert "data-passkey" not in first
        new.http.base_url = "http://localhost:8766"
        # by a link from the other name; the cookie is sent by the page after it
        came = {"sec-fetch-site": "cross-site", "referer": f"{door}/"}
        stranger = {**came, "referer": "http://127.0.0.1:9999/"}
        assert new.http.get(link[1], headers=stranger).status_code == 403
        assert new.http.get(link[1], headers=came).headers["refresh"] == "0; url=/"
        page = new.http.get("/").text
        options = re.search(r'data-passkey="([^"]+)"', page)
        assert options is not None
        asked = json.loads(unescape(options[1]))
        fields = {**Page(page).fields, "do": "passkey", "answer": passkey_made(asked)}
        who = {"pk_name": "Mira Olsen", "pk_email": "mira@example.com", "pk_label": "PC"}
        wrong = new.http.post("/setup/owner", data={**fields, **who, "pk_email": "mira"})
        assert (wrong.status_code, 'href="#f-pk_email"' in wrong.text) == (422, True)
        done = new.http.post("/setup/owner", data={**fields, **who})
        assert done.url.path == "/setup/clinic"
        own = new.http.get("/me").text
        assert "You sign in by passkey alone." in own
        form = {**Page(own).fields, "do": "remove"}
        assert "It is the only way in" in new.http.post("/me/passkeys", data=form).text
        new.http.cookies.clear()
        new.http.get(new.app.state.staff_door.address)
        assert new.http.get("/today").url.path == "/sign-in"  # somebody signs in from now on
        assert "data-passkey" in new.http.get("/sign-in").text
        new.http.base_url = door
        by_number = new.http.get("/sign-in?then=/week").text
        assert 'href="http://localhost:8766/sign-in?then=/week"' in by_number
        capsys.readouterr()
        announce(new.app, new.app.state.worker.installation.settings, 8766)
        assert "this machine: http://localhost:8766/?key=" in capsys.readouterr().err
