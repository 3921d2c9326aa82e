"""Rows that are written once are as good as new on each page."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import TODAY, came_today, let_in, press, shown

FORM = re.compile(r'name="csrf" value="([^"]*)"><input type="hidden" name="once" value="([^"]*)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("kept_rows")
    for made in open_site(folder, account={"refuse_after_minutes": 15}):
        let_in(made)
        yield made


def forms(site: Site, path: str = TODAY) -> list[tuple[str, str]]:
    """What each form of a page carries: whose it is, and which one."""
    return FORM.findall(site.http.get(path).text)


def test_every_form_of_every_page_is_another_one_of_the_same_person(site: Site) -> None:
    for ref in ("ann lee", "bo stone"):
        came_today(site, ref)
    first, second = forms(site), forms(site)
    assert len(first) == len(second) >= 4
    assert len({once for _, once in first + second}) == 2 * len(first)
    (csrf,) = {csrf for csrf, _ in first + second}
    assert len(csrf) > 20


def test_a_row_goes_back_to_the_page_on_which_it_stands(site: Site) -> None:
    came_today(site, "cy young")
    for path in (TODAY, f"{TODAY}?needs=me", TODAY):
        page = site.http.get(path).text
        assert set(re.findall(r'name="back" value="([^"]*)"', page)) == {path}


def test_what_is_pressed_shows_in_the_row_at_once(site: Site) -> None:
    booking = came_today(site, "dee marsh")
    assert "Refused at" in shown(site).rows[booking]
    press(site, booking, "stop")
    assert "Stopped by" in shown(site).rows[booking]


def test_nobody_s_own_words_are_taken_for_a_place_to_fill(site: Site) -> None:
    start = site.installation.clock.now() + timedelta(hours=2)
    site.send("eve", start=start, name="Eve <csrf> <once>", email="eve@example.com")
    site.until(lambda: site.booking("eve").get("state") not in (None, "not decided"))
    assert "Eve <csrf> <once>" in shown(site).rows[str(site.booking("eve")["id"])]
