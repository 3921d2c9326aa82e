"""Setting up at the desk: from nothing to an account that watches, left and come back to."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.databases import fresh_sqlite, settings_of
from tests.web.conftest import TestClient
from tests.web.staff.desk_pages import Page

from massage_ins_bridge.desk import set_up_account
from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.set_up_account import Tried
from massage_ins_bridge.desk.users import add_user
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform
from massage_ins_bridge.web.app import create_app

KEY = "a-key-of-the-platform"


class New:
    """A service in an empty folder, and the browser that came by the address it prints."""

    def __init__(self, folder: Path) -> None:
        fresh_sqlite(folder)
        self.file = folder / "massage-ins-bridge.toml"
        PLATFORMS["setup"] = FakePlatform("setup")
        classes: dict[str, type] = {"fake": FakeConnector}
        self.app = create_app(
            settings_of(folder, None), installed_host(), DemoClock(NOW), classes, self.file
        )
        self.http = TestClient(self.app, "http://127.0.0.1", client=("127.0.0.1", 5))

    def post(self, step: str, **fields: str) -> Any:
        page = Page(self.http.get("/setup/clinic").text)
        return self.http.post(f"/setup/{step}", data={**page.fields, **fields})


def filled_in(text: str) -> dict[str, str]:
    """A step's form as a browser sends it that changed nothing."""
    hidden = Page(text).fields
    return {**hidden, **json.loads(hidden["was"])}


def networks(new: New) -> set[str]:
    """The payers of which the settings say something."""
    return set(load_settings(new.file, {}).clinic_facts.network or ())


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[New]:
    made = New(tmp_path_factory.mktemp("setup"))
    with made.http:
        yield made


def test_it_begins_with_the_owner_who_is_signed_in_at_once(new: New) -> None:
    first = new.http.get(new.app.state.staff_door.address)
    assert (first.url.path, "1. You, the owner" in first.text) == ("/setup/owner", True)
    used = new.http.get(first.history[0].url)
    assert (used.status_code, "<title>Not let in" in used.text) == (403, True)
    mira = {"name": "Mira Olsen", "email": "mira@example.com"}
    wrong = new.post("owner", name="Mira Olsen", email="mira", password="short")
    assert (wrong.status_code, 'value="Mira Olsen"' in wrong.text) == (422, True)
    assert wrong.text.count('class="error"') == 2
    with new.app.state.worker.installation.write() as record:
        add_user(record, {**mira, "name": "Mira", "role": "owner"})  # has not used the link
    done = new.post("owner", **mira, password="four words in a row")
    assert done.url.path == "/setup/clinic"
    assert "You are signed in as" in new.http.get("/setup/owner").text
    again = new.post("owner", **mira, password="four words in a row")
    assert (again.status_code, "There is an owner already" in again.text) == (409, True)
    other = TestClient(new.app, "http://127.0.0.1", client=("127.0.0.1", 6))
    assert other.get("/setup").url.path == "/sign-in"
    assert new.http.get("/").url.path == "/today"
    assert "Mira Olsen" in new.http.get("/people").text


def test_the_clinic_and_its_payers_are_written_and_the_service_is_to_start_again(new: New) -> None:
    wrong = new.post("clinic", name="Alder", timezone="Nowhere")
    assert (wrong.status_code, "is no zone" in wrong.text) == (422, True)
    slip = {"therapist-0": "Mira Olsen, LMT", "npi-0": "1234567890"}
    wrong = new.post("clinic", name="Alder", timezone="America/Los_Angeles", **slip)
    assert "is no NPI" in wrong.text
    assert "name whoever gives massages" not in wrong.text
    fields = {"therapist-0": "Mira Olsen, LMT", "timezone": "America/Los_Angeles"}
    done = new.post("clinic", name="Alder Street Massage", **fields)
    assert done.url.path == "/setup/payers"
    assert "massage-ins-bridge serve" in done.text
    asked: list[bool] = []
    new.app.state.service.start_again = lambda: asked.append(True)
    answer = new.http.post(
        "/setup/payers",
        data={**Page(done.text).fields, "regence-": "in", "do": "save"},
        follow_redirects=False,
    )
    assert (answer.headers["location"], answer.headers["connection"]) == ("/setup/connect", "close")
    assert asked == [True]
    waiting = new.http.get("/setup/connect", follow_redirects=False)
    assert (waiting.status_code, waiting.headers["connection"]) == (303, "close")
    new.app.state.service.ending = False
    assert "Start it again" in new.http.get("/setup/connect").text
    new.http.post("/setup/again", data=Page(done.text).fields, follow_redirects=False)
    assert asked == [True, True]
    new.app.state.service.start_again, new.app.state.service.ending = None, False
    assert new.http.post("/setup/again", data=Page(done.text).fields).status_code == 409
    filled = new.post("payers", do="policy", policy="out-of-network-lni")
    assert filled.url.path == "/setup/payers"  # to be looked over
    assert "It is filled in" in filled.text
    assert "lifewise" in networks(new)
    undone = new.http.post("/setup/payers", data={**Page(filled.text).fields, "do": "unfill"})
    assert "It is filled in" not in undone.text
    assert networks(new) == {"regence"}
    audit = new.http.get("/audit").text
    assert "clinic.network.va was nothing, is status out" in audit


def test_what_another_owner_saved_meanwhile_is_not_lost(new: New) -> None:
    path = "/setup/clinic"
    first, second, third = (filled_in(new.http.get(path).text) for _ in range(3))
    new.http.post(path, data={**first, "address": "1 Alder Street", "phone": "206-555-0100"})
    new.http.post(path, data={**second, "office_hours": "Mon-Fri 10:00-14:00"})
    kept = load_settings(new.file, {})
    assert (kept.client_page.address, kept.client_page.phone) == ("1 Alder Street", "206-555-0100")
    assert kept.clinic_facts.name == "Alder Street Massage"
    both = new.http.post(path, data={**third, "phone": "206-555-0199"})
    assert (both.status_code, "Mira Olsen changed this while you typed" in both.text) == (409, True)
    assert "206-555-0100</li>" in both.text
    assert load_settings(new.file, {}).client_page.phone == "206-555-0100"
    mine = {**filled_in(both.text), "phone": "206-555-0199"}
    assert 'value="206-555-0199"' in both.text
    assert (mine["phone"], mine["office_hours"]) == ("206-555-0199", "Mon-Fri 10:00-14:00")
    new.http.post(path, data=mine)
    assert load_settings(new.file, {}).client_page.phone == "206-555-0199"


def test_payers_that_another_owner_said_meanwhile_are_not_lost(new: New) -> None:
    first, second = (filled_in(new.http.get("/setup/payers").text) for _ in range(2))
    new.http.post("/setup/payers", data={**first, "do": "save", "premera-": "in"})
    both = new.http.post("/setup/payers", data={**second, "do": "save", "premera-": "out"})
    assert (both.status_code, "Premera, Everybody: in" in both.text) == (409, True)
    new.http.post("/setup/payers", data={**second, "do": "save", "aetna-": "out"})
    assert networks(new) == {"aetna", "premera", "regence"}


def test_an_account_is_tried_before_it_is_kept(new: New) -> None:
    assert "Which platform" in new.http.get("/setup/connect").text
    asked = new.http.get("/setup/connect?connector=fake").text
    assert 'name="set-api_key"' in asked
    fields = {"connector": "fake", "name": "desk", "set-api_key": KEY}
    refused = new.post("connect", **{**fields, "name": "Front Desk"})
    assert "use lower-case letters" in refused.text
    file = SettingsFile(new.file)
    file.put_account("desk", {"connector": "fake", "enforcement": "observe"})
    file.put_option("desk", "platform", "setup")
    file.save()
    done = new.post("connect", **fields)
    assert done.url.path == "/setup/connect"
    assert "The key works: it belongs to" in done.text
    assert "/webhooks/desk" in done.text
    assert "whsec_" in done.text
    assert "Waiting for the first delivery" in done.text
    assert KEY not in new.http.get("/setup/connect").text
    assert "Setting up is not finished" in new.http.get("/today").text
    tried = new.post("connect", do="try", name="desk")
    assert re.search(r"Tested at [0-9:]+ [AP]M\. The key works: it belongs to", tried.text)
    more = new.http.get("/setup/connect?new=yes&connector=fake").text
    assert 'value="front-desk"' in more
    assert "Its settings" not in more
    over = new.post("connect", **fields, new="yes")
    assert (over.status_code, "is in use; take another name" in over.text) == (422, True)
    assert new.post("connect", do="try", name="none").status_code == 404
    assert new.post("connect", do="register", name="desk").status_code == 409
    assert load_settings(new.file, {}).accounts[0].enforcement == "observe"


def test_what_is_saved_while_a_key_is_tried_is_not_lost(
    new: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def tried(*_: Any) -> Tried:
        if not tries:  # somebody else saves in this very moment
            file = SettingsFile(new.file)
            file.put_table("client_page", {"phone": "206-555-0142"})
            file.save()
        tries.append("tried")
        return Tried("Front desk")

    monkeypatch.setattr(set_up_account, "try_account", tried)
    form = filled_in(new.http.get("/setup/connect").text)
    sent = {**form, "connector": "fake", "name": "desk", "public_url": "https://desk.example"}
    assert new.http.post("/setup/connect", data=sent).status_code == 200
    settings = load_settings(new.file, {})
    assert settings.client_page.phone == "206-555-0142"
    assert (settings.public_url, len(tries)) == ("https://desk.example", 3)


def test_services_are_named_and_the_rest_is_shown(new: New) -> None:
    assert "1 of the first 6" not in new.http.get("/setup/services").text
    nothing = new.post("services", account="desk")
    assert "Name at least one service" in nothing.text
    one = {
        "account": "desk",
        "service-ref-0": "1",
        "service-name-0": "massage",
        "service-how-0": "insurance",
    }
    unnamed = new.post("services", **{**one, "service-name-0": ""})
    assert " is called here</a> is missing" in unnamed.text
    assert new.post("services", **one).url.path == "/setup/bookings"
    assert load_settings(new.file, {}).accounts[0].services["1"].service == "massage"
    for step in ("bookings", "clients", "people"):
        page = new.http.get(f"/setup/{step}")
        assert (page.status_code, 'aria-current="step"' in page.text) == (200, True)
    assert new.http.get("/setup/none").status_code == 404
    assert new.http.get("/setup").url.path.startswith("/setup/")


def test_a_file_that_cannot_be_changed_is_said(new: New) -> None:
    kept = new.file.read_text("utf-8")
    new.file.write_text("port = [", encoding="utf-8")
    broken = new.http.get("/setup/clinic")
    assert (broken.status_code, "cannot be read as settings" in broken.text) == (409, True)
    new.file.write_text(kept, encoding="utf-8")
    new.app.state.service.file = None
    assert "without a settings file" in new.http.get("/setup/clinic").text
