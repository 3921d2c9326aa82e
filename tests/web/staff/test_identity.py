"""Who is this: side by side, joined, kept apart, moved, and all of it taken back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("who")):
        let_in(made)
        yield made


def doubtful(site: Site) -> tuple[str, str]:
    """Two who may be one: the client on file, and the one in doubt."""
    came_today(site, "robert eriksen", hours=24 * 9, phone="253-555-0171")
    came_today(site, "bob eriksen", hours=24 * 10, phone="253-555-0171")
    return (
        site.booking("robert eriksen")["patient"],
        site.booking("bob eriksen")["patient"],
    )


def send(site: Site, path: str, **fields: str) -> Any:
    return site.http.post(path, data={**shown(site, path).fields, **fields})


def undo(site: Site, page: Any) -> Any:
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    return site.http.post(f"/undo/{act[1]}", data={**shown(site).fields, "back": "/today"})


def test_two_are_shown_side_by_side_and_joined(site: Site) -> None:
    known, doubt = doubtful(site)
    assert "It is not certain who this is" in site.http.get(f"/clients/{doubt}").text
    path = f"/clients/{doubt}/merge"
    text = site.http.get(path).text
    assert "Robert Eriksen" in text
    assert 'aria-label="same"' in text
    assert "<b>Robert Eriksen</b> stays on file" in text
    first = text.split('name="other"')[1].split("<button")[1]
    assert 'class="hide" name="do" value="find"' in first  # what Enter presses joins nobody
    page = send(site, path, other=known, do="join")
    assert str(page.url).split("?")[0].endswith(f"/clients/{known}")
    assert "The two are one client now." in page.text
    assert site.booking("bob eriksen")["patient"] == known
    former = site.http.get(f"/clients/{doubt}")
    assert str(former.url).endswith(f"/clients/{known}")
    undo(site, page)
    assert site.booking("bob eriksen")["patient"] == doubt


def test_somebody_else_is_looked_for_and_compared(site: Site) -> None:
    known, doubt = doubtful(site)
    came_today(site, "ada stone", hours=24 * 9)
    ada, path = site.booking("ada stone")["patient"], f"/clients/{doubt}/merge"
    found = send(site, path, q="ada", do="find")
    assert str(found.url).endswith(path)
    assert f'href="?other={ada}"' in found.text
    again = send(site, f"{path}?other={ada}", q="robert", do="find").text
    assert "Ada Stone</h2>" in again
    assert f'href="?other={known}"' in again


def test_either_of_the_two_can_be_the_one_that_stays(site: Site) -> None:
    known, doubt = doubtful(site)
    page = send(site, f"/clients/{doubt}/merge", other=known, do="join", keep="this")
    assert str(page.url).split("?")[0].endswith(f"/clients/{doubt}")
    assert site.booking("robert eriksen")["patient"] == doubt


def test_two_are_kept_apart(site: Site) -> None:
    known, doubt = doubtful(site)
    page = send(site, f"/clients/{doubt}/merge", other=known, do="new")
    assert "They are two people." in page.text
    assert "It is not certain who this is" not in site.http.get(f"/clients/{doubt}").text


def test_a_booking_is_moved_to_its_client(site: Site) -> None:
    came_today(site, "ada stone", hours=24 * 9)
    booking = came_today(site, "gil moor", hours=24 * 10)
    ada = site.booking("ada stone")["patient"]
    path = f"/bookings/{booking}/client"
    found = send(site, path, q="ada", do="find")
    assert "It is theirs" in found.text
    assert str(found.url).endswith(path)  # nothing that is typed stands in an address
    page = send(site, path, other=ada, do="move")
    assert "moved to its client" in page.text
    assert site.booking("gil moor")["patient"] == ada
    undo(site, page)
    assert site.booking("gil moor")["patient"] != ada
