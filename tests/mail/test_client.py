"""One e-mail over a real server: sent, not sent, refused, or unsure, and never two of these."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.desk.pages import mail_to
from tests.mail.server import MailServer, mail_server

from massage_ins_bridge.mail.client import (
    LoginError,
    RefusedError,
    ServerError,
    UnsureError,
    send,
    try_login,
)
from massage_ins_bridge.mail.message import Letter, message
from massage_ins_bridge.testing.processes import kept_port

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as made:
        yield made


def letter(to: str, subject: str = "Su cita del miércoles", body: str = "Hola, Peña:\n") -> Letter:
    return Letter(to, subject, body, "wrt_1", "es")


def made(server: MailServer, to: str) -> EmailMessage:
    return message(mail_to(server.port, reply_to="front@alder.example"), letter(to), NOW)


def test_what_is_sent_arrives_as_it_was_written(server: MailServer) -> None:
    assert send(mail_to(server.port), lambda: made(server, "sofia@clients.example"))
    to, found = server.took[-1]
    assert to == ["sofia@clients.example"]
    assert found["subject"] == "Su cita del miércoles"
    assert found["from"] == "Alder Street <desk@alder.example>"
    assert found["reply-to"] == "front@alder.example"
    assert found["message-id"] == "<wrt_1@alder.example>"
    assert found["content-language"] == "es"
    assert found["auto-submitted"] == "auto-generated"
    assert found.get_content() == "Hola, Peña:\n"
    assert found.get_content_type() == "text/plain"
    assert not found.is_multipart()


def test_nothing_is_sent_where_nothing_is_made(server: MailServer) -> None:
    before = len(server.took)
    assert send(mail_to(server.port), lambda: None) is False
    try_login(mail_to(server.port))
    assert len(server.took) == before


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("refused@clients.example", RefusedError),
        ("later@clients.example", ServerError),
        ("broken@clients.example", UnsureError),
    ],
)
def test_what_went_wrong_names_no_address(server: MailServer, to: str, error: type) -> None:
    with pytest.raises(error) as caught:
        send(mail_to(server.port), lambda: made(server, to))
    assert "clients" not in str(caught.value)
    assert type(caught.value) is error


def test_a_server_that_is_not_there() -> None:
    asked = []
    with kept_port() as port, pytest.raises(ServerError):
        send(mail_to(port), lambda: asked.append(1))
    assert asked == []  # nothing is made where nothing can leave


def test_a_server_that_offers_no_security(server: MailServer) -> None:
    with pytest.raises(ServerError):
        try_login(mail_to(server.port, security="starttls"))
    with pytest.raises(LoginError):
        try_login(mail_to(server.port, user="desk", password="secret"))


@pytest.mark.parametrize(
    "to",
    ["", "sofia", "a b@clients.example", "a@x.example\nBcc: b@y.example", "peña@clients.example"],
)
def test_an_address_that_is_none(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own words
        message(mail_to(1), letter(to), NOW)


def test_a_header_has_one_line() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message(mail_to(1), letter("a@x.example", subject="a\nBcc: b@y.example"), NOW)


def test_the_folder_of_the_server_is_its_own(tmp_path: Path, server: MailServer) -> None:
    assert server.file.parent != tmp_path
