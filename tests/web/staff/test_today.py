"""Today: what is shown of each booking, and what is pressed on it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.plans import nothing_gone_through
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import TODAY, at_ten, came_today, let_in, press, shown

from massage_ins_bridge.desk.day_rows import first_words
from massage_ins_bridge.desk.say import counted, initials, short_name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("today")
    for made in open_site(folder, account={"refuse_after_minutes": 15}):
        let_in(made)
        yield made


def test_a_booking_is_shown_with_its_cause_and_what_happens_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_ten(site, monkeypatch)
    booking = came_today(site, "ann lee")
    row = shown(site).rows[booking]
    for words in ("Ann Lee", "Regence", "coverage not confirmed", "Refused at 10:15 AM"):
        assert words in row
    whole = site.http.get(TODAY).text
    assert "About to happen" in whole
    assert "No other bookings today." in whole  # it stands above, alone
    assert "No bookings today" not in whole
    assert "Nothing else needs you." in site.http.get(f"{TODAY}?needs=me").text
    assert "No other bookings with Zoe today." in site.http.get(f"{TODAY}?with=Zoe").text
    later = site.http.get(f"{TODAY}?day=2026-12-24&with=Zoe").text
    assert "No bookings with Zoe on this day." in later


def test_what_is_pressed_is_told_with_a_way_back(site: Site) -> None:
    booking = came_today(site, "bo stone", hours=3)
    page = press(site, booking, "stop")
    assert "The refusal of Bo Stone is stopped." in page.text
    assert "done=act_" in str(page.url)
    assert "Stopped by This computer" in shown(site).rows[booking]
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    fields = {**shown(site, str(page.url)).fields, "back": TODAY}
    back = site.http.post(f"/undo/{act[1]}", data=fields)
    assert "Undone: The refusal of Bo Stone is stopped." in back.text
    site.until(lambda: "Refused at" in shown(site).rows[booking])


def test_a_form_that_is_sent_twice_is_done_once(site: Site) -> None:
    booking = came_today(site, "cy young", hours=4)
    fields = {**shown(site).fields, "back": TODAY, "do": "arrived"}
    first = site.http.post(f"/bookings/{booking}/do", data=fields)
    again = site.http.post(f"/bookings/{booking}/do", data=fields)
    assert str(first.url) == str(again.url)
    with site.installation.read() as record:
        kinds = [act.kind for act in record.acts.listed(booking_id=booking)]
    assert kinds == ["arrived"]


def test_only_what_needs_somebody_is_shown_where_that_is_asked(site: Site) -> None:
    calm = came_today(site, "di moss", hours=5, service_ref="2")
    needs = came_today(site, "ed hill", hours=5)
    everything = shown(site).rows
    only = shown(site, f"{TODAY}?needs=me").rows
    assert {calm, needs} <= set(everything)
    assert needs in only
    assert calm not in only


def test_what_comes_later_is_shown_once(site: Site) -> None:
    booking = came_today(site, "fay wood", hours=24 * 12)
    text = site.http.get(TODAY).text
    assert text.count(f'id="b-{booking}"') == 1
    assert "Came in since yesterday" in text


def test_more_that_came_in_is_said_and_shown(site: Site) -> None:
    names = [f"later {number}" for number in range(10)]
    bookings = [came_today(site, name, hours=24 * 30) for name in names]
    text = site.http.get("/today").text
    assert "More came in than are shown" in text
    more = re.search(r'href="(/today\?more=\d+)"', text)
    assert more is not None
    page = site.http.get(more[1]).text
    assert all(f"/bookings/{booking}" in page for booking in bookings)
    assert "More came in than are shown" not in page


def test_another_day_is_reached_and_an_empty_one_says_so(site: Site) -> None:
    day = (site.installation.clock.now() + timedelta(days=40)).date().isoformat()
    text = site.http.get(f"{TODAY}?day={day}").text
    assert "No bookings on this day." in text
    assert "About to happen" not in text
    assert site.http.get(f"{TODAY}?day=soon").status_code == 404


def test_covered_names_are_not_in_the_page(site: Site) -> None:
    booking = came_today(site, "gus lind", hours=6)
    fields = {**shown(site).fields, "cover": "on", "back": TODAY}
    covered = site.http.post("/cover", data=fields).text
    assert "Gus Lind" not in covered
    assert "coverage not confirmed" not in covered
    row = shown(site).rows[booking]
    assert "G. L." in row
    assert "Stop the refusal" in row
    site.http.post("/cover", data={**shown(site).fields, "cover": "off", "back": TODAY})
    assert "Gus Lind" in site.http.get(TODAY).text


def test_the_mark_is_another_once_something_changed(site: Site) -> None:
    before = site.http.get("/mark").text
    assert site.http.get("/mark").text == before
    came_today(site, "hal gray", hours=7)
    assert site.http.get("/mark").text != before


def test_a_look_goes_through_no_bookings_of_other_days(site: Site) -> None:
    came_today(site, "fay wu", hours=6)
    with nothing_gone_through(site.installation.store):
        assert "Fay Wu" in site.http.get(TODAY).text


def test_words_are_cut_between_sentences() -> None:
    long = f"{'a' * 60}. {'b' * 60}. {'c' * 60}."
    assert first_words(long) == (f"{'a' * 60}. {'b' * 60}.", f"{'c' * 60}.")
    assert first_words("Short.") == ("Short.", "")
    assert first_words("d" * 300) == ("d" * 300, "")


def test_names_and_numbers_as_people_say_them() -> None:
    assert (counted(1, "visit"), counted(2, "visit")) == ("1 visit", "2 visits")
    assert (initials("Ann Mary Lee"), initials("")) == ("A. M. L.", "\u2014")
    assert (short_name("Carmen Reyes"), short_name("Cher")) == ("C. Reyes", "Cher")
