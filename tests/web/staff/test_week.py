"""The week: each day's visits, and what is due in it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in

from massage_ins_bridge.desk.faces import STATES
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.desk.week import SAID, monday_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path):
        let_in(made)
        yield made


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Site]:
    """Its account observes."""
    for made in open_site(tmp_path, account={"enforcement": "observe"}):
        let_in(made)
        yield made


def test_every_visit_of_the_week_stands_under_its_day(site: Site) -> None:
    monday = monday_of(site.installation.clock.now().date() + timedelta(days=7))
    now = site.installation.clock.now()
    hours = (monday - now.date()).days * 24 + 48
    booking = came_today(site, "wes hall", hours=hours, service_ref="2")
    with site.installation.write() as record:
        due = monday + timedelta(days=3)
        ask(record, TaskKind.WHO_IS_IT, "w", due=due, doubt="Last day to ask.")
    text = site.http.get(f"/week?from={monday.isoformat()}").text
    day = text.split('id="d3"')[1].split('id="d4"')[0]
    assert f"/bookings/{booking}" in day
    assert "Wes Hall" in day
    assert ">1 visit<" in day
    assert "Last day to ask." in text.split('id="d4"')[1]
    assert "1 visit: 1 without insurance." in text


def test_what_is_late_keeps_nothing_of_the_week_from_being_shown(site: Site) -> None:
    with site.installation.write() as record:
        late = record.today - timedelta(days=9)
        for number in range(501):
            ask(record, TaskKind.WHO_IS_IT, f"{number}", due=late, doubt="Late.")
        ask(record, TaskKind.WHO_IS_IT, "now", due=record.today, doubt="Due this week.")
    assert "Due this week." in site.http.get("/week").text


def test_any_day_leads_to_its_week(site: Site) -> None:
    assert monday_of(date(2026, 12, 13)) == date(2026, 12, 7)
    text = site.http.get("/week?from=2026-12-13").text
    assert "Week of Dec 7" in text
    assert 'href="/week?from=2026-11-30"' in text


def test_each_state_has_its_word_in_the_summary() -> None:
    assert set(STATES) - set(SAID) == {"first-look", "not-decided"}


def test_a_week_that_is_only_watched_says_what_would_have_been(watching: Site) -> None:
    now = watching.installation.clock.now()
    monday = monday_of(now.date() + timedelta(days=14))
    hours, path = (monday - now.date()).days * 24, f"/week?from={monday.isoformat()}"
    assert "only watched" not in watching.http.get(path).text
    watching.knobs.visits = 0
    came_today(watching, "ann ash", hours=hours)
    watching.knobs.visits = 100
    came_today(watching, "bo birk", hours=hours + 1)
    came_today(watching, "cy dorn", hours=hours + 24, service_ref="2")
    came_today(watching, "di elm", hours=hours + 48, service_ref="2")
    assert (
        "4 visits are only watched. Would have been: 2 confirmed, 1 held, 1 refused. "
        "Nothing was written."
    ) in watching.http.get(path).text
