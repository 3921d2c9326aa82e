"""Tasks: one for each matter, with its text; done once."""

from string import Formatter

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.tasks import TEXTS, TaskKind, ask, finish, settle


def test_every_kind_has_a_text() -> None:
    assert set(TEXTS) == set(TaskKind)
    assert all(text and list(Formatter().parse(text)) for text in TEXTS.values())


def test_a_matter_is_raised_once_and_told_as_it_stands_now(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        for said in ("a bad key", "no list", "no list"):
            ask(record, TaskKind.PLATFORM_SILENT, "desk", account="desk", said=said)
        (row,) = record.tasks.due_first(9)
        assert "refuses to list bookings: no list." in record.tasks.message(row)
        assert record.tasks.count_open() == 1
        assert finish(record, row.id) is finish(record, row.id)
        ask(record, TaskKind.PLATFORM_SILENT, "desk", account="desk", said="again")
        assert record.tasks.count_open() == 1
        with pytest.raises(NotFoundError):
            finish(record, "tsk_none")
    with bridge.installation.write("second") as record:
        with pytest.raises(NotFoundError):
            finish(record, row.id)
        assert record.tasks.count_open() == 0


def test_a_booking_that_stands_no_longer_leaves_what_is_owed_for_it_alone(bridge: Bridge) -> None:
    row = bridge.take("b1")
    with bridge.installation.write() as record:
        for kind in (TaskKind.HOLD_BEGUN, TaskKind.INVITE):
            ask(record, kind, row.id, about=row)
        settle(record, row)
    assert bridge.tasks() == [TaskKind.INVITE]
