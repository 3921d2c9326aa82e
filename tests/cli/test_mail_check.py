"""``doctor`` on e-mail: set up or not, reached or not."""

from pathlib import Path

from tests.databases import settings_of
from tests.desk.pages import PAGE, mail_to
from tests.mail.server import mail_server

from massage_ins_bridge.cli.mail_check import mail_check


def test_what_doctor_says(tmp_path: Path, dead_port: int) -> None:
    bare = settings_of(tmp_path)
    (found,) = mail_check(bare, offline=False)
    assert (found.level, "clients hear nothing" in found.message) == ("note", True)
    with mail_server(tmp_path) as server:
        mailing = bare.model_copy(update={"mail": mail_to(server.port), "client_page": PAGE})
        (found,) = mail_check(mailing, offline=False)
        assert found.level == "good"
        assert list(mail_check(mailing, offline=True)) == []
    dead = bare.model_copy(update={"mail": mail_to(dead_port)})
    first, second = mail_check(dead, offline=False)
    assert (first.level, "cannot be reached" in first.message) == ("bad", True)
    assert (second.level, "names no telephone" in second.message) == ("note", True)
