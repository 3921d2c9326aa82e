"""E-mails about bookings leave once, say what is true by then, and never leave twice."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.pages import (
    WAIT,
    act,
    cure,
    held,
    later,
    link_to,
    look,
    mail_to,
    mails,
    page_bridge,
    tasks,
    told,
)
from tests.documents.made import JPEG
from tests.mail.server import MailServer

from massage_ins_bridge.desk import send_mail
from massage_ins_bridge.desk.links import clinic_of_token, open_link
from massage_ins_bridge.desk.mail_texts import put_text
from massage_ins_bridge.desk.papers import Given
from massage_ins_bridge.desk.write_back import Again, WriteTry, write_back
from massage_ins_bridge.mail.client import ServerError, UnsureError, send
from massage_ins_bridge.settings import MailSettings
from massage_ins_bridge.store.models import WriteRow
from massage_ins_bridge.store.writes import EMAIL
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def bridge(mailing: Bridge) -> Bridge:
    return mailing


def mail_row(bridge: Bridge, kind: str = "hold") -> WriteRow:
    with bridge.installation.store.read() as session:
        query = select(WriteRow).where(WriteRow.channel == EMAIL, WriteRow.kind == kind)
        return session.scalars(query).one()


def test_a_hold_is_told_once_two_minutes_later(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    assert (mails(bridge), server.took) == ([("hold", "queued")], [])
    (work,) = [w for w in bridge.started if w.account == "@mail"]
    assert work.wait == 120
    bridge.work()
    assert server.took == []  # it is not time yet
    later(bridge)
    later(bridge)
    told(bridge, phone="253-555-0188")  # decided again
    later(bridge)
    assert mails(bridge) == [("hold", "done")]
    ((to, message),) = server.took
    assert to == ["sofia@clients.example"]
    assert message["subject"] == "Your visit on Tue, Dec 8: we need something from you"
    body = message.get_content()
    assert "We need 2 things from you by Fri, Dec 4." in body
    token = body.split("/p/")[1].split()[0]
    found = clinic_of_token(bridge.installation, token)
    assert found is not None
    with bridge.installation.read() as record:
        row = record.links.get(found[0])
        assert row is not None
        assert (row.made_for, open_link(record, row) is not None) == ("mail", True)
    assert look(bridge).state == "hold"


def test_the_cause_is_looked_at_before_it_leaves(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    link_to(bridge)
    act(bridge, "prescription", files=[Given("rx.jpg", JPEG)])
    act(bridge, "intake")
    later(bridge)
    assert (mails(bridge), server.took) == ([("hold", "superseded")], [])


def test_cured_waits_until_the_platform_says_so(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    later(bridge)
    bridge.platform.hang()
    bridge.platform.patience = 0.01
    cure(bridge)
    later(bridge)
    assert len(server.took) == 1
    bridge.platform.resume()
    later(bridge)
    later(bridge)
    assert server.subjects[1:] == ["Confirmed: Tue, Dec 8, 10:00 AM"]


def test_spanish_is_sent_to_who_reads_it(bridge: Bridge, server: MailServer) -> None:
    held(bridge)
    told(bridge, language="es")
    later(bridge)
    ((_, message),) = server.took
    assert message["subject"] == "Su cita del martes 8 de diciembre: nos falta algo de usted"
    assert "Necesitamos 2 cosas de usted a más tardar el viernes 4" in message.get_content()
    assert message["content-language"] == "es"


@pytest.mark.parametrize("email", [None, "253@sms.platform.example"])
def test_nobody_is_written_to_without_an_address(bridge: Bridge, email: str | None) -> None:
    held(bridge, email=email)
    later(bridge)
    assert mails(bridge) == [("hold", "superseded")]


def test_a_bad_address_becomes_a_task_and_is_not_tried_again(
    bridge: Bridge, server: MailServer
) -> None:
    held(bridge, email="refused@clients.example")
    later(bridge)
    later(bridge)
    assert mails(bridge) == [("hold", "failed")]
    (task,) = tasks(bridge, "not-mailed")
    assert task == (
        "An e-mail to the client did not leave: the mail server refuses the address (550). Call "
        "them: tell them what is missing, and by when."
    )
    told(bridge, phone="253-555-0188")
    assert (mails(bridge), server.took) == ([("hold", "failed")], [])


def test_a_server_that_is_down_is_tried_again_and_told_of(
    tmp_path: Path, server: MailServer, dead_port: int
) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(dead_port))
    server.file.write_text("")
    held(bridge)
    bridge.clock.moment += WAIT
    row = mail_row(bridge)
    pauses = []
    for number in range(1, 5):
        again = write_back(bridge.installation, row.id, WriteTry(number))
        assert isinstance(again, Again)
        pauses.append(again.pause)
        bridge.clock.moment += again.pause
    assert pauses == sorted(pauses)
    assert tasks(bridge, "mail-trouble") == [
        (
            "E-mail does not leave: the mail server cannot be reached (SMTPConnectError). Check "
            "the settings under [mail]; the bridge goes on trying."
        )
    ]
    with bridge.installation.read() as record:
        assert record.links.of_clients([bridge.row("b1").patient_id]) == []  # no link for nothing
    settings = bridge.installation.settings
    bridge.installation.settings = settings.model_copy(update={"mail": mail_to(server.port)})
    bridge.work()
    assert (mails(bridge), len(server.took)) == ([("hold", "done")], 1)
    assert tasks(bridge, "mail-trouble") == []
    bridge.close()


def test_while_it_is_down_it_is_asked_once_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead_port: int
) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(dead_port))
    for number in range(3):
        held(bridge, ref=f"b{number}", name=f"Client {number}", email=f"c{number}@clients.example")
    bridge.clock.moment += WAIT
    asked: list[str] = []

    def counting(server: MailSettings, compose: Callable[[], EmailMessage | None]) -> bool:
        asked.append(server.host)
        return send(server, compose)

    monkeypatch.setattr(send_mail, "send", counting)
    bridge.write_back()
    assert len(asked) == 1
    bridge.close()


def test_its_time_is_over_with_the_visit(tmp_path: Path, dead_port: int) -> None:
    bridge = page_bridge(tmp_path, mail=mail_to(dead_port))
    held(bridge)
    bridge.clock.moment = START + timedelta(minutes=1)
    bridge.write_back()
    assert mails(bridge) == [("hold", "superseded")]
    bridge.close()


def test_what_may_have_left_is_never_sent_again(bridge: Bridge, server: MailServer) -> None:
    held(bridge, email="broken@clients.example")
    later(bridge)
    later(bridge)
    assert (mails(bridge), len(server.took)) == ([("hold", "failed")], 1)
    assert tasks(bridge, "not-mailed")[0].startswith("Nobody knows whether an e-mail to the client")


def test_a_process_that_dies_while_it_sends_sends_nothing_twice(
    bridge: Bridge, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(bridge)
    bridge.clock.moment += WAIT
    row = mail_row(bridge)

    class DiedError(BaseException):
        pass

    def dies(*_given: object) -> None:
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(send_mail, "_sent", dies)
        with pytest.raises(DiedError):
            write_back(bridge.installation, row.id)
    assert len(server.took) == 1
    assert write_back(bridge.installation, row.id) is None
    assert (mails(bridge), len(server.took)) == ([("hold", "failed")], 1)
    assert len(tasks(bridge, "not-mailed")) == 1


def test_the_clinic_s_own_words_are_sent(bridge: Bridge, server: MailServer) -> None:
    with bridge.installation.write() as record:
        sent = {"subject": "Hi {first}", "body": "Look: {link}\n{clinic}", "by": "Mira"}
        put_text(record, "hold", "en", sent)
    held(bridge)
    later(bridge)
    ((_, message),) = server.took
    assert message["subject"] == "Hi Sofia"
    assert message.get_content().endswith("Alder Street Massage\n")


def test_a_name_adds_no_header(bridge: Bridge, server: MailServer) -> None:
    with bridge.installation.write() as record:
        sent = {"subject": "Hi {first}", "body": "Look: {link}\n{clinic}", "by": "Mira"}
        put_text(record, "hold", "en", sent)
    held(bridge, name="Sofia\u2028Bcc:x@y.example Reyes")
    later(bridge)
    ((to, message),) = server.took
    assert to == ["sofia@clients.example"]
    assert message["bcc"] is None


def test_an_error_has_no_second_meaning() -> None:
    assert not issubclass(UnsureError, ServerError)
