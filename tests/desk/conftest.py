"""Deciding and writing back run on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.mosses import kay_and_katie
from tests.desk.pages import mail_to, page_bridge
from tests.mail.server import MailServer, mail_server


@pytest.fixture
def observer(tmp_path: Path) -> Iterator[Bridge]:
    """An installation whose account only observes."""
    made = make_bridge(tmp_path, None, "observe")
    yield made
    made.close()


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, database_url)
    yield made
    made.close()


@pytest.fixture
def clinic(bridge: Bridge) -> Bridge:
    return kay_and_katie(bridge)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """A mail server, one for a file of tests."""
    with mail_server(tmp_path_factory.mktemp("mail")) as made:
        yield made


@pytest.fixture
def mailing(tmp_path: Path, database_url: str | None, server: MailServer) -> Iterator[Bridge]:
    """An installation with pages for clients, whose e-mails go to ``server``."""
    server.file.write_text("")
    made = page_bridge(tmp_path, database_url, mail=mail_to(server.port))
    yield made
    made.close()
