"""A form that was sent after its browser was signed out: kept sealed for an hour with its files,
and shown to the same person once they are signed in again. It is never sent by itself."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..store.record import Record
from ..store.user_models import SessionRow
from ..store.vault import SealError
from .papers import Given
from .sign_in import csrf_fits, csrf_of, is_over

KEPT_FOR = timedelta(hours=1)
_PLACE = "sessions.kept"
#: Forms of these pages are kept; those that hold a password or a key are not.
_PAGES = (
    *("/clients/", "/bookings/", "/tasks/", "/rules/", "/settings/texts/", "/people", "/accounts/"),
    "/plugins/",
)
#: What a form carries beside what was typed; the mark of its one use stays its own.
_OWN = frozenset({"csrf", "seen", "was", "once", "back"})
#: The field that stands for the files that are kept, where a form is sent once more.
KEPT_FILES = "kept_files"

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``path``: where it was sent to; ``fields``: all of it but the mark of the session that is
    over, in order; ``files``: what was chosen with it; ``typed``: those of the fields that somebody
    chose or wrote."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[Given, ...] = ()

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, said) for name, said in self.fields if name not in _OWN and said)


def may_be_shown(path: str) -> bool:
    """Whether what was typed in a form of that page may be shown again: it holds no secret."""
    return path.startswith(_PAGES)


def may_keep(record: Record, token: str, path: str) -> bool:
    """Whether a form of that page may be kept for a browser: its session is known, and over."""
    return _over(record, token, path) is not None


def keep(record: Record, token: str, path: str, pairs: Pairs, files: Sequence[Given] = ()) -> bool:
    """Keep a form of a session that is over; whether it is kept: it must be one of that session's
    own pages."""
    row = _over(record, token, path)
    if row is None or not csrf_fits(csrf_of(record, token), dict(pairs).get("csrf", "")):
        return False
    said = {
        "path": path,
        "at": record.now.isoformat(),
        "fields": [[name, said] for name, said in pairs if name != "csrf"],
        "files": [[file.name, b64encode(file.content).decode()] for file in files],
    }
    forget_kept_forms(record)
    row.ended_at = row.ended_at or record.now  # it is over; from here on the hour is counted
    row.kept_sealed = record.vault.seal_json(said, record.place(_PLACE))
    return True


def forget_kept_forms(record: Record) -> None:
    """Keep no form of this clinic for longer than its hour."""
    record.users.forget_kept(record.now - KEPT_FOR)


def _over(record: Record, token: str, path: str) -> SessionRow | None:
    row = record.users.session(token) if token else None
    if row is None or not is_over(record, row) or not path.startswith(_PAGES):
        return None
    return row


def carry_over(record: Record, before: str, now: str) -> bool:
    """Hand what is kept on from a browser's former session to the one that begins, where both are
    the same person's; whether there is anything."""
    old = record.users.session(before) if before else None
    new = record.users.session(now)
    if old is None or new is None or old.kept_sealed is None:
        return False
    kept, old.kept_sealed = old.kept_sealed, None
    if old.user_id != new.user_id:
        return False
    new.kept_sealed = kept
    return kept_form(record, new) is not None


def kept_form(record: Record, session: SessionRow | None) -> KeptForm | None:
    """What is kept of a session; ``None`` after an hour."""
    if session is None or session.kept_sealed is None:
        return None
    try:
        said = record.vault.open_json(session.kept_sealed, record.place(_PLACE))
    except SealError:
        return None
    if record.now - datetime.fromisoformat(said["at"]) > KEPT_FOR:
        return None
    files = tuple(Given(name, b64decode(content)) for name, content in said.get("files", ()))
    return KeptForm(said["path"], tuple((name, typed) for name, typed in said["fields"]), files)
