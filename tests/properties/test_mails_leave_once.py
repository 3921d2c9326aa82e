"""Whatever happens to a booking, and however often the mail server or this process fails: each
e-mail leaves once at most for one booking and state, and only while what it says is true."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.desk.bridge import Bridge
from tests.desk.pages import come, insured, mail_to, page_bridge, prescribed, told

from massage_ins_bridge.desk import send_mail
from massage_ins_bridge.desk.reminders import plan_reminders
from massage_ins_bridge.mail.client import RefusedError, ServerError, UnsureError
from massage_ins_bridge.settings import MailSettings
from massage_ins_bridge.store.bookings import ENDED
from massage_ins_bridge.testing.bookings import START

pytestmark = pytest.mark.slow
#: What the server does with the next e-mails.
FAULTS = ("takes", "takes", "takes", "down", "refuses", "breaks", "dies")
ACTS = ("wait", "wait", "day", "cure", "spoil", "move", "cancel", "remind", "again")


class DiedError(BaseException):
    """The process ends in the middle of it."""


class Server:
    """Takes, refuses and breaks as it is told, and knows how the booking stood when it took."""

    def __init__(self, bridge: Bridge, faults: list[str]) -> None:
        self.bridge, self.faults = bridge, faults
        self.took: list[tuple[str, str, str | None]] = []

    def send(self, _settings: MailSettings, compose: Callable[[], EmailMessage | None]) -> bool:
        fault = self.faults.pop(0) if self.faults else "takes"
        if fault == "down":
            raise ServerError("down")
        message = compose()
        if message is None:
            return False
        if fault == "refuses":
            raise RefusedError("refused")
        row = self.bridge.row("b1")
        self.took.append((str(message["message-id"]), row.platform_status, row.outcome))
        if fault == "breaks":
            raise UnsureError("broke")
        if fault == "dies":
            raise DiedError
        return True


@contextmanager
def clinic(faults: list[str]) -> Iterator[tuple[Bridge, Server]]:
    with TemporaryDirectory() as folder:
        bridge = page_bridge(Path(folder), mail=mail_to(1))
        server = Server(bridge, faults)
        with patch.object(send_mail, "send", server.send):
            yield bridge, server
        bridge.close()


def do(bridge: Bridge, act: str) -> None:
    row = bridge.row("b1")
    match act:
        case "wait":
            bridge.clock.moment += timedelta(minutes=3)
        case "day":
            bridge.clock.moment += timedelta(days=1)
        case "cure":
            told(bridge, intake_received=True)
            prescribed(bridge)
        case "spoil":
            told(bridge, intake_received=False)
        case "move" if row.platform_status == "pending":
            start = row.start_at + timedelta(hours=1)
            bridge.take("b1", start=start, end=start + timedelta(hours=1))
        case "cancel" if row.platform_status not in ENDED:
            bridge.take("b1", "cancelled", status="cancelled")
        case "remind":
            plan_reminders(bridge.installation)
    for _ in range(2):
        with suppress(DiedError):
            bridge.work()


@settings(max_examples=25)
@given(
    acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=10),
    faults=st.lists(st.sampled_from(FAULTS), max_size=8),
)
def test_each_leaves_once_and_while_it_is_true(acts: list[str], faults: list[str]) -> None:
    with clinic(faults) as (bridge, server):
        come(bridge, start=START + timedelta(days=5))
        insured(bridge)
        for act in acts:
            do(bridge, act)
        assert max(Counter(item for item, _, _ in server.took).values(), default=1) == 1
        with bridge.installation.read() as record:
            mails = record.writes.of_bookings([bridge.row("b1").id], "email").values()
            kinds = {f"<{w.id}@alder.example>": w.kind for found in mails for w in found}
        for item, status, outcome in server.took:
            kind = kinds[item]
            if kind in ("hold", "waiting", "reminder"):
                assert (status, outcome) == ("pending", "hold")
            elif kind == "cured":
                assert (status, outcome) == ("accepted", "allow")
            else:
                assert status in ENDED
