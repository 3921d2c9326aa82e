"""The small vocabulary of a decision."""

from dataclasses import dataclass, replace
from datetime import date

EFFECTS = ("none", "warn", "hold", "block")
KEYS = (
    *("coverage", "coordination", "network", "intake", "guardian-consent", "prescription"),
    *("prescription.signature", "prescription.diagnosis", "prescription.frequency"),
    *("prescription.duration", "prescription.prescriber", "prescription.current"),
    *("prescription.visits", "prescription.orders", "prescription.purpose"),
    *("prescription.lead-time", "diagnosis.reimbursable", "medical-necessity"),
    *("clinic-approval", "referral", "prior-authorization", "claim", "progress-report"),
    *("same-day-care", "place", "benefit", "cost-share", "identity"),
)
NOT_COVERED = "not covered"  # the cause of a block that lets a client pay for themselves
Action = tuple[str, date | None]


@dataclass(frozen=True)
class Item:
    """How a requirement stands.

    ``also``: other statuses that the text leaves open; ``optional``: may be left out; ``free_due``:
    the text leaves the day open; ``may``: actions that the text neither asks for nor rules out.
    """

    status: str
    effect: str = "none"
    due: date | None = None
    cause: str = ""
    actions: tuple[Action, ...] = ()
    may: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    optional: bool = False
    free_due: bool = False


def met(effect: str = "none", *, optional: bool = False) -> Item:
    return Item("met", effect, optional=optional)


def unmet(effect: str, *actions: Action, cause: str = "", may: tuple[str, ...] = ()) -> Item:
    return Item("unmet", effect, cause=cause, actions=actions, may=may)


def unknown(effect: str = "hold", *actions: Action, may: tuple[str, ...] = ()) -> Item:
    return Item("unknown", effect, actions=actions, may=may)


def open_hold(*actions: Action, may: tuple[str, ...] = ()) -> Item:
    """The text says hold and no more: unmet or unknown."""
    return Item("unmet", "hold", actions=actions, may=may, also=("unknown",))


def until(today: date, last: date, cause: str, *actions: Action) -> Item:
    """Hold through the last day, block from the day after; a late block asks for nothing."""
    if today <= last:
        return Item("unmet", "hold", last, actions=actions)
    return Item("unmet", "block", last, cause=cause)


def cost(item: Item) -> int:
    return EFFECTS.index(item.effect)


def costlier(*items: Item) -> Item:
    """The costliest; of equal cost the earlier due, and either status."""
    top = max(items, key=cost)
    equals = [item for item in items if item.effect == top.effect]
    best = min(equals, key=lambda item: item.due or date.max)
    statuses = {s for item in equals for s in (item.status, *item.also)}
    actions = tuple(dict.fromkeys(action for item in equals for action in item.actions))
    may = tuple(kind for item in items for kind in (*item.may, *(k for k, _ in item.actions)))
    return replace(
        best,
        also=tuple(sorted(statuses - {best.status})) if cost(best) else best.also,
        actions=actions,
        may=may,
        cause=next((item.cause for item in equals if item.cause), ""),
    )


def at_most_held(item: Item) -> Item:
    return replace(item, effect="hold") if item.effect == "block" else item


def resting_on(item: Item, *, confirmed: bool) -> Item:
    """A requirement that rests on a fact that staff has or has not confirmed."""
    if confirmed:
        return item
    if item.status == "met":
        return replace(item, status="unknown", effect="hold")
    return at_most_held(item)
