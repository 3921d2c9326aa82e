"""The page of e-mails: the owner words one, tries it, keeps it, and takes it back."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown

HOLD = "/settings/texts/hold/en"
OURS = "Hi {first},\r\nplease look at {link}\r\n{clinic}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path):
        let_in(made)
        yield made


def send(site: Site, do: str, fields: dict[str, str] | None = None, **more: str) -> Any:
    known = fields or shown(site, HOLD).fields
    return site.http.post(HOLD, data={**known, "subject": "For {day}", "do": do, **more})


def test_an_email_is_worded_tried_kept_and_taken_back(site: Site) -> None:
    booking = came_today(site, "ada")
    assert HOLD in site.http.get("/settings/texts").text
    early = shown(site, HOLD).fields
    tried = send(site, "try", body=OURS, booking=booking)
    assert (tried.status_code, "Hi Ada,<br>please look at" in tried.text) == (200, True)
    assert "as they came" in site.http.get("/settings/texts").text  # nothing is kept by it
    wrong = send(site, "keep", body="Hi {first} {clinic}")
    assert (wrong.status_code, "{link}" in unescape(wrong.text)) == (422, True)
    assert "Hi {first} {clinic}</textarea>" in unescape(wrong.text)
    kept = send(site, "keep", body=OURS)
    assert "The e-mail “On hold, something is needed from the client” (English) says" in kept.text
    with site.installation.read() as record:
        own = record.mail_texts.get("hold", "en")
        assert own is not None
        assert own.body == OURS.replace("\r\n", "\n") + "\n"
    late = send(site, "keep", early, body="Another {link} {clinic}")
    assert (late.status_code, "Another {link} {clinic}</textarea>" in late.text) == (409, True)
    assert "please look at {link}" in late.text
    undo = re.search(r"/undo/\w+", kept.text)
    assert undo is not None
    site.http.post(undo[0], data=shown(site, "/settings/texts").fields)
    with site.installation.read() as record:
        assert record.mail_texts.get("hold", "en") is None
