"""``/v1/tasks``: all can be reached, what is due first before the others."""

from datetime import date, timedelta

from tests.web.conftest import Site, problem

from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.desk.users import add_user, remove_user, set_password

DUE = (date(2026, 12, 5), None, date(2026, 12, 1), None, date(2026, 12, 1))
SAME = date(2026, 11, 1)


def test_what_is_due_first_comes_first_and_nothing_is_left_out(shared: Site) -> None:
    installation = shared.installation
    for number, due in enumerate(DUE):
        with installation.write() as record:
            record.now += timedelta(seconds=number)
            ask(record, TaskKind.WHO_IS_IT, str(number), due=due, doubt=f"Task {number}.")
    pages = shared.pages("/v1/tasks?kind=who-is-it&limit=2")
    seen = [task["message"] for page in pages for task in page["tasks"]]
    assert seen == [f"Task {number}." for number in (2, 4, 0, 1, 3)]
    cursor = shared.api("GET", "/v1/tasks?kind=who-is-it&limit=2").json()["next"]
    for other in ("tasks?kind=no-show", "tasks?kind=who-is-it&state=done", "bookings?limit=1"):
        (error,) = problem(shared.api("GET", f"/v1/{other}&cursor={cursor}"), 422)["errors"]
        assert error["message"].startswith("goes with other filters; send those")
    early = shared.api("GET", "/v1/tasks?kind=who-is-it&due_before=2026-12-05").json()["tasks"]
    assert [task["message"] for task in early] == ["Task 2.", "Task 4."]


def test_tasks_of_one_moment_are_all_reached(shared: Site) -> None:
    """As those of one decision are, which a piece of the list may part."""
    with shared.installation.write() as record:
        for number in range(5):
            ask(record, TaskKind.WHO_IS_IT, f"same {number}", due=SAME, doubt=f"Same {number}.")
    pages = shared.pages(f"/v1/tasks?kind=who-is-it&due_before={SAME + timedelta(days=1)}&limit=2")
    seen = [task["message"] for page in pages for task in page["tasks"]]
    assert sorted(seen) == [f"Same {number}." for number in range(5)]


def test_tasks_are_done_once(shared: Site) -> None:
    shared.send("t1", "created", status="accepted", email="t1@example.com")
    booking = shared.until_state("t1", "on hold")
    about = f"/v1/tasks?booking={booking['id']}"
    (task,) = shared.api("GET", about).json()["tasks"]
    assert (task["kind"], task["patient"]) == ("hold-by-hand", booking["patient"])
    first = shared.api("POST", f"/v1/tasks/{task['id']}/done").json()
    assert first["done_at"]
    assert shared.api("POST", f"/v1/tasks/{task['id']}/done").json() == first
    assert shared.api("GET", about).json()["tasks"] == []
    assert shared.api("GET", f"{about}&state=done").json()["tasks"] == [first]
    assert shared.api("POST", "/v1/tasks/tsk_none/done").status_code == 404
    assert shared.api("GET", "/v1/tasks?due_before=tomorrow").status_code == 422


def test_that_a_task_is_done_can_be_taken_back(shared: Site) -> None:
    with shared.installation.write() as record:
        ask(record, TaskKind.PLATFORM_SILENT, "desk", account="desk", said="no")
        (row,) = [t for t in record.tasks.due_first(99) if t.kind == TaskKind.PLATFORM_SILENT]
        path = f"/v1/tasks/{row.id}"
    seen = shared.api("GET", path)
    assert (seen.json()["done_at"], "lists its bookings" in seen.json()["closes"]) == (None, True)
    tag = {"if-match": seen.headers["etag"]}
    done = shared.api("PATCH", path, {"done": True}, **tag)
    assert (done.status_code, done.json()["closed_by"]) == (200, "staff")
    assert shared.api("PATCH", path, {"done": False}, **tag).status_code == 412
    assert shared.api("PATCH", path, {}).json() == done.json()
    back = shared.api("PATCH", path, {"done": False}, **{"if-match": done.headers["etag"]})
    assert back.json() == seen.json()
    with shared.installation.write() as record:
        record.tasks.close((TaskKind.PLATFORM_SILENT, "desk"))
    said = problem(shared.api("PATCH", path, {"done": False}), 409)
    assert "what is on file settled it" in said["detail"]
    assert problem(shared.api("PATCH", path, {"done": "no"}), 422)["errors"][0]["path"] == "done"


def test_tasks_are_added_given_and_put_off(shared: Site) -> None:
    client = shared.api("POST", "/v1/patients", {"name": "Ann Lee"}).json()["id"]
    with shared.installation.write() as record:
        sent = {"name": "Olga", "email": "olga@example.com", "role": "owner"}
        set_password(record, add_user(record, sent), "four words in a row")
        row = add_user(record, {**sent, "name": "Dana", "email": "d@example.com"})
        set_password(record, row, "four words in a row")
        dana = row.id
    sent = {"what": "Call them.", "patient": client, "due": "2026-12-04", "given_to": dana}
    made = shared.api("POST", "/v1/tasks", sent)
    task, path = made.json(), f"/v1/tasks/{made.json()['id']}"
    shown = {"kind": "own", "message": "Call them.", "patient": client, "given_to": dana}
    assert (made.status_code, {**task, **shown, "due": "2026-12-04"}) == (201, task)
    assert shared.api("GET", path).headers["etag"] == made.headers["etag"]
    put = shared.api("PATCH", path, {"snoozed_until": "2026-12-02", "given_to": None}).json()
    assert put == {**task, "snoozed_until": "2026-12-02", "given_to": None}
    back = shared.api("PATCH", path, {"snoozed_until": None, "given_to": dana})
    assert back.json() == task
    with shared.installation.write() as record:
        remove_user(record, dana)
    assert shared.api("GET", path).json()["given_to"] is None
    far = {"due": "9999-12-31", "snoozed_until": "1950-01-01", "given_to": dana}
    for name, value in far.items():
        tried = {"what": "Call.", name: value}
        method, where = ("PATCH", path) if name != "due" else ("POST", "/v1/tasks")
        tried = tried if method == "POST" else {name: value}
        assert problem(shared.api(method, where, tried), 422)["errors"][0]["path"] == name
    for what in ("", "  ", "x" * 501):
        found = problem(shared.api("POST", "/v1/tasks", {"what": what}), 422)["errors"]
        assert [error["path"] for error in found] == ["what"]
    assert (
        shared.api("POST", "/v1/tasks", {**sent, "given_to": None, "patient": "p"}).status_code
        == 404
    )
