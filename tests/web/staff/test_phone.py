"""A booking by phone: foreseen, made, taken back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, find, let_in, shown

NEW = "/bookings/new"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("phone")):
        let_in(made)
        yield made


def send(site: Site, do: str, **typed: str) -> Any:
    day = (site.installation.clock.now() + timedelta(days=5)).date().isoformat()
    known = {"day": day, "time": "10:00", "minutes": "60", **typed}
    return site.http.post(NEW, data={**shown(site, NEW).fields, **known, "do": do})


def bookings(site: Site) -> int:
    return len(site.api("GET", "/v1/bookings").json()["bookings"])


def test_what_would_become_of_it_is_shown_and_nothing_is_kept(site: Site) -> None:
    before = bookings(site)
    answer = send(site, "look", name="Nils Aho", payer="Regence")
    assert "on hold" in answer.text or "could not stand" in answer.text
    assert "coverage not confirmed" in answer.text
    assert 'value="Nils Aho"' in answer.text
    assert bookings(site) == before
    assert find(site, "Nils").text.count("/clients/pat_") == 0


def test_a_booking_is_made_and_taken_back(site: Site) -> None:
    page = send(site, "book", name="Nadia Rahman", phone="206-555-0144", payer="self-pay")
    assert "Nadia Rahman is booked." in page.text
    assert (
        "made by hand"
        in site.http.get(
            re.search(r"/bookings/bkg_\w+", page.text)[0]  # type: ignore[index]
        ).text
    )
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    back = {**shown(site).fields, "back": "/today"}
    assert "Undone: Nadia Rahman is booked." in site.http.post(f"/undo/{act[1]}", data=back).text


def test_a_client_on_file_is_found_and_booked_for(site: Site) -> None:
    came_today(site, "ole dahl", hours=24 * 9)
    patient = site.booking("ole dahl")["patient"]
    found = send(site, "find", q="ole")
    assert f'href="{NEW}?client={patient}' in found.text
    assert str(found.url).endswith(NEW)  # nothing that is typed stands in an address
    assert "<b>Ole Dahl</b>" in site.http.get(f"{NEW}?client={patient}").text
    page = send(site, "book", client=patient, payer="Regence", time="15:30")
    assert "Ole Dahl is booked" in page.text
    (made,) = {
        found["id"]
        for found in site.api("GET", "/v1/bookings").json()["bookings"]
        if found["patient"] == patient and not found["account"]
    }
    for do in ("look", "book"):
        again = send(site, do, client=patient, payer="Regence", time="15:30", minutes="45")
        assert again.status_code == 409
        assert "This client has a visit at that very time already." in again.text
        assert f'href="/bookings/{made}"' in again.text
        assert 'value="15:30"' in again.text
        assert 'value="45"' in again.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Say who it is."),
        ({"name": "A B", "time": ""}, "Choose the hour it starts."),
        ({"name": "", "time": ""}, "Say who it is."),
        ({"name": "", "time": ""}, "Choose the hour it starts."),
        ({"name": "A B", "minutes": "none"}, "Write a number from 5 to 480."),
        ({"name": "A B", "day": "2020-01-01"}, "This day is over."),
        ({"name": "A B", "day": "2027-03-14", "time": "02:30"}, "no such hour on this day"),
        ({"name": "A B", "day": "2926-12-01"}, "Look at the year."),
    ],
)
def test_what_is_missing_is_told_at_its_field(site: Site, typed: dict[str, str], said: str) -> None:
    answer = send(site, "book", **typed)
    assert answer.status_code == 422
    assert "<title>Problem: Add a booking" in answer.text
    assert said in answer.text


def test_an_hour_lasts_an_hour_on_the_night_in_which_clocks_change(site: Site) -> None:
    page = send(site, "book", name="Kit Moon", day="2027-11-07", time="01:30", payer="self-pay")
    assert "Kit Moon is booked." in page.text
    made = [
        b for b in site.api("GET", "/v1/bookings").json()["bookings"] if "2027-11-07" in b["start"]
    ]
    times = [datetime.fromisoformat(made[0][name]) for name in ("start", "end")]
    assert times[1] - times[0] == timedelta(hours=1)
    assert times[0] == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)  # the first of the two
