"""What tests of this room look at."""

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk import views


def open_tasks(bridge: Bridge, kind: str) -> list[views.Task]:
    """The open tasks of a kind, as the doors show them."""
    with bridge.installation.read() as record:
        rows = [row for row in record.tasks.due_first(500) if row.kind == kind]
        return [views.task(record, row) for row in rows]
