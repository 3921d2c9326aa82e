"""``/v1/setup`` and going live: what the owner does in the pages, for programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import PLATFORMS

KEY = "a-key-of-the-platform"
NAMED = {"name": "Alder Street Massage", "therapist-0": "Mira Olsen", "npi-0": "1234567893"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path, host=installed_host()):
        app: Any = made.http.app
        app.state.service.file = tmp_path / "settings.toml"
        app.state.service.connectors = {"fake": FakeConnector}
        yield made


def form(site: Site, step: str, account: str = "", connector: str = "") -> dict[str, str]:
    asked = f"/v1/setup/steps/{step}?account={account}&connector={connector}"
    fields = site.api("GET", asked).json()["fields"]
    return {one["name"]: one["value"] for one in fields}


def save(site: Site, step: str, account: str = "", tag: str = "", **fields: str) -> Any:
    headers = {"if-match": tag} if tag else {}
    sent = {"by": "Pat", "fields": fields}
    return site.api("PATCH", f"/v1/setup/steps/{step}?account={account}", sent, **headers)


def file_of(site: Site) -> SettingsFile:
    app: Any = site.http.app
    return SettingsFile(app.state.service.file)


def wrong(answer: Any, status: int = 422) -> dict[str, str]:
    return {one["path"]: one["message"] for one in problem(answer, status)["errors"]}


def connected(site: Site, **more: str) -> Any:
    """The account of the site, connected by a program."""
    file = file_of(site)
    file.put_account("desk", {"connector": "fake", "enforcement": "observe"})
    file.put_option("desk", "platform", next(k for k, v in PLATFORMS.items() if v is site.platform))
    file.save()
    named = {"name": "desk", "connector": "fake"}
    return save(site, "connect", **{**named, "set-api_key": KEY, **more})


def test_how_far_setting_up_is(site: Site) -> None:
    def steps() -> dict[str, str]:
        found = site.api("GET", "/v1/setup").json()["steps"]
        return {one["name"]: one["state"] for one in found}

    assert (steps()["owner"], steps()["clinic"], steps()["connect"]) == ("left", "left", "left")
    assert save(site, "clinic", **NAMED).status_code == 200
    assert steps()["clinic"] == "done"


def test_without_a_file_there_is_nothing_to_set_up(site: Site) -> None:
    app: Any = site.http.app
    app.state.service.file = None
    for path in ("setup", "setup/steps/clinic"):
        assert "command line" in problem(site.api("GET", f"/v1/{path}"), 409)["detail"]
    sent = {"by": "Pat", "enforcement": "observe"}
    problem(site.api("PUT", "/v1/accounts/desk/enforcement", sent), 409)


def test_a_step_is_asked_saved_and_on_record(site: Site) -> None:
    asked = site.api("GET", "/v1/setup/steps/clinic")
    labels = {one["name"]: one["label"] for one in asked.json()["fields"]}
    assert (labels["npi-0"], labels["timezone"]) == ("NPI of therapist 1", "Time zone")
    saved = save(site, "clinic", tag=asked.headers["etag"], **NAMED).json()
    assert (saved["waits"], "clinic" in saved["changed"]) == (True, True)
    assert file_of(site).practitioners() == {"mira": "Mira Olsen"}
    assert save(site, "clinic", phone="206-555-0100").status_code == 200
    assert file_of(site).practitioners() == {"mira": "Mira Olsen"}  # what is left out stays
    assert save(site, "clinic", phone="206-555-0100").json()["changed"] == ""
    problem(save(site, "clinic", tag=asked.headers["etag"], phone="206-555-0101"), 412)
    with site.installation.read() as record:
        listed = record.acts.listed(limit=9)
        said = [(row.kind, record.acts.act(row).who) for row in listed]
    assert said == [("settings-changed", "Pat")] * 2


def test_what_is_wrong_is_named_by_field(site: Site) -> None:
    assert set(wrong(save(site, "clinic", npi="1"))) == {"fields.npi"}
    found = wrong(save(site, "clinic", timezone="Rome", **{"therapist-0": "Mo", "npi-0": "1"}))
    assert set(found) == {"fields.name", "fields.timezone", "fields.npi-0"}
    assert set(wrong(site.api("PATCH", "/v1/setup/steps/clinic", {"by": " ", "fields": {}}))) == {
        "by"
    }
    assert set(wrong(save(site, "clinic", name="Alder\u202eStreet"))) == {"fields.name"}
    problem(save(site, "owner"), 422)
    problem(save(site, "services", "none"), 404)
    assert not file_of(site).path.exists()


def test_payers_are_said_one_by_one_or_by_a_policy(site: Site) -> None:
    assert save(site, "clinic", **NAMED).status_code == 200
    assert form(site, "payers")["regence-"] == ""
    save(site, "payers", **{"regence-": "in", "regence-since": "2020-01-01"})
    network = file_of(site).table("clinic")["network"]
    assert network["regence"] == [{"status": "in", "from": "2020-01-01"}]
    sent = {"by": "Pat", "policy": "in-network-regence"}
    filled = site.api("POST", "/v1/setup/policy", sent).json()
    assert filled["changed"]
    back = {"by": "Pat", "version": filled["version"]}
    assert site.api("POST", "/v1/setup/policy/undo", back).status_code == 200
    assert file_of(site).table("clinic")["network"] == network
    problem(site.api("POST", "/v1/setup/policy/undo", back), 409)
    unknown = {"by": "Pat", "policy": "none"}
    assert wrong(site.api("POST", "/v1/setup/policy", unknown)) != {}


def test_an_account_is_connected_named_and_goes_live(site: Site) -> None:
    assert save(site, "clinic", **NAMED).status_code == 200
    assert "set-api_key" in form(site, "connect", connector="fake")
    made = connected(site)
    assert made.status_code == 200, made.text
    assert KEY not in site.api("GET", "/v1/setup/steps/connect?account=desk").text
    asked = form(site, "services", "desk")
    assert asked["service-ref-0"]
    assert save(site, "services", "desk", **{"service-how-0": "insurance"}).status_code == 200
    ref = asked["service-ref-0"]
    named = (file_of(site).account("desk") or {})["services"]
    assert named[ref] == {"service": asked["service-name-0"], "self_pay": False}
    tried = site.api("POST", "/v1/accounts/desk/try").json()
    assert tried["failed"] == ""
    sent = {"by": "Pat", "enforcement": "enforce"}
    assert (file_of(site).account("desk") or {})["enforcement"] == "observe"
    for _ in range(2):
        done = site.api("PUT", "/v1/accounts/desk/enforcement", sent).json()
        assert done == {"enforcement": "enforce", "waits": False}
    assert (file_of(site).account("desk") or {})["enforcement"] == "enforce"
    with site.installation.read() as record:
        kinds = [row.kind for row in record.acts.listed(limit=9)]
    assert kinds.count("went-live") == 1
    for path in ("accounts/none/try", "accounts/none/register"):
        problem(site.api("POST", f"/v1/{path}", {"by": "Pat"}), 404)
    problem(site.api("PUT", "/v1/accounts/none/enforcement", sent), 404)


def test_a_key_on_file_goes_nowhere_by_a_program(site: Site) -> None:
    assert connected(site, public_url="https://desk.example").status_code == 200
    refused = wrong(save(site, "connect", "desk", public_url="https://thief.example"))
    assert set(refused) == {"fields.public_url"}
    moved = {"set-base_url": "https://thief.example"}
    hidden = {"fields.set-api_key", "fields.set-webhook_secret"}
    assert set(wrong(save(site, "connect", "desk", **moved))) == hidden
    assert "thief" not in file_of(site).path.read_text("utf-8")


def test_a_new_account_needs_what_its_connector_asks(site: Site) -> None:
    new = {"name": "second", "connector": "fake"}
    assert set(wrong(save(site, "connect", **new))) == {"fields.set-api_key"}
    assert set(wrong(save(site, "connect", name="second"))) == {"fields.connector"}


def test_an_account_that_cannot_be_made_says_why(site: Site) -> None:
    file = file_of(site)
    file.put_account("desk", {"connector": "fake", "enforcement": "observe"})
    file.put_option("desk", "platform", "none")
    file.save()
    refused = problem(site.api("POST", "/v1/accounts/desk/try"), 409)
    assert "options.platform: names no fake platform" in refused["detail"]


def test_it_is_started_again_by_whatever_keeps_it_running(site: Site) -> None:
    refused = problem(site.api("POST", "/v1/setup/again", {"by": "Pat"}), 409)
    assert "massage-ins-bridge serve" in refused["detail"]
    app: Any = site.http.app
    begun: list[bool] = []
    app.state.service.start_again = lambda: begun.append(True)
    problem(site.api("POST", "/v1/setup/again", {}), 422)
    answer = site.api("POST", "/v1/setup/again", {"by": "Pat"})
    assert (answer.status_code, answer.headers["connection"], begun) == (200, "close", [True])
