"""Which e-mails a booking asks for: each once, and none where it is not the bridge's to tell."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import (
    act,
    come,
    cure,
    held,
    insured,
    later,
    link_to,
    mail_to,
    mails,
    page_bridge,
)
from tests.mail.server import MailServer

from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.reminders import plan_reminders
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def bridge(mailing: Bridge) -> Bridge:
    return mailing


def test_what_is_put_right_at_once_is_told_to_nobody(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    cure(bridge)
    later(bridge)
    assert (mails(bridge), server.took) == ([("hold", "superseded")], [])


def test_cured_is_told_to_who_heard_of_the_hold(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    later(bridge)
    cure(bridge)
    later(bridge)
    later(bridge)
    assert server.subjects[1:] == ["Confirmed: Tue, Dec 8, 10:00 AM"]
    assert mails(bridge) == [("hold", "done"), ("cured", "done")]


def test_who_was_never_held_hears_nothing_from_here(bridge: Bridge, server: MailServer) -> None:
    come(bridge, payer=None, service_ref="2")
    later(bridge)
    assert (mails(bridge), server.took) == ([], [])


def test_a_refusal_is_told_and_closes_the_task_to_tell(bridge: Bridge, server: MailServer) -> None:
    held(bridge, start=START - timedelta(days=14))
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    assert "tell-client" in bridge.tasks()
    later(bridge)
    assert server.subjects[-1] == "Your visit on Tue, Nov 24 cannot take place as booked"
    assert "tell-client" not in bridge.tasks()
    assert mails(bridge)[-1] == ("refused", "done")


def test_a_reminder_leaves_on_the_open_day_before_the_last(
    bridge: Bridge, server: MailServer
) -> None:
    held(bridge)
    later(bridge)
    zone_offset = timedelta(hours=8)
    for day in range(1, 13):  # from Monday, Nov 23 on; the last day is Friday, Dec 4
        bridge.clock.moment = START.replace(hour=0) + timedelta(days=day - 15) + zone_offset
        bridge.clock.moment += timedelta(hours=16, minutes=1)
        plan_reminders(bridge.installation)
        bridge.work()
        if len(server.took) > 1:
            break
    assert server.subjects[1:] == ["Reminder: we need something from you by Fri, Dec 4"]
    assert f"{bridge.clock.moment - zone_offset:%b %d}" == "Dec 03"
    plan_reminders(bridge.installation)
    bridge.work()
    assert mails(bridge) == [("hold", "done"), ("reminder", "done")]


def test_nobody_is_reminded_on_the_day_on_which_they_heard(
    bridge: Bridge, server: MailServer
) -> None:
    bridge.clock.moment = START - timedelta(days=5, hours=-3)  # Thursday, Dec 3, in the afternoon
    held(bridge)
    later(bridge)
    bridge.clock.moment += timedelta(hours=5)
    plan_reminders(bridge.installation)
    bridge.work()
    assert mails(bridge) == [("hold", "done")]


def test_what_a_person_accepted_is_told_by_that_person(bridge: Bridge) -> None:
    held(bridge, status="accepted", asks_confirmation=True)
    assert (bridge.row("b1").outcome, mails(bridge)) == ("hold", [])


def test_an_account_that_observes_writes_to_nobody(tmp_path: Path, server: MailServer) -> None:
    bridge = page_bridge(tmp_path, enforcement="observe", mail=mail_to(server.port))
    held(bridge)
    held(bridge, ref="b2", start=START - timedelta(days=14))
    later(bridge)
    assert mails(bridge) == []
    bridge.close()


def test_what_stood_before_hears_nothing_until_it_is_let_through(
    tmp_path: Path, server: MailServer
) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(server.port), looked=False)
    given = {"name": "Sofia Reyes", "email": "sofia@clients.example", "host_refs": ("h1",)}
    bridge.platform.put("b1", **given)
    first_look(bridge.installation, "desk")
    bridge.work()
    insured(bridge)
    assert (bridge.row("b1").outcome, mails(bridge)) == ("hold", [])
    bridge.close()


def test_a_booking_that_is_moved_is_told_anew(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    bridge.take("b1", start=START + timedelta(days=1), end=START + timedelta(days=1, hours=1))
    later(bridge)
    assert server.subjects == ["Your visit on Wed, Dec 9: we need something from you"]


def test_a_copy_of_the_terms_is_sent_once(bridge: Bridge, server: MailServer) -> None:
    come(bridge, payer="premera")
    insured(bridge, payer="premera", funding="self_insured")
    link_to(bridge)
    act(bridge, "self-pay", fields={"agree": "yes", "name": "Sofia Reyes"})
    later(bridge)
    later(bridge)
    assert server.subjects == ["What you agreed to for Tue, Dec 8, 10:00 AM"]
    body = server.took[0][1].get_content()
    assert "You pay $110 at the visit" in body
    assert "Sofia Reyes" in body
    assert "massage on" not in body


def test_who_gave_the_visit_back_hears_no_more_of_it(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    link_to(bridge)
    act(bridge, "give-back")
    later(bridge)
    assert server.took == []


def test_without_a_server_nothing_is_wanted(tmp_path: Path) -> None:
    bridge = page_bridge(tmp_path)
    held(bridge)
    assert mails(bridge) == []
    bridge.close()
