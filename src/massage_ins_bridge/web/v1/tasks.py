"""``/v1/tasks``: what staff is asked to do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk import lists, task_acts, tasks, views
from ...desk.tags import must_match
from ...store.record import Record
from ..door.given import Body, Clinic, Here
from .filters import TasksPage
from .operation import answer, if_match, operation, tagged
from .schemas import GIVEN, TAKEN

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])
_TASK = GIVEN.of(views.Task)


@router.get("", **operation(GIVEN.of(lists.Tasks), 422))
def list_tasks(clinic: Clinic, installation: Here, page: Annotated[TasksPage, Query()]) -> Response:
    """Tasks, a piece at a time: what is due first comes first, then what has no day, the oldest
    before the others."""
    with installation.read(clinic) as record:
        return answer(lists.list_tasks(record, page.wanted, page.cursor, page.limit))


@router.post(
    "", **operation(_TASK, 404, takes=TAKEN.of(task_acts.TaskSent), status=201, tagged=True)
)
def add_task(clinic: Clinic, installation: Here, data: Body) -> Response:
    """A task of the desk's own, which nothing but somebody's word closes: of a client, or of
    none."""
    with installation.write(clinic) as record:
        view = views.task(record, task_acts.add(record, data))
    return tagged(view, 201)


@router.get("/{task_id}", **operation(_TASK, 304, 404, tagged=True))
def get_task(task_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """One task."""
    with installation.read(clinic) as record:
        view = views.task(record, tasks.task_row(record, task_id))
    return tagged(view, request=request)


@router.patch(
    "/{task_id}",
    **operation(_TASK, 404, 409, 412, takes=TAKEN.of(task_acts.TaskChange), tagged=True),
)
def change_task(
    task_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Say that a task is done, or with `{"done": false}` take it back; who sees to it, and until
    when it is put off: `null` gives it to nobody, and shows it again. 409 where nobody marked it
    as done but what is on file settled it, or where the same matter was raised anew."""
    with installation.write(clinic) as record:
        _must_be_as_seen(record, task_id, request)
        view = views.task(record, task_acts.change_task(record, task_id, data))
    return tagged(view)


@router.post("/{task_id}/done", **operation(_TASK, 404, 412, tagged=True))
def finish_task(task_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """Mark a task as done; doing so twice changes nothing."""
    with installation.write(clinic) as record:
        _must_be_as_seen(record, task_id, request)
        view = views.task(record, tasks.finish(record, task_id))
    return tagged(view)


def _must_be_as_seen(record: Record, task_id: str, request: Request) -> None:
    row = tasks.task_row(record, task_id, lock=True)
    must_match(if_match(request), views.task(record, row))
