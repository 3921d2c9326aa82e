"""How a booking stands, in one word of a table, and what its row says then. Page and client's words
agree because both go by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .face_parts import ARRIVED, COMPLETED, Button, Face, Tag, Words
from .faces_ended import ENDED_FACES
from .faces_live import LIVE_FACES
from .sight import Sight

#: By state, what is shown.
STATES = {**LIVE_FACES, **ENDED_FACES}


def face(sight: Sight, state: str, words: Words, cure: Button | None) -> Face:
    """What is shown of a booking. ``state``: which entry of the table it is; ``cure``: the button
    that cures its one cause."""
    made = STATES[state](sight, words, cure)
    tags = made.tags
    if not words.same_day(sight.row.start_at, sight.now):  # nobody arrives on another day
        made = replace(made, plain=None if made.plain == ARRIVED else made.plain)
    if sight.live and sight.row.arrived_at is not None and not sight.over:
        here = Tag(f"Here since {words.time(sight.row.arrived_at)}", "check", "ok")
        tags = (here, *(t for t in tags if t.words != "Confirmed"))
        made = _of_one_here(made, sight, state)
    if sight.moved_from is not None and sight.live:
        tags = (*tags, Tag(f"Moved from {words.both(sight.moved_from)}", "move"))
    return replace(made, tags=tags)


def _of_one_here(made: Face, sight: Sight, state: str) -> Face:
    """The row of a client who is here: a visit is completed once it has begun, and not before."""
    if sight.begun:
        made = replace(made, main=COMPLETED, plain=made.main if made.needs else None)
    elif made.plain == ARRIVED:
        made = replace(made, plain=None)
    if state in ("allowed", "pays"):
        made = replace(made, next=_at_completed(sight))
    return made


#: By who is billed how, what is due once the visit is completed.
_DUE = {"claim": ", and its claim is due", "superbill": ", and its superbill is due"}


def _at_completed(sight: Sight) -> str:
    why = sight.why
    due = _DUE.get(why.route or "", "") if why is not None and not sight.details.self_pay else ""
    owed = f" {why.owed}" if why is not None and why.owed else ""
    return f"At Completed: the visit counts{due}.{owed}"


def state_of(sight: Sight) -> str:
    """Which entry of the table a booking is."""
    if not sight.live:
        return _ended(sight)
    return next((state for state, fits in _STANDING if fits(sight)), "") or _decided(sight)


def _rests_on(sight: Sight, key: str) -> bool:
    """Whether a hold or a block rests on a requirement, among others."""
    if sight.row.outcome == "allow" or sight.why is None:
        return False
    return any(reason.key == key for reason in sight.why.reasons)


#: What comes before the outcome, in this order.
_STANDING: tuple[tuple[str, Callable[[Sight], bool]], ...] = (
    ("was-it-held", lambda s: s.over),
    ("first-look", lambda s: s.row.outcome is None and s.first_look is not None),
    ("not-decided", lambda s: s.row.outcome is None),
    ("let-stand", lambda s: s.said.override == "allow"),
    ("refuse-ordered", lambda s: s.said.override == "block"),
    ("who", lambda s: _rests_on(s, "identity")),
    ("watching", lambda s: s.watching),
    ("not-told", lambda s: s.tries is not None),
    ("refusal-waits", lambda s: s.refused_at is not None),
    ("stopped", lambda s: s.said.stopped and s.row.outcome == "hold"),
    ("no-answer", lambda s: _rests_on(s, "plugin.failed")),
)


def _ended(sight: Sight) -> str:
    row = sight.row
    if row.platform_status == "completed":
        return "completed-unpaid" if row.outcome in ("hold", "block") else "completed"
    if row.platform_status == "no-show":
        return "no-show"
    if row.outcome == "block" and sight.ended_by_bridge is not None:
        return "refused"
    return "called-off"


def _decided(sight: Sight) -> str:
    row = sight.row
    if row.outcome == "allow":
        if sight.details.self_pay:
            return "pays"
        return "allowed"
    if row.outcome == "hold":
        return "held-by-hand" if row.hold_state == "manual" or sight.by_hand else "held"
    if row.platform_status == "pending" or sight.said.ordered:
        return "refusing"
    return "kept" if row.accepted_by == "person" else "accepted-refuse"
