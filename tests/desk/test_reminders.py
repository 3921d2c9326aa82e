"""Who is reminded: of what is still missing, once, and nobody in vain."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import act, held, later, link_to, mails, told
from tests.documents.made import JPEG
from tests.mail.server import MailServer

from massage_ins_bridge.desk.paper_states import change_document
from massage_ins_bridge.desk.papers import Given, list_documents
from massage_ins_bridge.desk.reminders import plan_reminders, to_remind
from massage_ins_bridge.testing.bookings import START

#: Thursday, Dec 3, after the hour of reminders; the last day is the next one.
THE_DAY = START.replace(day=4, hour=0, minute=1)


@pytest.fixture
def bridge(mailing: Bridge) -> Bridge:
    return mailing


def mark(bridge: Bridge, state: str) -> None:
    with bridge.installation.write() as record:
        (paper,) = list_documents(record, bridge.row("b1").patient_id)
        change_document(bridge.installation, record, paper.id, {"state": state})


def reminded(bridge: Bridge) -> int:
    with bridge.installation.read() as record:
        number = len(to_remind(bridge.installation, record))
    plan_reminders(bridge.installation)
    bridge.work()
    return number


def test_who_has_nothing_to_send_is_not_reminded_and_may_be_later(
    bridge: Bridge, server: MailServer
) -> None:
    held(bridge)
    later(bridge)
    told(bridge, intake_received=True)
    link_to(bridge)
    act(bridge, "prescription", files=[Given("rx.jpg", JPEG)])
    bridge.clock.moment = THE_DAY
    assert (reminded(bridge), mails(bridge)) == (0, [("hold", "done")])
    mark(bridge, "unusable")
    assert (reminded(bridge), mails(bridge)[1:]) == (1, [("reminder", "done")])
    assert (reminded(bridge), len(server.took)) == (0, 2)


def test_a_reminder_that_was_called_off_reminded_nobody(bridge: Bridge) -> None:
    held(bridge)
    later(bridge)
    bridge.clock.moment = THE_DAY
    plan_reminders(bridge.installation)
    row = bridge.row("b1")
    with bridge.installation.write() as record:
        (waits,) = [
            w for w in record.writes.of_bookings([row.id], "email")[row.id] if w.kind != "hold"
        ]
        record.writes.call_off(waits, "it is true no more")
    bridge.clock.moment += timedelta(minutes=5)
    assert (reminded(bridge), mails(bridge)[1:]) == (1, [("reminder", "done")])


def test_who_has_no_address_is_not_counted(bridge: Bridge) -> None:
    held(bridge)
    later(bridge)
    told(bridge, email=None)
    bridge.clock.moment = THE_DAY
    assert reminded(bridge) == 0
