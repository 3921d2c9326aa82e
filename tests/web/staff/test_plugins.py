"""The page of plugins: the owner switches one off, and takes that back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import let_in, shown

from massage_ins_bridge.testing import installed_host


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path, host=installed_host()):
        let_in(made)
        yield made


def app_of(site: Site) -> Any:
    return site.http.app


def send(site: Site, plugin: str, do: str) -> Any:
    fields = {**shown(site, "/plugins").fields, "back": "/plugins", "do": do}
    return site.http.post(f"/plugins/{plugin}", data=fields)


def test_one_is_switched_off_and_that_is_undone(site: Site, tmp_path: Path) -> None:
    app_of(site).state.service.file = file = tmp_path / "bridge.toml"
    file.write_text("# ours\n", encoding="utf-8")
    told = send(site, "kaiser", "off").text
    assert "The plugin kaiser is switched off. It holds at once" in told
    assert re.search(r"kaiser.*?Switched off.*?Switch on", told, re.DOTALL)
    assert 'disabled_plugins = ["kaiser"]' in file.read_text(encoding="utf-8")
    assert "is switched off" in site.http.get("/audit").text
    assert "kaiser" in site.http.get("/accounts").text
    undo = re.search(r"/undo/\w+", told)
    assert undo is not None
    site.http.post(undo[0], data=shown(site, "/plugins").fields)
    assert "Switched off" not in site.http.get("/plugins").text


def test_what_another_process_wrote_is_shown_until_it_holds(site: Site, tmp_path: Path) -> None:
    app_of(site).state.service.file = file = tmp_path / "bridge.toml"
    file.write_text('disabled_plugins = ["kaiser"]\n', encoding="utf-8")
    text = site.http.get("/plugins").text
    assert "kaiser was switched off" in text
    assert re.search(r"Switch on<span class=.hide.> kaiser", text)
    assert "is switched on. It holds at once" in send(site, "kaiser", "on").text
    assert "was switched off" not in site.http.get("/plugins").text


def test_where_no_file_may_be_written_no_button_is_shown(site: Site) -> None:
    text = site.http.get("/plugins").text
    assert ("Answering" in text, "Switch off" in text) == (True, False)
    refused = send(site, "kaiser", "off")
    assert (refused.status_code, "without a settings file" in refused.text) == (409, True)
    assert send(site, "kaiser", "burn").status_code == 404
