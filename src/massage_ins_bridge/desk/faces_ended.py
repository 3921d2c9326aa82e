"""How bookings are shown whose time is over, or which were called off."""

from __future__ import annotations

from collections.abc import Mapping

from .face_parts import COMPLETED, LET_STAND, Button, Face, Tag, Words
from .faces_live import Maker
from .sight import Sight


def _was_it_held(_: Sight, __: Words, ___: Button | None) -> Face:
    tag = Tag("Was this visit held?", "ask", "hold")
    plain = Button("No-show", "no-show")
    return Face(
        (tag,), "Counts as held until you say.", COMPLETED, plain, needs="hold", shows_cause=False
    )


def _completed(sight: Sight, _: Words, __: Button | None) -> Face:
    undo = Button("Undo completed", "open")
    owed = sight.why.owed if sight.why is not None else ""
    return Face((Tag("Completed", "check"),), owed, None, undo, shows_cause=False)


def _unpaid(_: Sight, __: Words, cure: Button | None) -> Face:
    tag = Tag("Completed, may be unpaid", "alert", "hold")
    undo = Button("Undo completed", "open")
    return Face((tag,), "The claim waits for what is missing.", cure, undo, needs="hold")


def _no_show(_: Sight, __: Words, ___: Button | None) -> Face:
    undo = Button("Undo no-show", "open")
    words = "Nothing. No claim is sent, and the visit does not count."
    return Face((Tag("No-show", "away"),), words, None, undo, shows_cause=False)


def _refused(sight: Sight, words: Words, _: Button | None) -> Face:
    write = sight.ended_by_bridge
    at = f" {words.at(write.done_at, sight.now)}" if write and write.done_at else ""
    tell = "tell-client" in sight.tasks
    following = (
        f"{sight.platform} does not tell the client. Call today."
        if tell
        else f"{sight.platform} told the client."
    )
    main = Button("Client told", "told") if tell else None
    by = sight.refused_by
    if by is not None:  # what the rules say beside it is not why
        tag = Tag(f"Refused by {by.name}{at}", "hand")
        cause = f"\u201c{by.reason}\u201d" if by.reason else ""
        return Face((tag,), following, main, cause=cause, shows_cause=False)
    back = None
    if sight.account is not None and sight.account.can("reopen") and not sight.begun:
        back = LET_STAND
    why = sight.why is not None and sight.why.cost in ("hold", "block")  # else it was a word
    return Face((Tag(f"Refused{at}", "cross"),), following, main, back, shows_cause=why)


def _called_off(sight: Sight, words: Words, _: Button | None) -> Face:
    row = sight.row
    when = f"Called off {words.soon(row.called_off_at, sight.now)}." if row.called_off_at else ""
    if row.outcome == "block":
        when = f"{when} It could not stand, so it does not count as late.".strip()
    late = sight.late and "gone-on-platform" not in sight.tasks
    tag = Tag("Cancelled late" if late else "Cancelled", "cross")
    undo = Button("Undo", "open") if sight.by_hand else None
    return Face((tag,), when, None, undo, shows_cause=False)


#: By state, what is shown.
ENDED_FACES: Mapping[str, Maker] = {
    "was-it-held": _was_it_held,
    "completed": _completed,
    "completed-unpaid": _unpaid,
    "no-show": _no_show,
    "refused": _refused,
    "called-off": _called_off,
}
