"""Why an account's platform cannot be asked, or told: kept with the account until it answers again,
and said wherever somebody looks (``doctor``, ``/readyz``, ``/v1/accounts``, the pages).

Nothing is lost by it: the next look goes on where the last one ended, and what was not told waits.
And nothing is freed: what is on hold stays so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..api.connectors import PlatformBusyError, PlatformError
from ..store.models import MetaRow
from ..store.record import Record
from .health import in_words

#: How much is kept of what was said.
MAX_SAID = 250
#: How long the text may be that is kept of it all, signs that JSON writes longer included.
_ROOM = 400
#: The call that a message begins with, and the kind of error behind it.
_CALL = re.compile(r"\A(?:[\w.-]+: )?[A-Z]{3,9} [^\s:]*(?:: | (?=answered))")
_KIND = re.compile(r" \(\w*(?:Error|Timeout)\)")
#: A platform that is silent for less is being renewed.
PASSING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was said last, since when nothing else is, and whether asking again can help."""

    account: str
    since: datetime
    said: str
    lasting: bool

    def plain(self, now: datetime) -> str:
        """For staff: without the calls that programs make."""
        return replace(self, said=in_plain(self.said)).words(now)

    def words(self, now: datetime) -> str:
        """For staff, and for whoever runs the service."""
        age = in_words(max(timedelta(0), now - self.since))
        if self.lasting:
            return f"its platform refuses the bridge, for {age}: {self.said}"
        return f"its platform has not answered for {age}: {self.said}; it is tried again by itself"

    def matters(self, now: datetime) -> bool:
        """Whether somebody should look: it lasts, or has lasted for some while."""
        return self.lasting or now - self.since >= PASSING


def in_plain(message: str) -> str:
    """What a platform's client says, without the call it was about and the kind of its error."""
    return _KIND.sub("", _CALL.sub("", message))


def note_trouble(record: Record, account: str, error: PlatformError) -> None:
    """The platform could not be asked. That there were too many calls is nobody's trouble."""
    if isinstance(error, PlatformBusyError):
        return
    known = trouble_of(record, account)
    since = known.since if known is not None else record.now
    said = " ".join(error.message.split())[:MAX_SAID]
    value = _kept(since, said, lasting=error.permanent)
    while len(value) > _ROOM:
        said = said[: len(said) // 2]
        value = _kept(since, said, lasting=error.permanent)
    record.session.merge(MetaRow(clinic=record.clinic, name=_name(account), value=value))


def _kept(since: datetime, said: str, *, lasting: bool) -> str:
    kept = {"since": since.isoformat(), "lasting": lasting, "said": said}
    return json.dumps(kept, ensure_ascii=False)


def trouble_is_over(record: Record, account: str) -> bool:
    """The platform answered. Whether it did not before."""
    row = record.session.get(MetaRow, (record.clinic, _name(account)))
    if row is None:
        return False
    record.session.delete(row)
    return True


def trouble_of(record: Record, account: str) -> Trouble | None:
    """What is amiss with the account's platform; ``None``: nothing, as far as is known."""
    row = record.session.get(MetaRow, (record.clinic, _name(account)))
    if row is None:
        return None
    kept = json.loads(row.value)
    since = datetime.fromisoformat(kept["since"])
    return Trouble(account, since, kept["said"], kept["lasting"])


def all_trouble(record: Record, accounts: Iterable[str]) -> Iterator[Trouble]:
    """Of all accounts, what somebody should look at."""
    for account in accounts:
        found = trouble_of(record, account)
        if found is not None and found.matters(record.now):
            yield found


def _name(account: str) -> str:
    return f"trouble:{account}"
