"""How SQLite goes about what it is asked, which has no statistics here and must not need them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import event

from massage_ins_bridge.store.database import Store

#: Tables with rows of every client.
GROWING = {"acts", "bookings", "decisions", "facts", "patients", "staff_words", "tasks", "visits"}
GROWING |= {"deliveries", "wakeups", "writes"}


@contextmanager
def nothing_gone_through(store: Store) -> Iterator[None]:
    """Whatever is asked meanwhile is found by more than whose clinic it is: none of it takes the
    longer, the more bookings there are of others."""
    asked: dict[str, Any] = {}

    def hear(_connection: object, _cursor: object, said: str, values: Any, *_more: object) -> None:
        asked[said] = values

    event.listen(store.engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(store.engine, "before_cursor_execute", hear)
    with closing(sqlite3.connect(store.file or "")) as connection:
        plans = {
            said: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {said}", values)]
            for said, values in asked.items()
            if said.startswith(("SELECT", "UPDATE", "DELETE"))
        }
    assert len(plans) > 10
    for said, plan in plans.items():
        assert not [step for step in plan if _goes_through(step)], (said, plan)


def _goes_through(step: str) -> bool:
    """``SEARCH bookings USING INDEX … (clinic=?)``, or ``SCAN bookings``."""
    how, table = step.split()[:2]
    looked = how == "SCAN" or step.endswith(("(clinic=?)", "(clinic=? AND done_at=?)"))
    return table in GROWING and looked
