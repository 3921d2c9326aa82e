"""How what was done at the desk is taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ..store.forget import forget_client
from ..store.record import Record
from . import (
    bookings,
    chart,
    mail_texts,
    overrides,
    paper_states,
    plugin_choice,
    receipts,
    refusals,
    tasks,
    users,
    views,
)
from .errors import ConflictError, DeskError, NotFoundError
from .installation import Installation
from .papers import document_row
from .roles import May
from .rulefile import change
from .staff_words import open_words
from .tags import tag_of
from .visits import close_booking, locked_booking

Needs = Mapping[str, Any]
_SINCE_FILE = (
    "A client of that file was changed, or booked, since. Nothing was taken back: change what is "
    "wrong where it stands."
)
_SINCE_RULES = "What the rules were before is kept for a week. Change the rule where it stands."
#: Given what it needs, and the name of who does it.
WayBack = Callable[[Installation, Record, Needs, str], object]
_SINCE = "It was changed since. Change it where it stands instead."


def _must_be_left(*, as_it_was: bool) -> None:
    """Raises ``ConflictError`` where somebody has changed it since: their word is the later one."""
    if not as_it_was:
        raise ConflictError(_SINCE)


def _word_stands(record: Record, needs: Needs) -> None:
    """Raises ``ConflictError`` where the word that was said counts no more."""
    words = record.words.of_bookings([needs["booking"]]).get(needs["booking"], [])
    known = {word.id for word in open_words(words, record.now)}
    _must_be_left(as_it_was=needs.get("word") in known)


def _arrived(_: Installation, record: Record, needs: Needs, __: str) -> None:
    locked_booking(record, needs["booking"]).arrived_at = None


def _ending(installation: Installation, record: Record, needs: Needs, _: str) -> None:
    row = locked_booking(record, needs["booking"])
    _must_be_left(as_it_was=row.platform_status in needs.get("left", ()))
    close_booking(installation, record, row.id, needs["back"])


def _override(_: Installation, record: Record, needs: Needs, by: str) -> None:
    _word_stands(record, needs)
    overrides.take_back(record, needs["booking"], {"name": by})


def _stop(_: Installation, record: Record, needs: Needs, by: str) -> None:
    _word_stands(record, needs)
    refusals.resume(record, needs["booking"], {"name": by})


def _fact(_: Installation, record: Record, needs: Needs, __: str) -> None:
    """``after``: the tag of the fact as it was left."""
    where = (needs["fact"][0], needs["fact"][1], needs["fact"][2])
    _must_be_left(as_it_was=tag_of(chart.get_fact(record, *where).data) == needs["after"])
    chart.change_fact(record, where, needs["before"], merge=False)


def _fact_added(_: Installation, record: Record, needs: Needs, __: str) -> None:
    where = (needs["fact"][0], needs["fact"][1], needs["fact"][2])
    _must_be_left(as_it_was=tag_of(chart.get_fact(record, *where).data) == needs["after"])
    chart.remove_fact(record, where)


def _paper_read(installation: Installation, record: Record, needs: Needs, by: str) -> None:
    _fact_added(installation, record, needs, by)
    paper_states.change_document(installation, record, needs["document"], {"state": "new"})


def _paper(installation: Installation, record: Record, needs: Needs, _: str) -> None:
    row = document_row(record, needs["document"])
    _must_be_left(as_it_was=paper_states.as_it_is(row) == needs["after"])
    paper_states.change_document(installation, record, row.id, needs["before"])


def _fact_removed(_: Installation, record: Record, needs: Needs, __: str) -> None:
    made = chart.add_fact(record, needs["fact"][0], needs["fact"][1], needs["before"])
    if needs.get("document"):
        paper_states.file_with(record, needs["document"], made.record)


def _client(_: Installation, record: Record, needs: Needs, __: str) -> None:
    now = views.client(record, chart.client_row(record, needs["patient"], lock=True))
    after = needs.get("after", {})
    _must_be_left(as_it_was={name: now.get(name) for name in needs["before"]} == after)
    chart.change_client(record, needs["patient"], needs["before"])


def _booking(_: Installation, record: Record, needs: Needs, __: str) -> None:
    details = record.bookings.details(locked_booking(record, needs["booking"]))
    _must_be_left(
        as_it_was={name: getattr(details, name) for name in needs["before"]} == needs.get("after")
    )
    bookings.change_booking(record, needs["booking"], needs["before"])


def _made(_: Installation, record: Record, needs: Needs, __: str) -> None:
    row = chart.client_row(record, needs["patient"], lock=True)
    _must_be_left(as_it_was=tag_of(chart.whole_client(record, row)) == needs["after"])
    _must_be_left(as_it_was=forget_client(record, row))


def _charts(installation: Installation, record: Record, needs: Needs, by: str) -> None:
    """All steps of a file that was taken in, the last first; as a whole, or not at all."""
    try:
        for kind, patient, step in reversed(needs["steps"]):
            if kind == "made":
                _made(installation, record, {"patient": patient, "after": step}, by)
            else:
                WAYS_BACK[kind](installation, record, step, by)
    except DeskError:
        raise ConflictError(_SINCE_FILE) from None


def _nothing(_: Installation, __: Record, ___: Needs, ____: str) -> None:
    """That it is marked as undone is all."""


def _task(_: Installation, record: Record, needs: Needs, __: str) -> None:
    tasks.reopen(record, needs["task"])


def _task_reopened(_: Installation, record: Record, needs: Needs, __: str) -> None:
    tasks.finish(record, needs["task"])


def _task_added(_: Installation, record: Record, needs: Needs, __: str) -> None:
    record.tasks.close((tasks.TaskKind.OWN, needs["topic"]))


def _task_put(_: Installation, record: Record, needs: Needs, __: str) -> None:
    row = tasks.task_row(record, needs["task"], lock=True)
    until = needs["until"]
    row.snoozed_until = date.fromisoformat(until) if until else None
    row.given_to = needs["to"]


def _user(_: Installation, record: Record, needs: Needs, __: str) -> None:
    users.let_in_again(record, needs["user"])


def _user_changed(_: Installation, record: Record, needs: Needs, __: str) -> None:
    now = users.shown(record, users.user_row(record, needs["user"]))
    _must_be_left(as_it_was=users.as_sent(now) == needs["after"])
    users.change_user(record, needs["user"], needs["before"])


def _receipt(_: Installation, record: Record, needs: Needs, by: str) -> None:
    receipts.undo(record, needs["receipt"], by)


def _rules(installation: Installation, record: Record, needs: Needs, _: str) -> None:
    try:
        change.take_back(installation, record, needs["draft"])
    except NotFoundError:
        raise ConflictError(_SINCE_RULES) from None


def _plugin(installation: Installation, record: Record, needs: Needs, _: str) -> None:
    plugin_choice.switch_back(installation, record, needs)


def _plugin_forgotten(installation: Installation, record: Record, needs: Needs, _: str) -> None:
    plugin_choice.remember_again(installation, record, needs)


def _mail_text(_: Installation, record: Record, needs: Needs, __: str) -> None:
    mail_texts.put_text_back(record, needs)


#: By name, how acts are taken back.
WAYS_BACK: Mapping[str, WayBack] = {
    "arrived": _arrived,
    "ending": _ending,
    "override": _override,
    "stop": _stop,
    "fact": _fact,
    "fact-added": _fact_added,
    "paper": _paper,
    "paper-read": _paper_read,
    "fact-removed": _fact_removed,
    "client": _client,
    "booking": _booking,
    "note": _nothing,
    "worksheet": _nothing,
    "task": _task,
    "task-added": _task_added,
    "task-reopened": _task_reopened,
    "task-put": _task_put,
    "receipt": _receipt,
    "charts": _charts,
    "user": _user,
    "user-changed": _user_changed,
    "rules": _rules,
    "plugin": _plugin,
    "plugin-forgotten": _plugin_forgotten,
    "mail-text": _mail_text,
}
#: What somebody must be allowed to take such an act back; ``work`` for those that are not named.
NEEDED: Mapping[str, May] = {
    "paper": "papers",
    "override": "word",
    "stop": "word",
    "user": "people",
    "user-changed": "people",
    "rules": "rules",
    "plugin": "settings",
    "plugin-forgotten": "settings",
    "mail-text": "settings",
}
