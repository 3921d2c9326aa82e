"""Having an account act, or only watch, at the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import DANA, OWNER, PASSWORD, enter, let_in, shown

from massage_ins_bridge.desk.users import add_user, set_password
from massage_ins_bridge.settings import load_settings

PATH = "/accounts/desk/live"
TOML = """[[accounts]]  # the front desk's
name = "desk"
connector = "fake"
enforcement = "observe"
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path, account={"enforcement": "observe"}):
        let_in(made)
        yield made


def file_of(site: Site, folder: Path) -> Path:
    file = folder / "massage-ins-bridge.toml"
    file.write_text(TOML, encoding="utf-8")
    site.http.app.state.service.file = file  # type: ignore[attr-defined]
    return file


def test_the_owner_goes_live_and_back_to_watching(site: Site, tmp_path: Path) -> None:
    file, asked = file_of(site, tmp_path), list[bool]()
    service = site.http.app.state.service  # type: ignore[attr-defined]
    service.start_again = lambda: asked.append(True)
    fields = {**shown(site, PATH).fields, "do": "enforce"}
    answers = [site.http.post(PATH, data=fields, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (asked, answers[0].headers["connection"]) == ([True], "close")
    assert load_settings(file, {}).accounts[0].enforcement == "enforce"
    assert "# the front desk's" in file.read_text(encoding="utf-8")
    service.ending = False
    text = site.http.get(answers[0].headers["location"]).text
    for words in ("desk goes live", "From the next start on", "Go back to watching"):
        assert words in text
    back = {**shown(site, PATH).fields, "do": "observe"}
    site.http.post(PATH, data=back, follow_redirects=False)
    assert load_settings(file, {}).accounts[0].enforcement == "observe"
    service.ending = False
    assert "desk only watches from the next start on" in site.http.get("/audit").text
    wrong = site.http.post(PATH, data={**shown(site, PATH).fields, "do": "nothing"})
    assert wrong.status_code == 404


def test_what_the_environment_says_is_not_written_over(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(site, tmp_path)
    monkeypatch.setenv("MIB_ACCOUNTS__0__ENFORCEMENT", "observe")
    answer = site.http.post(PATH, data={**shown(site, PATH).fields, "do": "enforce"})
    assert (answer.status_code, "outranks the settings file" in answer.text) == (409, True)
    assert file.read_text(encoding="utf-8") == TOML


def test_without_a_file_it_is_told_how(site: Site) -> None:
    text = site.http.get(PATH).text
    assert 'enforcement = "enforce"' in text.replace("&#34;", '"')
    assert "Go live</button>" not in text
    fields = shown(site, "/accounts").fields
    assert site.http.post(PATH, data={**fields, "do": "enforce"}).status_code == 409


def test_only_the_owner_does(site: Site, tmp_path: Path) -> None:
    file = file_of(site, tmp_path)
    with site.installation.write() as record:
        for sent in (OWNER, DANA):
            set_password(record, add_user(record, sent), PASSWORD)
    enter(site.http, DANA)
    assert "Go live</button>" not in site.http.get(PATH).text
    fields = shown(site, "/accounts").fields
    refused = site.http.post(PATH, data={**fields, "do": "enforce"})
    assert (refused.status_code, "Only the owner can do this." in refused.text) == (403, True)
    assert file.read_text(encoding="utf-8") == TOML
