"""``link`` and ``mail``: made, listed and revoked, tried and sent, in one line each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.databases import fresh_sqlite
from tests.desk.bridge import Bridge
from tests.desk.pages import come, page_bridge
from tests.mail.server import mail_server

from massage_ins_bridge.cli import links
from massage_ins_bridge.desk import installation
from massage_ins_bridge.desk.installation import Installation

MAIL = """
public_url = "https://mib.example"
data_dir = "."
[clinic]
name = "Alder Street Massage"
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "desk@alder.example"
"""


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """A booking stands, and the commands open the same data."""
    made = page_bridge(tmp_path)
    come(made)

    class Beside:
        def __enter__(self) -> Installation:
            return made.installation

        def __exit__(self, *_error: object) -> None:
            pass

    monkeypatch.setattr(installation, "desk_beside", lambda *_given: Beside())
    yield made
    made.close()


def test_a_link_is_made_listed_and_revoked(bridge: Bridge, run: Run) -> None:
    row = bridge.row("b1")
    made = run("link", "new", "--booking", row.id, "--name", "Dana")
    assert (made.code, made.out.startswith("https://mib.example/p/")) == (0, True)
    listed = run("link", "list", row.patient_id).out
    assert f"booking {row.id}\tmade 2026-11-22 by Dana\tnever opened\tgood" in listed
    link = listed.split("\t")[0]
    assert run("link", "revoke", link).out == f"{link} opens nothing any more\n"
    assert "revoked 2026-11-22" in run("link", "list", row.patient_id).out
    assert run("link", "new", "--client", row.patient_id, "--days", "3").code == 0
    assert "\tclient\t" in run("link", "list", row.patient_id).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new",), "booking: send the id of one: booking, or patient"),
        (("new", "--booking", "bkg_0"), "There is no booking of that id"),
        (("revoke", "lnk_0"), "There is no link of that id"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    bridge: Bridge, run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run("link", *arguments)
    assert done.code == 2
    assert said.split(maxsplit=1)[0] in done.err
    assert len(done.err.splitlines()) == 1


def test_a_mail_is_previewed(bridge: Bridge, run: Run) -> None:
    done = run("mail", "preview", "hold", "--booking", bridge.row("b1").id, "--language", "es")
    assert done.code == 0
    assert done.out.startswith("Subject: Su cita del martes 8 de diciembre: nos falta algo")
    assert run("mail", "preview", "hold").code == 2
    assert run("mail", "preview", "odd", "--booking", bridge.row("b1").id).code == 2


def test_a_trial_is_sent(tmp_path: Path, run: Run, dead_port: int) -> None:
    fresh_sqlite(tmp_path)
    with mail_server(tmp_path) as server:
        file = tmp_path / "massage-ins-bridge.toml"
        file.write_text(MAIL.format(port=server.port), encoding="utf-8")
        done = run("mail", "test", "dana@alder.example")
        assert (done.code, done.out) == (0, "Sent to dana@alder.example over 127.0.0.1.\n")
        assert server.subjects == ["A trial of the mail settings of Alder Street Massage"]
        assert run("mail", "test", "dana").code == 2
        refused = run("mail", "test", "refused@alder.example")
    assert (refused.code, refused.err) == (
        1,
        "massage-ins-bridge: not sent: the mail server refuses the address (550)\n",
    )
    file.write_text(MAIL.format(port=dead_port), encoding="utf-8")
    assert run("mail", "test", "dana@alder.example").code == 1


def test_without_settings_for_it(configured: Callable[..., Path], run: Run, tmp_path: Path) -> None:
    fresh_sqlite(tmp_path)
    configured()
    done = run("mail", "test", "dana@alder.example")
    assert (done.code, "add [mail] to the settings" in done.err) == (2, True)
    assert links.app is not None
