"""``/v1/tasks``: what staff is asked to do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ...desk import lists, tasks, views
from ..door.given import Clinic, Here
from .filters import TasksPage
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])


@router.get("", **operation(GIVEN.of(lists.Tasks), 422))
def list_tasks(clinic: Clinic, installation: Here, page: Annotated[TasksPage, Query()]) -> Response:
    """Tasks, a piece at a time: what is due first comes first, then what has no day, the oldest
    before the others."""
    with installation.read(clinic) as record:
        return answer(lists.list_tasks(record, page.wanted, page.cursor, page.limit))


@router.post("/{task_id}/done", **operation(GIVEN.of(views.Task), 404))
def finish_task(task_id: str, clinic: Clinic, installation: Here) -> Response:
    """Mark a task as done; doing so twice changes nothing."""
    with installation.write(clinic) as record:
        view = views.task(record, tasks.finish(record, task_id))
    return answer(view)
