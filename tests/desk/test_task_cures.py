"""What closes a task is said with it."""

import pytest

from massage_ins_bridge.desk.task_cures import what_closes
from massage_ins_bridge.desk.tasks import TaskKind
from massage_ins_bridge.domain.answers import ACTION_KINDS

PER_VISIT = {"submit-claim", "give-superbill", "collect-payment"}


@pytest.mark.parametrize("kind", TaskKind)
def test_every_task_says_what_closes_it(kind: TaskKind) -> None:
    assert what_closes(kind, "").startswith("Closes when ")


@pytest.mark.parametrize("action", sorted(ACTION_KINDS))
def test_work_that_a_fact_can_settle_says_which(action: str) -> None:
    for kind in (TaskKind.ACTION, TaskKind.AFTER_VISIT):
        said = what_closes(kind, f"{action}: Do it.")
        assert ("mark it done" in said) == (action in PER_VISIT)
