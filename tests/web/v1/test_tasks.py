"""``/v1/tasks``: all can be reached, what is due first before the others."""

from datetime import date, timedelta

from tests.web.conftest import Site, problem

from massage_ins_bridge.desk.tasks import TaskKind, ask

DUE = (date(2026, 12, 5), None, date(2026, 12, 1), None, date(2026, 12, 1))


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
