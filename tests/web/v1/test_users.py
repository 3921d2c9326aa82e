"""``/v1/users``, ``/v1/audit``: what the owner sees and does, for programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.desk import people
from massage_ins_bridge.desk.roles import Person

MIRA = {"name": "Mira Olsen", "email": "mira@example.com", "role": "owner", "by": "Mira"}
DANA = {"name": "Dana Ruiz", "email": "dana@example.com", "role": "front-desk", "by": "Mira"}
BY = {"by": "Mira"}
PASSWORD = "four words in a row"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from open_site(tmp_path, staff_page="sign-in")


def send(site: Site, path: str, data: Any = BY, method: str = "POST") -> Any:
    return site.api(method, f"/v1/users{path}", data)


def let_in(site: Site, sent: dict[str, str]) -> tuple[str, str]:
    """Somebody's id, and their link."""
    made = send(site, "", sent)
    assert made.status_code == 201, made.text
    return made.json()["user"]["id"], made.json()["link"]


def owner(site: Site) -> str:
    """As on the command line."""
    with site.installation.write() as record:
        sent = {name: said for name, said in MIRA.items() if name != "by"}
        return people.let_in(record, Person(record.clinic, "Mira", "owner"), sent).user.id


def test_people_are_let_in_changed_and_shut_out(site: Site) -> None:
    first = problem(send(site, "", DANA), 422)
    assert first["errors"][0]["path"] == "role"
    mira = owner(site)
    dana, link = let_in(site, DANA)
    path = f"/invite/{link.rpartition('/')[2]}"
    assert site.http.post(path, data={"password": PASSWORD}).url.path == "/today"
    (known, found) = site.api("GET", "/v1/users").json()["users"]
    assert (known["can_sign_in"], found["can_sign_in"], found["role"]) == (
        False,
        True,
        "front-desk",
    )
    changed = send(site, f"/{dana}", {**DANA, "role": "read-only"}, "PUT")
    assert changed.json()["role"] == "read-only"
    problem(send(site, "", DANA), 409)
    for path_of in ("link", "shut-out", "let-in-again", "forget-app"):  # nor does a stolen key
        assert "not by a program" in problem(send(site, f"/{mira}/{path_of}"), 409)["detail"]
    problem(send(site, f"/{mira}", {**MIRA, "role": "read-only"}, "PUT"), 409)
    problem(send(site, f"/{dana}", {**DANA, "role": "owner"}, "PUT"), 409)
    problem(send(site, "", {**MIRA, "email": "x@example.com"}), 409)
    problem(send(site, f"/{dana}/shut-out", {}), 422)
    assert send(site, f"/{dana}/shut-out").json()["removed_at"]
    problem(send(site, f"/{dana}/link"), 409)
    assert send(site, f"/{dana}/let-in-again").json()["removed_at"] is None
    assert send(site, f"/{dana}/link").json()["link"] != link
    problem(send(site, "/usr_none/link"), 404)
    said = [line["said"] for line in site.api("GET", f"/v1/audit?user={dana}").json()["lines"]]
    assert sorted(said) == ["Chose a password by a link.", "Signed in."]
    lines = site.api("GET", "/v1/audit").json()["lines"]
    assert ("Mira", "Dana Ruiz is shut out.") in [(line["who"], line["said"]) for line in lines]
    problem(site.api("GET", "/v1/audit?page=-1"), 422)
    assert searched(site, words="ruiz shut") == ["Dana Ruiz is shut out."]
    assert searched(site, words="ruiz shut", user=dana) == []
    assert searched(site, name="Nobody Known") == []
    assert searched(site, name="", words="", day="2000-01-01") == []
    problem(site.api("POST", "/v1/audit/search", {"word": "x"}), 422)


def searched(site: Site, **sent: str) -> list[str]:
    lines = site.api("POST", "/v1/audit/search", sent).json()["lines"]
    return [line["said"] for line in lines]


def test_browsers_passkeys_and_apps_are_seen_and_taken_away(site: Site) -> None:
    owner(site)
    dana, link = let_in(site, DANA)
    for _ in range(2):
        path = f"/invite/{link.rpartition('/')[2]}"
        site.http.post(path, data={"password": PASSWORD})
        site.http.post("/sign-in", data={"email": DANA["email"], "password": PASSWORD})
    with site.installation.write() as record:
        row = record.users.get(dana)
        assert row is not None
        record.users.set_code(row, b"12345678901234567890")
        key = record.users.add_passkey(dana, "credential of Dana", b"key", 0, "Phone").id
    whole = site.api("GET", f"/v1/users/{dana}").json()
    browsers = [one["id"] for one in whole["signs_in"]["browsers"]]
    assert (whole["user"]["has_code"], len(browsers)) == (True, 3)
    assert [one["label"] for one in whole["passkeys"]] == ["Phone"]
    assert send(site, f"/{dana}/passkeys/{key}/remove").json()["passkeys"] == []
    problem(send(site, f"/{dana}/passkeys/{key}/remove"), 404)
    left = send(site, f"/{dana}/sessions/{browsers[0]}/end").json()["signs_in"]["browsers"]
    assert [one["id"] for one in left] == browsers[1:]
    assert send(site, f"/{dana}/sign-out").json()["signs_in"]["browsers"] == []
    assert send(site, f"/{dana}/forget-app").json()["has_code"] is False
    assert "credential of Dana" not in str(whole)
