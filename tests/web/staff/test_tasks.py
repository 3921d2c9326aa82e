"""Tasks: by day and by client, put off, given away, done and undone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

import pytest
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown

from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.desk.users import add_user, change_user, remove_user, set_password
from massage_ins_bridge.web.staff import tasks


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("tasks")):
        let_in(made)
        yield made


def raised(site: Site, days: int | None, doubt: str) -> str:
    booking = came_today(site, f"ann {doubt}", hours=24 * 9)
    with site.installation.write() as record:
        due = record.today + timedelta(days=days) if days is not None else None
        row = record.bookings.get(booking)
        ask(record, TaskKind.WHO_IS_IT, doubt, about=row, due=due, doubt=doubt)
        record.session.flush()
        (task,) = [t for t in record.tasks.due_first(50) if record.tasks.message(t) == doubt]
        return task.id


def signed_in(site: Site, name: str, role: str, **more: str) -> str:
    """A user who can sign in, by their id."""
    email = f"{name.lower()}@example.com"
    with site.installation.write() as record:
        sent = {"name": name, "email": email, "role": "owner"}
        row = add_user(record, sent)
        set_password(record, row, "four words in a row")
        change_user(record, add_owner(record), {**OWNER, "role": "owner"})
        return change_user(record, row.id, {**sent, "role": role, **more}).id


OWNER = {"name": "Olga", "email": "olga@example.com"}


def add_owner(record: Any) -> str:
    """Somebody stays the owner."""
    known = record.users.by_email(OWNER["email"])
    if known is None:
        known = add_user(record, {**OWNER, "role": "owner"})
        set_password(record, known, "four words in a row")
    return str(known.id)


def enter(site: Site, name: str) -> None:
    site.http.cookies.clear()
    entry = {"email": f"{name.lower()}@example.com", "password": "four words in a row"}
    assert site.http.post("/sign-in", data=entry).status_code == 200


def press(site: Site, task: str, what: str, **more: str) -> Any:
    fields = {**shown(site, "/tasks").fields, "back": "/tasks", "do": what, **more}
    return site.http.post(f"/tasks/{task}/do", data=fields)


def titles(site: Site, query: str = "") -> list[str]:
    return re.findall(r'<h2 id="t\d+">(.*?)</h2>', site.http.get(f"/tasks{query}").text)


def test_tasks_stand_under_their_days(site: Site) -> None:
    raised(site, -1, "Late matter.")
    raised(site, 0, "Matter of today.")
    raised(site, None, "Matter of no day.")
    found = titles(site)
    assert found[0] == "Late"
    assert found[1].startswith("Today, ")
    assert found[-1] == "No day"
    text = site.http.get("/tasks").text
    assert "1 due today, 1 late" in text
    assert 'href="/clients/pat_' in text
    assert "Compare" in text
    assert "Ann" in titles(site, "?by=client")[0]


def test_a_task_is_done_and_undone(site: Site) -> None:
    task = raised(site, 1, "Matter of tomorrow.")
    page = press(site, task, "done")
    assert "Done: Matter of tomorrow." in page.text
    assert "Matter of tomorrow." in site.http.get("/tasks?whose=done").text
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    fields = {**shown(site, "/tasks").fields, "back": "/tasks"}
    site.http.post(f"/undo/{act[1]}", data=fields)
    assert "Matter of tomorrow." in site.http.get("/tasks").text


def test_a_task_is_put_off_and_comes_back(site: Site) -> None:
    task = raised(site, 0, "Matter put off.")
    until = (site.installation.clock.now() + timedelta(days=3)).date().isoformat()
    due = due_said(site)
    assert "Put off until" in press(site, task, "snooze", until=until).text
    assert due_said(site) == due - 1
    assert "<p>Matter put off.</p>" not in site.http.get("/tasks").text
    assert "<p>Matter put off.</p>" in site.http.get("/tasks?whose=snoozed").text
    assert press(site, task, "snooze", until="yesterday").status_code == 422
    later = raised(site, 0, "Matter put off longer.")
    press(
        site,
        later,
        "snooze",
        until=(site.installation.clock.now() + timedelta(9)).date().isoformat(),
    )
    now = raised(site, 0, "Matter put off the least.")
    press(
        site, now, "snooze", until=(site.installation.clock.now() + timedelta(2)).date().isoformat()
    )
    put_off = titles(site, "?whose=snoozed")
    assert [title[:6] for title in put_off] == ["Until "] * 3
    text = site.http.get("/tasks?whose=snoozed").text
    order = [
        text.index(f"<p>Matter put off{which}.</p>") for which in (" the least", "", " longer")
    ]
    assert order == sorted(order)
    press(site, task, "wake")
    assert "<p>Matter put off.</p>" in site.http.get("/tasks").text


def due_said(site: Site) -> int:
    """How many tasks every page says are due."""
    found = re.search(r'class="count">(\d+)<', site.http.get("/today").text)
    return int(found[1]) if found else 0


def test_a_task_is_given_to_somebody(site: Site) -> None:
    task = raised(site, 0, "Matter for Mira.")
    with site.installation.write() as record:
        sent = {"name": "Mira Olsen", "email": "mira@example.com", "role": "therapist"}
        row = add_user(record, sent)
        set_password(record, row, "four words in a row")
        user = row.id
    entry = {"email": "mira@example.com", "password": "four words in a row", "then": "/tasks"}
    with site.installation.write() as record:
        change_user(record, user, {**sent, "role": "owner"})
    site.http.post("/sign-in", data=entry)
    assert "Given to Mira Olsen" in press(site, task, "give", to=user).text
    assert "Mira Olsen" in site.http.get("/tasks").text
    assert "<p>Matter for Mira.</p>" not in site.http.get("/tasks?whose=nobody").text


def test_a_long_list_is_shown_in_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with site.installation.write() as record:
        for number in range(53):
            ask(record, TaskKind.WHO_IS_IT, f"d{number}", doubt=f"Doubt {number}.")
    text = site.http.get("/tasks").text
    assert (text.count('<li class="task"'), "3 are not shown" in text) == (50, True)
    assert site.http.get("/tasks?by=day&more=100").text.count('<li class="task"') == 53
    monkeypatch.setattr(tasks, "MOST_SHOWN", 50)
    text = site.http.get("/tasks").text
    assert ("3 more are not shown" in text, "Show 50 more" in text) == (True, False)


def test_the_desk_adds_tasks_of_its_own(site: Site) -> None:
    fields = {**shown(site, "/tasks").fields, "back": "/tasks", "what": "Order towels."}
    page = site.http.post("/tasks/new", data=fields)
    assert "<p>Order towels.</p>" in page.text
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    site.http.post(f"/undo/{act[1]}", data={**shown(site, "/tasks").fields, "back": "/tasks"})
    assert "<p>Order towels.</p>" not in site.http.get("/tasks").text
    empty = {**shown(site, "/tasks").fields, "back": "/tasks", "what": "", "due": "2026-12-01"}
    answer = site.http.post("/tasks/new", data=empty)
    assert (answer.status_code, "say what is to be done" in answer.text) == (422, True)
    assert 'value="2026-12-01"' in answer.text


def add(site: Site, what: str, **more: str) -> Any:
    fields = {**shown(site, "/tasks").fields, "back": "/tasks", "what": what, **more}
    return site.http.post("/tasks/new", data=fields)


def test_what_is_counted_is_open_whatever_is_shown(site: Site) -> None:
    press(site, raised(site, 0, "Matter that is done."), "done")
    raised(site, 0, "Matter that is open.")
    said = re.compile(r'<span class="quiet">(.*?)</span>|(\w+)(?:.s)? \((\d+)\)')
    assert said.findall(site.http.get("/tasks?whose=done").text) == said.findall(
        site.http.get("/tasks").text
    )


def test_what_was_marked_as_done_is_taken_back_later(site: Site) -> None:
    task = raised(site, 0, "Matter done too early.")
    press(site, task, "done")
    assert 'value="not-done"' in site.http.get("/tasks?whose=done").text
    page = press(site, task, "not-done")
    assert "Not done: Matter done too early." in page.text
    assert "<p>Matter done too early.</p>" in page.text
    act = re.search(r"/undo/(act_\w+)", page.text)
    assert act is not None
    site.http.post(f"/undo/{act[1]}", data={**shown(site, "/tasks").fields, "back": "/tasks"})
    assert "<p>Matter done too early.</p>" not in site.http.get("/tasks").text
    assert press(site, task, "done").url.query == b""  # nothing is left to do
    with site.installation.write() as record:
        row = record.tasks.get(task)
        assert row is not None
        record.tasks.reopen(row)
        record.tasks.done(row)
    done = site.http.get("/tasks?whose=done").text
    assert ("What is on file settled it." in done, 'value="not-done"' in done) == (True, False)
    refused = press(site, task, "not-done", back="/tasks?whose=done")
    assert (refused.status_code, "what is on file settled it" in refused.text) == (409, True)
    assert 'aria-current="true">Done</a>' in refused.text


def test_tasks_are_given_to_those_who_can_see_to_them(site: Site) -> None:
    task = raised(site, 0, "Matter for somebody.")
    gone, reads = signed_in(site, "Gus", "front-desk"), signed_in(site, "Rita", "read-only")
    works = signed_in(site, "Dana", "front-desk")
    enter(site, "Dana")
    press(site, task, "give", to=gone)
    assert "Gus" in site.http.get("/tasks").text
    with site.installation.write() as record:
        remove_user(record, gone)
    text = site.http.get("/tasks?whose=nobody").text
    assert "<p>Matter for somebody.</p>" in text
    assert [name for name in ("Dana", "Gus", "Rita") if f"Give to {name}" in text] == ["Dana"]
    for user in (gone, reads, "usr_none"):
        assert press(site, task, "give", to=user).status_code == 422
    press(site, task, "give", to=works)
    assert "<p>Matter for somebody.</p>" not in site.http.get("/tasks?whose=nobody").text
    assert "Given to nobody" in press(site, task, "give").text


def test_days_to_put_off_to_are_distinct_and_any_other_can_be_chosen(site: Site) -> None:
    task, clock = raised(site, 0, "Matter to put off."), cast(DemoClock, site.installation.clock)
    for _ in range(7):
        (text,) = re.findall(
            rf"/tasks/{task}/do\?.*?</details>", site.http.get("/tasks").text, re.DOTALL
        )
        found = re.findall(r"\?until=([\d-]+)", text)
        assert (len(found), len(set(found))) == (2, 2)
        clock.set(clock.now() + timedelta(days=1))
    day = site.installation.clock.now().date() + timedelta(days=40)
    assert "Put off until" in press(site, task, "snooze", day=day.isoformat()).text
    for far in ("1950-01-01", "9999-01-01", ""):
        assert press(site, task, "snooze", day=far).status_code == 422


def test_a_new_task_has_a_client_a_day_and_somebody(site: Site) -> None:
    booking = came_today(site, "cleo", hours=24 * 9)
    client = site.api("GET", f"/v1/bookings/{booking}").json()["patient"]
    dana = signed_in(site, "Dana", "front-desk")
    enter(site, "Dana")
    text = site.http.get(f"/clients/{client}").text
    assert f'name="patient" value="{client}"' in text
    due = re.search(r'name="due" type="date" value="([\d-]+)"', text)
    assert due is not None
    assert date.fromisoformat(due[1]) > site.installation.clock.now().date()
    fields = {"patient": client, "due": due[1], "given_to": dana}
    add(site, "Ask for the card.", **fields)
    mine = site.http.get("/tasks?whose=mine").text
    assert "<p>Ask for the card.</p>" in mine
    assert f'href="/clients/{client}">Cleo' in mine
    for wrong in ({"due": "1950-01-01"}, {"due": "9999-12-31"}, {"given_to": "usr_none"}):
        answer = add(site, "Ask again.", **{**fields, **wrong})
        assert (answer.status_code, "Cleo" in answer.text) == (422, True)
        assert (">Ask again.<" in answer.text, 'value="Ask again."' in answer.text) == (False, True)
    long = add(site, "x" * 501)
    assert (long.status_code, "these are 501" in long.text) == (422, True)
    assert add(site, "Ask.", patient="pat_none").status_code == 404


def test_what_a_therapist_added_or_was_given_is_theirs(site: Site) -> None:
    task = raised(site, 0, "Matter of others.")
    mira = signed_in(site, "Mira", "therapist", practitioner="Mira Olsen")
    signed_in(site, "Dana", "front-desk")
    enter(site, "Dana")
    dana = press(site, task, "give", to=mira)
    assert dana.status_code == 200
    enter(site, "Mira")
    add(site, "Wash the sheets.")
    add(site, "Heat the stones.", given_to=mira)
    text = site.http.get("/tasks").text
    for what in ("Wash the sheets.", "Heat the stones.", "Matter of others."):
        assert f"<p>{what}</p>" in text
    assert "/clients/pat_" not in text  # they see no chart of others' clients
    assert "Done: Matter of others." in press(site, task, "done").text
