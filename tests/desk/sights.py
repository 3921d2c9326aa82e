"""Bookings as rows see them, made by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from massage_ins_bridge.desk.accounts import Account
from massage_ins_bridge.desk.coming import coming
from massage_ins_bridge.desk.face_parts import Button, Face, Words
from massage_ins_bridge.desk.faces import face, state_of
from massage_ins_bridge.desk.opened import Reason, Why
from massage_ins_bridge.desk.sight import Saying, Sight
from massage_ins_bridge.desk.staff_words import StaffWords
from massage_ins_bridge.store.bookings import Details
from massage_ins_bridge.store.models import BookingRow, WriteRow

NOW = datetime(2026, 12, 8, 17, 12, tzinfo=UTC)  # 9:12 AM in Seattle
TODAY, LATER = NOW + timedelta(hours=3), NOW + timedelta(days=9)
WORDS = Words("America/Los_Angeles", 2026)
CURE = Button("Add prescription", href="/clients/pat_1/prescriptions/new")


def shown_of(seen: Sight, cure: Button | None = None) -> Face:
    """What the row of a booking shows."""
    return face(seen, state_of(seen), WORDS, cure)


def account(enforcement: str = "enforce", *can: str, called: str = "Cal.com") -> Account:
    pause = timedelta(minutes=15)
    settings = SimpleNamespace(
        enforcement=enforcement, connector="calcom", name="desk", pause=pause
    )
    connector = SimpleNamespace(capabilities=frozenset(can), platform_name=called)
    return Account(cast(Any, settings), cast(Any, connector))


def why(key: str = "prescription", cost: str = "hold", due: str | None = "2026-12-11") -> Why:
    reason = Reason(key, "No prescription is on file.", "Ask for it.", due, "CP-LEAD")
    return Why("dec_1", (reason,), "claim", cost=cost, visit=1)


def write(kind: str, state: str, **more: Any) -> WriteRow:
    return WriteRow(kind=kind, state=state, revision=1, **more)


def sight(outcome: str | None = "hold", **changes: Any) -> Sight:
    """A pending booking on an account that enforces; fields of its row go to the row."""
    row = BookingRow(
        id="bkg_1",
        account="desk",
        patient_id="pat_1",
        start_at=LATER,
        end_at=None,
        platform_status="pending",
        outcome=outcome,
        hold_state="native" if outcome == "hold" else None,
    )
    for name in [n for n in changes if hasattr(BookingRow, n) and n != "account"]:
        setattr(row, name, changes.pop(name))
    made = Sight(
        row=row,
        details=Details(),
        client="Ada Lindqvist",
        payer="Regence",
        why=why(cost="none") if outcome == "allow" else why(),
        said=StaffWords(),
        word=None,
        writes=(),
        account=account(),
        first_look=None,
        moved_from=None,
        tasks=frozenset(),
        now=NOW,
    )
    made = replace(made, **changes)
    return replace(made, next=coming(made.row, (), made.writes, NOW, WORDS.zone))


WAITS = write("block", "waiting", due_at=NOW + timedelta(minutes=3))
REFUSED = write("block", "done", reached="native", done_at=NOW - timedelta(minutes=31))
STOP = Saying("stop", "Dana", "", NOW)
SAID_YES = Saying("allow", "Dana", "the plan said yes", NOW)
