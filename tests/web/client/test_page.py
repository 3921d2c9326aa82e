"""The client's page over HTTP: addresses and headers, languages, and the calendar's entry."""

import re
from datetime import timedelta

from icalendar import Calendar
from sqlalchemy import select
from tests.web.client.own_pages import SENT, booked, post, revoked
from tests.web.conftest import Site

from massage_ins_bridge.store.page_models import LinkRow, PageActRow
from massage_ins_bridge.testing.bookings import START

GONE = "This link no longer works"


def test_the_page_and_its_headers(shared: Site) -> None:
    path = booked(shared, "first")
    answer = shared.http.get(path)
    headers = answer.headers
    assert answer.status_code == 200
    assert "We have all we need from you" in answer.text  # the two rules of tests ask nothing
    assert "Reyes" not in answer.text
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers
    assert not re.search(r'style="|\son\w+="|https?://', answer.text)
    assert len(answer.content) < 20_000


def test_script_and_style_are_small_and_there(shared: Site) -> None:
    script = shared.http.get("/static/client.js")
    assert (script.status_code, len(script.content) <= 3_000) == (200, True)
    style = shared.http.get("/static/client.css")
    assert (style.status_code, len(style.content) < 7_000) == (200, True)


def test_spanish_is_asked_for_or_read_by_the_client(shared: Site) -> None:
    path = booked(shared, "spanish")
    assert '<html lang="es">' in shared.http.get(f"{path}?lang=es").text
    assert '<html lang="en">' in shared.http.get(f"{path}?lang=fr").text
    assert '<html lang="es">' in shared.http.get(path, headers={"accept-language": "es-MX"}).text
    patient = shared.booking("spanish")["patient"]
    shared.api("PATCH", f"/v1/patients/{patient}", {"language": "es"})
    assert '<html lang="es">' in shared.http.get(path).text
    assert '<html lang="en">' in shared.http.get(f"{path}?lang=en").text


def test_guessed_over_and_revoked_look_the_same(shared: Site) -> None:
    path = revoked(shared, "gone")
    texts = {shared.http.get("/p/" + odd).text for odd in ("x" * 32, "y" * 32, "z" * 5_000)}
    answers = [shared.http.get(path), shared.http.get(f"{path}/visit.ics")]
    answers.append(shared.http.post(f"{path}/intake", data={"once": "x" * 20}))
    texts |= {answer.text for answer in answers}
    assert len(texts) == 1
    assert {answer.status_code for answer in answers} == {404}
    (text,) = texts
    assert GONE in text
    assert 'href="tel:2535550142"' in text
    assert "Este enlace ya no funciona" in shared.http.get(f"{path}?lang=es").text
    booking = shared.booking("gone")["id"]
    with shared.installation.read() as record:
        acts = record.session.scalars(select(PageActRow).where(PageActRow.booking_id == booking))
        assert acts.all() == []


def test_giving_back_says_so_and_cannot_be_done_twice(shared: Site) -> None:
    path = booked(shared, "back")
    answer = post(shared, path, "give-back")
    assert answer.status_code == 303
    after = shared.http.get(answer.headers["location"]).text
    assert "cancel" in after
    shared.until_state("back", "cancelled", "cancelled")
    assert "Sofia, your visit is cancelled" in shared.http.get(path).text
    data = {**SENT, "seen": ""}
    assert shared.http.post(f"{path}/give-back", data=data).status_code == 422
    assert [c.after for c in shared.platform.journal if c.ref == "back"] == ["cancelled"]


def test_the_visit_for_a_calendar_says_when_and_not_why(shared: Site) -> None:
    path = booked(shared, "ics")
    answer = shared.http.get(f"{path}/visit.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    (event,) = Calendar.from_ical(answer.content).events
    assert event.start == START
    assert (event["summary"], event["status"]) == (
        "Alder Street Massage (not confirmed)",
        "TENTATIVE",
    )
    assert event["location"] == "418 Alder St, Tacoma"
    assert "massage" not in str(event["uid"]).replace("massage-ins-bridge", "")
    for word in ("Sofia", "regence", "prescription", "insurance"):
        assert word not in answer.text


def test_the_page_of_a_client_shows_each_visit(shared: Site) -> None:
    booked(shared, "one", name="Ben Carter")
    patient = shared.booking("one")["patient"]
    made = shared.api("POST", "/v1/links", {"name": "Dana", "patient": patient}).json()
    path = made["url"].removeprefix("https://mib.example")
    assert "60 minutes" in shared.http.get(path).text
    assert shared.http.get(f"{path}?visit=bkg_0&lang=es").status_code == 200


def test_a_form_that_failed_is_still_of_its_visit_and_in_its_language(shared: Site) -> None:
    given = {"name": "Rita Lane", "email": "rita@clients.example"}
    shared.send("rita1", **given)
    shared.send("rita2", start=START + timedelta(days=7), **given)
    late = shared.until(lambda: shared.booking("rita2"))
    link = {"name": "Dana", "patient": late["patient"]}
    path = shared.api("POST", "/v1/links", link).json()["url"].removeprefix("https://mib.example")
    assert "Tuesday, December 8" in shared.http.get(path).text
    query = f"lang=es&visit={late['id']}"
    answer = shared.http.post(f"{path}/card?{query}", data=SENT)
    assert "No llegó ningún archivo." in answer.text
    assert "Martes 15 de diciembre" in answer.text
    assert actions(answer.text) == {query}
    assert actions(shared.http.get(path).text) == {f"lang=en&visit={shared.booking('rita1')['id']}"}


def actions(page: str) -> set[str]:
    """With which query the forms of a page are sent."""
    return {query.replace("&amp;", "&") for query in re.findall(r'action="[^"?]*\?([^"]*)"', page)}


def test_other_addresses_and_methods(shared: Site) -> None:
    path = booked(shared, "other")
    assert shared.http.post(f"{path}/odd", data={"once": "x" * 20}).status_code == 404
    assert shared.http.put(path).status_code == 405
    assert shared.http.get(f"/p/{'x' * 300}").status_code == 404
    for odd in ("?done=%00", "?visit=%00", "/visit.ics?visit=%00"):
        assert shared.http.get(f"{path}{odd}").status_code == 404
    again = shared.http.get(f"{path}/cost?lang=es&x=1", follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, f"{path}?lang=es")
    assert shared.http.head(path).status_code in (200, 405)


def test_use_is_noted_and_costs_no_writing_twice(shared: Site) -> None:
    path = booked(shared, "used")
    shared.http.get(path)
    with shared.installation.read() as record:
        used = record.session.scalars(
            select(LinkRow).where(LinkRow.booking_id == shared.booking("used")["id"])
        ).one()
    assert used.used_at is not None
