"""One try at an e-mail, which leaves once or not at all.

What it says is looked up when the server has let us in. From then on until the server has answered
the write says ``sending``: where the process dies in between, or the connection breaks after the
e-mail was handed over, nobody knows whether it left. It is not sent again; staff is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import structlog

from ..mail.client import LoginError, RefusedError, ServerError, UnsureError, send
from ..mail.message import Letter, message
from ..messages.mails import Template, fill, shipped
from ..settings import MailSettings
from ..store.models import BookingRow, WriteRow
from ..store.record import Record
from .digest import DIGEST, digest_values
from .installation import Installation
from .links import address_of, link_of_booking
from .mail_values import ready
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: After how many failed tries staff is told that e-mail does not leave.
TELL_AFTER = 3
#: How long a server that failed is left alone by everybody.
REST = SHORTEST = timedelta(seconds=15)
LONGEST = timedelta(minutes=15)
#: How long an e-mail waits for what it tells to have happened.
NOT_YET = timedelta(minutes=1)
_SENDING = "sending"
_SERVER = "server"
_NOT_LEFT = "An e-mail to the client did not leave"
_UNSURE = "Nobody knows whether an e-mail to the client left"
_CALL = {
    "hold": "tell them what is missing, and by when.",
    "waiting": "tell them that their visit is not confirmed yet.",
    "reminder": "remind them of what is missing.",
    "cured": "tell them that their visit is confirmed.",
    "refused": "tell them that their visit cannot take place as booked.",
    "terms": "give them a copy of what they agreed to.",
}


@dataclass(frozen=True, slots=True)
class Later:
    """Another try is due; ``counted``: whether this one asked the server."""

    pause: timedelta
    counted: bool = True


def send_mail(installation: Installation, write: WriteRow, number: int) -> Later | None:
    """One try. Never raises for the server's sake."""
    settings, now = installation.settings.mail, installation.clock.now()
    if settings is None:
        _close(installation, write, "observed", "e-mail is not set up")
        return None
    if write.reached == _SENDING:
        _unsure(installation, write, "the service stopped while it was being sent")
        return None
    if write.due_at is not None and write.due_at > now:
        return Later(write.due_at - now, counted=False)
    if installation.mail_rests_until is not None and installation.mail_rests_until > now:
        return Later(installation.mail_rests_until - now, counted=False)
    return _try(installation, settings, write, number)


def _try(
    installation: Installation, settings: MailSettings, write: WriteRow, number: int
) -> Later | None:
    composing = _Composing(installation, settings, write.id)
    try:
        sent = send(settings, composing.compose)
    except RefusedError as error:
        _refused(installation, write, str(error))
    except UnsureError as error:
        _unsure(installation, write, str(error))
    except ServerError as error:
        return _failed(installation, write, error, number)
    else:
        installation.mail_rests_until = None
        if sent:
            _sent(installation, write)
        return composing.later
    return None


class _Composing:
    """Makes the e-mail once the server has let us in, and says why where there is none."""

    def __init__(self, installation: Installation, settings: MailSettings, write_id: str) -> None:
        self._installation, self._settings, self._id = installation, settings, write_id
        self.later: Later | None = None

    def compose(self) -> EmailMessage | None:
        """The e-mail; ``None`` where it is wanted no more, or not yet."""
        with self._installation.write_about(WriteRow, self._id) as (record, write):
            if write is None or write.state != "queued" or write.reached is not None:
                return None
            if write.kind == DIGEST:
                made = self._digest(record, write)
            else:
                made = self._to_client(record, write)
            if made is not None:
                write.reached = _SENDING
            return made

    def _to_client(self, record: Record, write: WriteRow) -> EmailMessage | None:
        found = ready(self._installation, record, write)
        if found.verdict == "wait":
            self.later = Later(NOT_YET, counted=False)
            return None
        if found.verdict != "send" or found.values is None:
            why = "the client has no address" if found.verdict == "nobody" else "it is true no more"
            record.writes.call_off(write, why)
            return None
        row = record.session.get_one(BookingRow, write.subject)
        _, token = link_of_booking(record, row)
        values = {**found.values, "link": address_of(self._installation, token)}
        template = template_of(record, write.kind, found.language)
        mail = fill(template, values)
        letter = Letter(found.to, mail.subject, mail.body, write.id, found.language)
        try:
            return message(self._settings, letter, record.now)
        except ValueError:
            _give_to_staff(record, write, "the address on file is none")
            return None

    def _digest(self, record: Record, write: WriteRow) -> EmailMessage | None:
        values = digest_values(self._installation, record)
        stale = write.subject != f"{DIGEST}:{record.today}"
        if values is None or stale or not self._settings.staff:
            record.writes.call_off(write, "there is nothing in it")
            return None
        mail = fill(template_of(record, DIGEST, "en"), values)
        letter = Letter(self._settings.staff[0], mail.subject, mail.body, write.id)
        made = message(self._settings, letter, record.now)
        del made["To"]
        made["To"] = ", ".join(self._settings.staff)
        return made


def template_of(record: Record, name: str, language: str) -> Template:
    """The clinic's own text, or the one shipped."""
    own = record.mail_texts.get(name, language)
    if own is not None:
        return Template(own.subject, own.body)
    return shipped(name, "es" if language == "es" else "en")


def _sent(installation: Installation, write: WriteRow) -> None:
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is None:
            return
        kept.state, kept.reached, kept.done_at = "done", "sent", record.now
        kept.detail = None
        record.tasks.close((TaskKind.MAIL_TROUBLE, _SERVER), (TaskKind.NOT_MAILED, kept.id))
        if kept.kind == "refused":
            record.tasks.close((TaskKind.TELL_CLIENT, kept.subject))
    log.info("mail sent", write=write.id, kind=write.kind)


def _failed(
    installation: Installation, write: WriteRow, error: ServerError, number: int
) -> Later | None:
    """The server did not take it now: later, and later each time."""
    installation.mail_rests_until = installation.clock.now() + REST
    why = str(error)
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is None or kept.state != "queued":
            return None
        kept.reached, kept.detail = None, why
        if _is_late(record, kept):
            record.writes.call_off(kept, f"{why}; its time is over")
            return None
        if isinstance(error, LoginError) or number >= TELL_AFTER:
            ask(record, TaskKind.MAIL_TROUBLE, _SERVER, why=why)
    log.warning("mail not sent", write=write.id, why=why)
    return Later(min(LONGEST, SHORTEST * 3 ** min(number - 1, 6)))


def _is_late(record: Record, write: WriteRow) -> bool:
    if write.kind == DIGEST:
        return write.subject != f"{DIGEST}:{record.today}"
    row = record.bookings.get(write.subject)
    return row is None or row.start_at <= record.now


def _refused(installation: Installation, write: WriteRow, why: str) -> None:
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is not None and kept.state == "queued":
            _give_to_staff(record, kept, why)


def _unsure(installation: Installation, write: WriteRow, why: str) -> None:
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is not None and kept.state == "queued":
            _give_to_staff(record, kept, why, left=_UNSURE)


def _give_to_staff(record: Record, write: WriteRow, why: str, *, left: str = _NOT_LEFT) -> None:
    write.state, write.done_at, write.detail, write.reached = "failed", record.now, why, None
    row = record.bookings.get(write.subject)
    if row is not None:
        what = _CALL[write.kind]
        ask(record, TaskKind.NOT_MAILED, write.id, about=row, left=left, why=why, what=what)
    log.warning("mail given up", write=write.id, why=why)


def _close(installation: Installation, write: WriteRow, state: str, why: str) -> None:
    with installation.write_about(WriteRow, write.id) as (record, kept):
        if kept is not None and kept.state == "queued":
            kept.state, kept.done_at, kept.detail = state, record.now, why
    log.info("mail not sent", write=write.id, why=why)
