"""The overview's contents: what they say, in what order, and that they are made only once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from tests.web.conftest import Site, TestClient, open_site

from massage_ins_bridge.desk import opened, overview
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.web.v1 import shown

FACTS = "/v1/overview"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from open_site(
        tmp_path_factory.mktemp("page"), staff_page="sign-in", account={"refuse_after_minutes": 15}
    )


def contents(site: Site, query: str = "") -> dict[str, Any]:
    answer = site.api("GET", FACTS + query)
    assert answer.status_code == 200
    return dict(answer.json())


def test_it_shows_bookings_in_plain_words(site: Site) -> None:
    site.send("s1", name="<script>Ann</script>", email="s1@example.com")
    site.until_state("s1", "on hold")
    (line,) = [b for b in contents(site)["bookings"] if "Ann" in b["client"]]
    assert (line["state"], line["payer"]) == ("on hold", "Regence")
    assert line["reasons"][0]["message"] == "coverage not confirmed"
    assert line["written"] == ["kept pending"]


def test_what_is_to_come_stands_first_and_all_of_it_can_be_reached(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = site.installation.clock.now()
    for ref, days in (("m-3", -3), ("m-1", -1), ("m0", 0), ("m1", 1), ("m2", 2)):
        start = now + timedelta(days=days)
        more = {"email": f"{ref}@example.com", "name": ref, "service_ref": "2"}
        site.send(ref, "created", status="accepted", start=start, **more)
        site.until_state(ref, "allowed")
    data = contents(site)
    ours = [(b["client"], b["past"]) for b in data["bookings"] if b["client"].startswith("m")]
    coming = [("m0", False), ("m1", False), ("m2", False)]
    assert ours == [*coming, ("m-1", True), ("m-3", True)]
    monkeypatch.setattr(overview, "COMING", 2)
    monkeypatch.setattr(overview, "PAST", 1)
    monkeypatch.setattr(shown, "__version__", "smaller pages")
    less = contents(site)
    assert [b["client"] for b in less["bookings"]] == ["m0", "m1", "m-1"]
    assert (less["sums"], less["counts"]) == (data["sums"], data["counts"])
    rest = contents(site, "?coming=1&past=1")["bookings"]
    assert [b["client"] for b in rest] == ["m2", "<script>Ann</script>", "m-3"]
    assert contents(site, "?coming=9")["bookings"][0]["past"]
    assert site.api("GET", f"{FACTS}?coming=-1").status_code == 422


def test_the_year_is_shown_where_it_is_not_this_one(site: Site) -> None:
    now = site.installation.clock.now()
    starts = {"y0": now + timedelta(days=1), "y1": now.replace(year=now.year + 1)}
    for ref, start in starts.items():
        site.send(ref, "created", start=start, name=ref, email=f"{ref}@example.com")
        site.until_state(ref, "on hold")
    days = {b["client"]: b["day"] for b in contents(site)["bookings"]}
    assert str(now.year) not in days["y0"]
    assert days["y1"].endswith(f", {now.year + 1}")


def test_the_tasks_that_are_due_first_are_not_left_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = contents(site)["sums"]["tasks"]
    with site.installation.write() as record:
        for number, due in enumerate(
            (date(2026, 12, 1), date(2026, 12, 2), date(2026, 11, 30), None)
        ):
            record.now += timedelta(seconds=number)
            ask(record, TaskKind.WHO_IS_IT, str(number), due=due, doubt=f"Task {number}.")
    monkeypatch.setattr(overview, "TASKS", 3)
    data = contents(site)
    assert [t["message"] for t in data["tasks"]] == ["Task 2.", "Task 0.", "Task 1."]
    assert data["counts"]["tasks"] == data["sums"]["tasks"] == others + 4
    others_pages = [contents(site, f"?tasks={n}")["tasks"] for n in range(1, 2 + others // 3)]
    assert "Task 3." in [t["message"] for tasks in others_pages for t in tasks]


def test_of_several_reasons_the_earlier_day_comes_first() -> None:
    def said(key: str, due: str | None) -> dict[str, Any]:
        return {"key": key, "status": "unmet", "effect": "hold", "due": due} | dict.fromkeys(
            ("message", "remedy", "patient_message", "rule", "plugin"), key
        )

    record = Mock()
    record.decisions.opened.return_value = {
        "requirements": [
            *(said("coverage", None), said("prescription", "2026-12-08")),
            said("intake", "2026-12-04"),
            said("core.rules-review", None),
        ]
    }
    reasons = opened._why(record, "dec_1", b"").reasons
    assert [r.message for r in reasons] == ["intake", "prescription", "coverage"]


def test_a_clients_own_words_stand_in_quotes(site: Site) -> None:
    words = "Dear staff, this one is paid for " * 4
    site.send("w1", email="w1@example.com", answers={"payer": words})
    booking = site.until(lambda: site.booking("w1"))
    line = next(b for b in contents(site)["bookings"] if b["id"] == booking["id"])
    shortened = "Dear staff, this one is paid for Dear staff, this one is \u2026"
    assert line["payer"] == f"\u201c{shortened}\u201d"
    assert words.strip() not in str(line)


def test_nothing_is_made_while_nothing_changed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Mock(side_effect=overview.overview)
    monkeypatch.setattr(shown, "overview", made)
    site.send("e1", email="e1@example.com")
    site.until_state("e1", "on hold")
    first = site.api("GET", FACTS)
    again = [site.api("GET", FACTS, **{"if-none-match": first.headers["etag"]}) for _ in range(3)]
    assert [(a.status_code, a.content) for a in again] == [(304, b"")] * 3
    assert site.api("GET", FACTS).content == first.content
    assert made.call_count == 1
    client = site.booking("e1")["patient"]
    site.api("PATCH", f"/v1/patients/{client}", {"name": "Ann Li"})
    changed = site.api("GET", FACTS, **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "Ann Li" in changed.text
    assert made.call_count == 2


@pytest.fixture
def refused(site: Site) -> Iterator[str]:
    """A booking whose refusal waits."""
    site.knobs.visits = 0
    site.send("word1", name="Wim Word", email="word1@example.com")
    yield str(site.until_state("word1", "blocked")["id"])
    site.knobs.visits = 100


def test_whose_word_it_is_stands_beside_what_the_rules_say(site: Site, refused: str) -> None:
    def say(what: str, **more: str) -> None:
        told = {"name": "Pat", **more}
        assert site.api("POST", f"/v1/bookings/{refused}/{what}", told).status_code == 200

    def until_shown(staff: str, written: str) -> None:
        def shown() -> bool:
            (line,) = (b for b in contents(site)["bookings"] if b["id"] == refused)
            return bool(line["reasons"]) and (line["staff"], line["written"][-1]) == (
                staff,
                written,
            )

        site.until(shown)

    waits = "to be refused by the bridge, unless it is stopped"
    until_shown("", waits)
    say("refusal/stop")
    until_shown("Pat stopped the refusal.", "kept pending")
    say("refusal/stop/undo")
    until_shown("", waits)
    say("refusal/stop")
    say("override", outcome="allow", reason="told us")
    until_shown("Pat let it stand: told us", "confirmed by the bridge")


def test_only_a_key_opens_it(site: Site) -> None:
    far = TestClient(site.http.app, "http://127.0.0.1", client=("203.0.113.9", 5))
    assert far.get(FACTS).status_code == 401
