"""How bookings are shown that are to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..store.models import WriteRow
from .face_parts import (
    ARRIVED,
    ASK_AGAIN,
    LET_STAND,
    STOP,
    TRY_NOW,
    UNDO_WORD,
    Button,
    Face,
    Tag,
    Words,
)
from .say import day_in_words
from .sight import Sight

Maker = Callable[[Sight, Words, Button | None], Face]


def _not_decided(_: Sight, __: Words, ___: Button | None) -> Face:
    return Face((Tag("Being judged", "clock", "watch"),), "Judged within a minute.", None, ARRIVED)


def _first_look(sight: Sight, _: Words, __: Button | None) -> Face:
    taken = sight.first_look.taken if sight.first_look is not None else 0
    return Face(
        (Tag("Not judged yet", "eye", "watch"),),
        "Judged when all are in. Until then nothing is written.",
        None,
        ARRIVED,
        cause=f"Its calendar is still being taken in: {taken} bookings so far.",
    )


def _allowed(sight: Sight, _: Words, __: Button | None) -> Face:
    following = "Nothing until the visit."
    if sight.why is not None and sight.why.owed:
        following = sight.why.owed
    return Face((Tag("Confirmed", "check", "ok"),), following, None, ARRIVED)


def _pays(_: Sight, __: Words, ___: Button | None) -> Face:
    return Face((Tag("Confirmed", "check", "ok"),), "Paid at the visit.", None, ARRIVED)


def _until(sight: Sight, words: Words) -> str:
    due = sight.cause.due_day if sight.cause is not None else None
    return f" until {day_in_words(due, words.this_year)}" if due else ""


def _held(sight: Sight, words: Words, cure: Button | None) -> Face:
    until = _until(sight, words)
    following = f"Kept{until}. Then it is judged again." if until else "It is not refused."
    tag = Tag(f"On hold{until}", "pause", "hold")
    return Face((tag,), following, cure or LET_STAND, _here(sight), needs="hold")


def _here(sight: Sight) -> Button | None:
    return ARRIVED if not sight.begun or not sight.over else None


def _held_by_hand(sight: Sight, words: Words, cure: Button | None) -> Face:
    told = "" if sight.by_hand else f"{sight.platform} already told the client yes. "
    return Face(
        (Tag(f"On hold{_until(sight, words)}, by hand", "pause", "hold"),),
        f"{told}Nothing happens by itself. Call if it cannot stand.",
        cure or LET_STAND,
        ARRIVED,
        needs="hold",
    )


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _refusal_waits(sight: Sight, words: Words, cure: Button | None) -> Face:
    assert sight.refused_at is not None
    at = words.at(sight.refused_at, sight.now)
    does = "declines" if sight.row.platform_status == "pending" else "cancels"
    following = (
        f"{_first_up(at)} {sight.platform_within} {does} the visit. "
        "What cures it before calls it off."
    )
    return Face((Tag(f"Refused {at}", "clock", "stop"),), following, STOP, cure, needs="stop")


def _refusing(sight: Sight, _: Words, cure: Button | None) -> Face:
    told = _left_to_staff(sight) or f"{sight.platform} is told now."
    return Face((Tag("Cannot stand", "clock", "stop"),), told, LET_STAND, cure, needs="stop")


def _stopped(sight: Sight, _: Words, cure: Button | None) -> Face:
    who = sight.word.name if sight.word is not None else "somebody"
    return Face(
        (Tag(f"Stopped by {who}", "hand", "hold"),),
        "Stays on hold until the visit. You get a task the day before.",
        cure or LET_STAND,
        LET_STAND if cure is not None else UNDO_WORD,
        needs="hold",
    )


def _let_stand(sight: Sight, words: Words, __: Button | None) -> Face:
    who, reason = (sight.word.name, sight.word.reason) if sight.word else ("somebody", "")
    following = "Stands until the visit is over. Only a person can change that."
    if sight.next is not None:  # the word ends before the visit
        until = words.until(sight.next.at, sight.now)
        following = f"Stands until {until}. Then it is judged again."
    return Face(
        (Tag(f"Let stand by {who}", "hand", "ok"),),
        following,
        None,
        ARRIVED,
        cause=f"\u201c{reason}\u201d" if reason else "",
        shows_cause=False,
    )


def _refuse_ordered(sight: Sight, words: Words, _: Button | None) -> Face:
    who, reason = (sight.word.name, sight.word.reason) if sight.word else ("somebody", "")
    return Face(
        (Tag(f"Refused by {who}", "hand", "stop"),),
        _when_refused(sight, words),
        UNDO_WORD,
        cause=f"\u201c{reason}\u201d" if reason else "",
        needs="stop",
        shows_cause=False,
    )


def _when_refused(sight: Sight, words: Words) -> str:
    """When the platform is told of a refusal that a person ordered. Until the word was weighed
    nothing waits yet: its pause counts from when it was said."""
    left = _left_to_staff(sight)
    if left or _told_now(sight):
        return left or f"{sight.platform} is told now."
    at = sight.refused_at
    if at is None and sight.word is not None and sight.account is not None:
        at = sight.word.at + sight.account.settings.pause
    if at is None or at <= sight.now:
        return f"{sight.platform} is told now."
    return f"{_first_up(words.at(at, sight.now))} {sight.platform_within} is told."


def _left_to_staff(sight: Sight) -> str:
    """What is said of a refusal of which no platform is told."""
    if sight.by_hand:
        return "Tell the client."
    if sight.watching:
        return "Nothing is written: this account only watches."
    left = any(w.reached in ("manual", "unsupported") for w in _refusals(sight))
    words = f"{sight.platform} is not told. Cancel the visit there, and tell the client."
    return words if left else ""


def _told_now(sight: Sight) -> bool:
    return any(write.state == "queued" for write in _refusals(sight))


def _refusals(sight: Sight) -> list[WriteRow]:
    """What was wanted of the platform to refuse the booking at its time of now."""
    wanted = ("block", sight.row.revision)
    return [write for write in sight.writes if (write.kind, write.revision) == wanted]


def _kept(_: Sight, __: Words, cure: Button | None) -> Face:
    return Face(
        (Tag("Kept: a person said yes", "hand", "watch"),),
        "Stays. What a person accepted is never cancelled here.",
        cure or LET_STAND,
        ARRIVED,
        needs="hold",
    )


def _accepted_refuse(sight: Sight, _: Words, cure: Button | None) -> Face:
    by = "Booked by hand" if sight.by_hand else f"Confirmed by {sight.platform_within}"
    refuse = Button("Refuse…", href=f"/bookings/{sight.row.id}/refuse")
    return Face(
        (Tag(by, "alert", "hold"),),
        "Nothing happens by itself.",
        cure or refuse,
        LET_STAND if cure is None else refuse,
        needs="hold",
    )


def _watching(sight: Sight, _: Words, cure: Button | None) -> Face:
    would = {"allow": "would be confirmed", "hold": "would be held", "block": "would be refused"}
    glyph = {"allow": "check", "hold": "pause", "block": "cross"}
    outcome = sight.row.outcome or "hold"
    return Face(
        (Tag("Watching only", "eye", "watch"), Tag(would[outcome], glyph[outcome])),
        "Nothing is written: this account only watches.",
        None if outcome == "allow" else cure,
        ARRIVED,
    )


def _who(sight: Sight, _: Words, __: Button | None) -> Face:
    compare = Button("Compare the two", href=f"/bookings/{sight.row.id}/client")
    return Face(
        (Tag("Who is this?", "ask", "hold"),),
        "On hold until you say who it is. It is never refused for this.",
        compare,
        needs="hold",
    )


def _no_answer(_: Sight, __: Words, ___: Button | None) -> Face:
    return Face(
        (Tag("Rules gave no answer", "alert", "hold"),),
        "Asked again with the next news. On hold until they answer, or you decide.",
        LET_STAND,
        ASK_AGAIN,
        needs="hold",
    )


def _not_told(sight: Sight, _: Words, __: Button | None) -> Face:
    stands = {"allow": "Allowed", "hold": "On hold", "block": "Cannot stand"}
    tag = Tag(
        f"{stands[sight.row.outcome or 'hold']}, {sight.platform_within} not told", "plug", "hold"
    )
    following = f"{sight.platform} did not take it. Tried again every few minutes. Nothing is lost."
    return Face((tag,), following, TRY_NOW, ARRIVED, needs="hold")


#: By state, what is shown of a booking that stands.
LIVE_FACES: Mapping[str, Maker] = {
    "not-decided": _not_decided,
    "first-look": _first_look,
    "allowed": _allowed,
    "pays": _pays,
    "held": _held,
    "held-by-hand": _held_by_hand,
    "refusal-waits": _refusal_waits,
    "refusing": _refusing,
    "stopped": _stopped,
    "let-stand": _let_stand,
    "refuse-ordered": _refuse_ordered,
    "kept": _kept,
    "accepted-refuse": _accepted_refuse,
    "watching": _watching,
    "who": _who,
    "no-answer": _no_answer,
    "not-told": _not_told,
}
