"""The small forms about a booking."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.desk.pages import CLINIC, PAGE
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import TODAY, Page, at_ten, came_today, let_in, press, shown


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("forms")
    services = {
        "1": {"service": "medical-massage", "self_pay": False},
        "2": {"service": "relaxation", "self_pay": True},
        "3": {"service": "couples-massage", "self_pay": False},
    }
    account = {"refuse_after_minutes": 15, "services": services}
    for made in open_site(folder, account=account, clinic=CLINIC, client_page=PAGE):
        let_in(made)
        yield made


def send(site: Site, path: str, do: str, fields: dict[str, str], **typed: str) -> Any:
    """A small form, by one of its buttons."""
    return site.http.post(path, data={**fields, "back": TODAY, "do": do, **typed})


def test_letting_it_stand_asks_why_and_keeps_what_was_typed(site: Site) -> None:
    booking = came_today(site, "ann lee")
    form = press(site, booking, "stand")
    assert str(form.url).endswith(f"/bookings/{booking}/stand?back=/today")
    path = f"/bookings/{booking}/stand"
    fields = shown(site, path).fields
    empty = send(site, path, "stand", fields, reason=" ")
    assert empty.status_code == 422
    assert "<title>Problem: Let it stand" in empty.text
    assert "Say why in a few words." in empty.text
    page = send(site, path, "stand", fields, reason="the plan said yes")
    assert "stands until the visit is over" in page.text
    assert "\u201cthe plan said yes\u201d" in page.text


def test_refusing_shows_what_the_client_reads(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    at_ten(site, monkeypatch)
    booking = came_today(site, "bo stone", hours=3)
    path = f"/bookings/{booking}/refuse"
    text = site.http.get(path).text
    assert "We cannot accept this booking on insurance." in text
    assert "after 15 minutes" in text
    page = send(site, path, "refuse", shown(site, path).fields, reason="asked to by phone")
    assert "The booking of Bo Stone is to be refused." in page.text
    assert "is told at 10:15 AM, unless somebody stops it." in page.text
    assert "Bo Stone is refused" not in page.text
    assert "At 10:15 AM" in shown(site).rows[booking]
    site.until(lambda: booking in site.api("GET", "/v1/refusals").text)
    assert "Undo" in shown(site).rows[booking]
    about_to_happen = site.http.get(TODAY).text.split('id="visits"')[0]
    assert f'id="b-{booking}"' in about_to_happen


def test_another_payer_is_chosen_from_those_known(site: Site) -> None:
    booking = came_today(site, "cy young", hours=4)
    path = f"/bookings/{booking}/payer"
    assert '<option value="Regence"' in site.http.get(path).text
    page = send(site, path, "bill", shown(site, path).fields, payer="Regence")
    assert "is billed to Regence" in page.text
    assert send(site, path, "bill", shown(site, path).fields, payer="").status_code == 422


def test_paying_is_spoken_of_only_where_it_is_offered(site: Site) -> None:
    booking = came_today(site, "di moss", hours=5)
    path = f"/bookings/{booking}/self-pay"
    text = site.http.get(path).text
    assert "may not be asked to pay" in text
    assert send(site, path, "pays", shown(site, path).fields, signed="yes").status_code == 409
    assert "Client pays" not in shown(site).rows[booking]


def test_everything_on_a_booking_stands_on_its_page(site: Site) -> None:
    booking = came_today(site, "ed hill", hours=6)
    press(site, booking, "stop")
    site.until(lambda: "Stopped by" in site.http.get(f"/bookings/{booking}").text)
    text = site.http.get(f"/bookings/{booking}").text
    for words in ("What the rules ask", "coverage not confirmed", "a test", "Refuse: called off"):
        assert words in text
    assert "The refusal of Ed Hill is stopped." in text


def test_a_booking_of_nobody_is_not_there(site: Site) -> None:
    for page in ("stand", "refuse", "payer", "self-pay"):
        assert site.http.get(f"/bookings/bkg_none/{page}").status_code == 404


def test_a_hurried_save_bills_nobody(site: Site) -> None:
    """Where who is billed is none of those to choose from, nobody is chosen."""
    booking = came_today(site, "fay wood", hours=7, answers={"payer": "Some Unknown Plan"})
    path = f"/bookings/{booking}/payer"
    text = site.http.get(path).text
    assert '<option value="">Choose who is billed</option>' in text
    assert "selected" not in text


def test_a_title_bears_no_full_name(site: Site) -> None:
    booking = came_today(site, "carl nash", hours=6)
    assert "<title>C. Nash, " in site.http.get(f"/bookings/{booking}").text


def test_a_word_may_end_before_the_visit(site: Site) -> None:
    booking = came_today(site, "gil park", hours=24 * 9)
    path = f"/bookings/{booking}/stand"
    today = site.installation.clock.now().date()
    for typed, wrong in (
        (today.isoformat(), "Choose a day after today, or leave it empty."),
        ("soon", "Choose a day, or leave it empty."),
    ):
        page = send(site, path, "stand", shown(site, path).fields, reason="by phone", until=typed)
        assert page.status_code == 422
        assert page.text.count(f"{wrong}</") == 2  # in the box, and at its field
        assert 'value="by phone"' in page.text
    last = (today + timedelta(days=2)).isoformat()
    page = send(site, path, "stand", shown(site, path).fields, reason="by phone", until=last)
    assert "The booking of Gil Park stands until the end of Tue, Nov 24." in page.text
    row = shown(site, f"/bookings/{booking}").rows[booking]
    assert "Stands until the end of Tue, Nov 24. Then it is judged again." in row
    word = site.api("GET", f"/v1/bookings/{booking}").json()["words"][-1]
    assert word["until"].startswith("2026-11-25T")


def test_enter_looks_and_carries_nothing_out(site: Site) -> None:
    booking = came_today(site, "hans ek", hours=24 * 8)
    for name in ("stand", "refuse"):
        path = f"/bookings/{booking}/{name}"
        form = site.http.get(path).text.split('name="seen"')[1]
        assert form.split("<button")[1].startswith(' class="hide" name="do" value="look"')
        page = send(site, path, "look", shown(site, path).fields, reason="by phone")
        assert page.status_code == 200
        assert 'value="by phone"' in page.text
    assert site.api("GET", f"/v1/bookings/{booking}").json()["words"] == []


def test_whoever_was_slower_is_shown_what_stands_now(site: Site) -> None:
    booking = came_today(site, "ida lund", hours=24 * 9)
    path = f"/bookings/{booking}/refuse"
    before = shown(site, path).fields
    stand = f"/bookings/{booking}/stand"
    send(site, stand, "stand", shown(site, stand).fields, reason="the plan said yes")
    page = send(site, path, "refuse", before, reason="asked to by phone")
    assert page.status_code == 409
    for words in (
        "This visit changed while you were here.",
        "Let stand by This computer",
        "the plan said yes",
        "This computer: The booking of Ida Lund stands until the visit is over.",
        'value="asked to by phone"',
    ):
        assert words in page.text
    site.until(lambda: site.booking("ida lund")["platform_status"] == "accepted")
    words = site.api("GET", f"/v1/bookings/{booking}").json()["words"]
    assert [word["kind"] for word in words] == ["allow"]
    again = send(site, path, "refuse", Page(page.text).fields, reason="asked to by phone")
    assert "The booking of Ida Lund is to be refused." in again.text


def test_refusing_says_what_is_true_of_this_visit(site: Site) -> None:
    alone = came_today(site, "jo kask", hours=24 * 9, service_ref="2")
    text = site.http.get(f"/bookings/{alone}/refuse").text
    assert "<q>We cannot accept this booking. Please contact the clinic.</q>" in text
    start = (site.installation.clock.now() + timedelta(days=9)).isoformat()
    sent = {"start": start, "client": {"name": "Kai Moe"}, "payer": "regence"}
    by_hand = site.api("POST", "/v1/bookings", sent).json()["id"]
    text = site.http.get(f"/bookings/{by_hand}/refuse").text
    assert "nobody writes to the client" in text
    assert "The client reads" not in text


@pytest.mark.parametrize(
    ("service", "ref", "price", "help_"),
    [
        (
            "1",
            "lea roth",
            "You pay $110 at the visit, by card or cash.",
            "Print this page to hand it over.",
        ),
        ("3", "moe vik", "You pay $________ at the visit", "No price is set for couples massage"),
    ],
)
def test_who_pays_is_handed_the_terms(
    site: Site, service: str, ref: str, price: str, help_: str
) -> None:
    site.knobs.visits = 0
    booking = came_today(site, ref, hours=24 * 9, service_ref=service)
    site.knobs.visits = 100
    path = f"/bookings/{booking}/self-pay"
    text = site.http.get(path).text
    for words in (
        "massage on Tuesday, December 1, 60 minutes.",
        price,
        "Nobody can make you choose it.",
        "Name, day, signature:",
        help_,
    ):
        assert words in text
    unsigned = send(site, path, "pays", shown(site, path).fields)
    assert "signs an agreement for this service before the visit." in unsigned.text
    page = send(site, path, "pays", shown(site, path).fields, signed="yes")
    assert "pays for this visit." in page.text


def test_which_e_mails_went_out_is_shown(site: Site) -> None:
    booking = came_today(site, "ed holm", hours=6)
    page, twin = f"/bookings/{booking}", f"/v1/mails/sent?booking={booking}"
    assert "None so far." in site.http.get(page).text
    with site.installation.write() as record:
        for kind in ("hold", "cured"):
            write = record.writes.want_mail(booking, 0, kind, record.now)
            assert write is not None
            if kind == "hold":
                write.state, write.done_at = "done", record.now
            else:
                record.writes.call_off(write, "it is true no more")
    text = site.http.get(page).text
    assert "What is missing: sent" in text
    assert "Confirmed: not sent. it is true no more" in text
    assert site.api("GET", "/v1/mails/sent?booking=bkg_0").status_code == 404
    found = site.api("GET", twin).json()
    assert [(one["kind"], one["state"]) for one in found] == [
        ("hold", "done"),
        ("cured", "superseded"),
    ]


def test_what_was_done_is_taken_back_from_the_history(site: Site) -> None:
    booking = came_today(site, "gil moor", hours=1)
    press(site, booking, "arrived")
    path = f"/bookings/{booking}"
    text = site.http.get(path).text
    act = re.search(r'form="undo-(act_\w+)">Undo', text)
    assert act is not None
    fields = {**shown(site, path).fields, "back": path}
    page = site.http.post(f"/undo/{act[1]}", data=fields)
    assert "Undone by" in page.text
    assert site.api("GET", f"/v1/bookings/{booking}").json()["arrived_at"] is None


def test_where_the_rules_ask_nothing_no_empty_table_stands(site: Site) -> None:
    booking = came_today(site, "hal self", hours=2)
    site.api("PATCH", f"/v1/bookings/{booking}", {"self_pay": True})
    site.until(lambda: site.booking("hal self")["outcome"] == "allow")
    decided = site.api("GET", f"/v1/bookings/{booking}").json()["decisions"][-1]["decision"]
    text = site.http.get(f"/bookings/{booking}").text
    assert (decided["requirements"], 'scope="col">Asked' in text) == ([], False)


def test_a_word_is_shown_with_its_end(site: Site) -> None:
    booking = came_today(site, "ivy roe", hours=24 * 9)
    word = {
        "outcome": "block",
        "reason": "asked to",
        "name": "Ann",
        "until": "2026-11-25T20:00:00Z",
    }
    site.api("POST", f"/v1/bookings/{booking}/override", word)
    path = f"/bookings/{booking}"
    assert "Until Wed, Nov 25, 12:00 PM." in site.http.get(path).text
    site.api("POST", f"{path}/override/undo".replace("/bookings", "/v1/bookings"), {"name": "Kim"})
    text = site.http.get(path).text
    assert "Until Wed, Nov 25" not in text
    assert ", by Kim." in text
    site.api("POST", f"/v1/bookings/{booking}/override", {**word, "until": "2026-12-30T20:00:00Z"})
    assert "Until Wed, Dec 30, 12:00 PM." in site.http.get(path).text
