"""An e-mail as it goes over the wire: plain text, with headers that tell machines what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from ..settings import MailSettings


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. ``item``: what it is for, whose id makes the message's own."""

    to: str
    subject: str
    body: str
    item: str
    language: str = "en"


def message(settings: MailSettings, letter: Letter, now: datetime) -> EmailMessage:
    """The letter as an e-mail. Raises ``ValueError`` for an address that is none, and where a
    header would have several lines."""
    made = EmailMessage(policy=SMTP)
    if "@" not in letter.to:
        raise ValueError("an e-mail address has an @")
    sender = parseaddr(settings.sender)[1]
    made["From"] = settings.sender
    made["To"] = Address(addr_spec=letter.to)
    if settings.reply_to:
        made["Reply-To"] = settings.reply_to
    made["Subject"] = letter.subject
    made["Date"] = now
    made["Message-ID"] = f"<{letter.item}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = letter.language
    return made
