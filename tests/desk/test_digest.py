"""The morning's summary for staff: once a day, in figures, and not where there is nothing in it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import come, insured, mail_to, mails, page_bridge
from tests.mail.server import MailServer

from massage_ins_bridge.desk.digest import digest_values, plan_digest
from massage_ins_bridge.desk.trouble import note_trouble
from massage_ins_bridge.http.errors import PlatformError
from massage_ins_bridge.testing.bookings import START

STAFF = ("dana@alder.example", "mira@alder.example")
#: Seven in the morning, and one minute, by the clinic's clock, on the day of the visit.
SEVEN = START.replace(hour=15, minute=1)


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None, server: MailServer) -> Iterator[Bridge]:
    server.file.write_text("")
    mail = mail_to(server.port, staff=STAFF)
    made = page_bridge(tmp_path, database_url, mail=mail, account={"refuse_after_minutes": 15})
    yield made
    made.close()


def test_it_is_sent_once_a_day_and_names_nobody(bridge: Bridge, server: MailServer) -> None:
    come(bridge)
    come(bridge, "own", payer=None, service_ref="2", start=START + timedelta(hours=3))
    insured(bridge)
    bridge.clock.moment = SEVEN - timedelta(minutes=2)
    plan_digest(bridge.installation)
    assert [kind for kind, _ in mails(bridge) if kind == "digest"] == []  # too early
    for _ in range(3):
        bridge.clock.moment += timedelta(minutes=2)
        plan_digest(bridge.installation)
        bridge.work()
    found = [m for to, m in server.took if to == list(STAFF)]
    assert len(found) == 1
    (mail,) = found
    assert mail["subject"].startswith("Today, Tue, Dec 8: 2 visits, ")
    body = mail.get_content()
    assert "2 visits today. 0 confirmed, 1 on hold, 1 without insurance." in body
    assert "Accounts: desk at work." in body
    assert "Open the desk: https://mib.example/" in body
    assert "Sofia" not in body + mail["subject"]
    assert "Reyes" not in body + mail["subject"]
    bridge.clock.moment += timedelta(days=1)
    bridge.take("b1", "cancelled", status="cancelled")
    plan_digest(bridge.installation)
    bridge.work()
    assert next(state for kind, state in mails(bridge) if kind == "digest") == "done"


def test_a_day_without_anything_sends_nothing(bridge: Bridge, server: MailServer) -> None:
    bridge.clock.moment = SEVEN
    plan_digest(bridge.installation)
    bridge.work()
    assert (mails(bridge), server.took) == ([], [])
    with bridge.installation.read() as record:
        assert digest_values(bridge.installation, record) is None


def test_what_happens_by_itself_today_is_in_it(bridge: Bridge) -> None:
    come(bridge, start=START - timedelta(days=14))
    insured(bridge)
    with bridge.installation.read() as record:
        values = digest_values(bridge.installation, record)
    assert values is not None
    assert (values["refusals"], values["first_refusal"]) == ("1 refusal", "10:15 AM")
    bridge.clock.moment += timedelta(days=1)
    bridge.work()


def test_an_account_that_does_not_answer_is_not_at_work(bridge: Bridge) -> None:
    come(bridge, start=START + timedelta(hours=3))
    with bridge.installation.write() as record:
        note_trouble(record, "desk", PlatformError("it did not answer"))
    bridge.clock.moment += timedelta(hours=3)
    bridge.clock.moment = max(bridge.clock.moment, SEVEN)
    with bridge.installation.read() as record:
        values = digest_values(bridge.installation, record)
    assert values is not None
    assert values["health"] is not None
    assert "at work" not in values["health"]
    assert "Nothing is lost." in values["health"]


def test_yesterday_is_counted(bridge: Bridge) -> None:
    come(bridge, payer="premera")
    insured(bridge, payer="premera", funding="self_insured")
    bridge.choose("b1", self_pay=True)
    bridge.clock.moment += timedelta(days=1)
    come(bridge, "b2", start=bridge.clock.moment + timedelta(hours=1))
    with bridge.installation.read() as record:
        values = digest_values(bridge.installation, record)
    assert values is not None
    assert (values["cured"], values["refused"], values["stopped"]) == ("1", "0", "0")


def test_one_of_yesterday_is_not_sent_today(tmp_path: Path, dead_port: int) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(dead_port, staff=STAFF))
    come(bridge)
    bridge.clock.moment = SEVEN
    plan_digest(bridge.installation)
    bridge.write_back()
    bridge.clock.moment += timedelta(days=1)
    for _ in range(2):  # what is due first is tried first, and the server rests after it
        bridge.write_back()
        bridge.clock.moment += timedelta(minutes=1)
    assert dict(mails(bridge))["digest"] == "superseded"
    bridge.close()


def test_nobody_to_send_it_to(tmp_path: Path, dead_port: int) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(dead_port))
    come(bridge, start=START)
    bridge.clock.moment = SEVEN
    plan_digest(bridge.installation)
    assert "digest" not in dict(mails(bridge))
    bridge.close()
