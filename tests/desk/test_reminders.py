"""Who is reminded: of what is still missing, once, and nobody in vain."""

from datetime import date, timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import act, come, held, insured, later, link_to, look, mails, told
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


def owing_more(bridge: Bridge) -> None:
    """She came, and her plan is to be asked by November 25th: that is the clinic's to do. Hers is
    the prescription alone, until Friday of the week after."""
    asked_by = date(2026, 11, 25)
    rule = bridge.installation.host.rules_on(asked_by)["regence"]["REG-03"]
    came = asked_by - timedelta(days=rule.values["days_after_first_visit"])
    held(bridge)
    insured(bridge, funding="self_insured")
    told(bridge, intake_received=True)
    bridge.add_fact("b1", "visit", {"on": came.isoformat(), "payer": "regence"})
    assert bridge.row("b1").next_due == asked_by


def test_the_day_that_is_told_is_the_client_s_own(bridge: Bridge, server: MailServer) -> None:
    owing_more(bridge)
    later(bridge)
    body = server.took[0][1].get_content()
    assert "We need one thing from you by Fri, Dec 4." in body
    assert "Nov 25" not in body


def test_nobody_is_reminded_of_what_is_not_theirs_to_do(bridge: Bridge, server: MailServer) -> None:
    owing_more(bridge)
    later(bridge)
    bridge.clock.moment = START.replace(month=11, day=25, hour=0, minute=1)  # Tuesday, at 4 PM
    assert reminded(bridge) == 0
    asked = {"payer": "regence", "kind": "prior-authorization", "status": "requested"}
    bridge.add_fact("b1", "authorization", {**asked, "requested_on": "2026-11-24"})
    bridge.clock.moment = THE_DAY
    assert reminded(bridge) == 1
    assert server.subjects[-1] == "Reminder: we need something from you by Fri, Dec 4"


def test_a_visit_is_kept_until_the_day_that_refuses_it(bridge: Bridge, server: MailServer) -> None:
    """Not every day that passes does: a report that is owed earlier is the clinic's."""
    claim = {"number": "VAB1234", "status": "allowed", "date_of_injury": "2026-10-01"}
    come(bridge, payer="crime-victims")
    insured(bridge, payer="crime-victims", funding=None, claim=claim)
    visit = {"on": "2026-10-30", "payer": "crime-victims", "claim_number": "VAB1234"}
    bridge.add_fact("b1", "visit", visit)
    link_to(bridge)
    assert bridge.row("b1").next_due == date(2026, 11, 30)
    page = look(bridge)
    assert (page.keep_until, page.self_pay) == (date(2026, 12, 4), None)
    assert "cost" not in [need.card for need in page.needs.cards]
    later(bridge)
    body = server.took[0][1].get_content()
    assert "from you by Fri, Dec 4." in body
    assert "We keep the time for you until Fri, Dec 4." in body
