"""Prior authorization, as each payer asks for it, and what waives it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from .counting import LAW_FROM, chain, counted, last_day_to_ask, number, paid_by_payer
from .names import PREMERA, REGENCE
from .oracle_exempt import (
    DOUBTFUL,
    FIRM,
    FREE_VISITS,
    REVIEWS_FROM,
    Ground,
    exemptions,
    hearsay,
    in_scope,
    law,
    law_could_lift,
)
from .oracle_lni import lni
from .records import PRIOR
from .sides import Side
from .standing import Stand, stand
from .terms import (
    NOT_COVERED,
    Action,
    Item,
    at_most_held,
    met,
    open_hold,
    resting_on,
    unknown,
    unmet,
    until,
)

GRACE = timedelta(days=7)
GOOD = ("covered", "not-required")
ASK, MORE, CHASE = "request-authorization", "request-extension", "chase-authorization"
LATE = "late"


def prior_authorization(side: Side) -> tuple[Item | None, list[Ground]]:
    """The requirement, and what was said to waive it."""
    item = asked(side)
    grounds = [*exemptions(side), *hearsay(side), *law(side)]
    if item is None:
        shown = side.payer in PREMERA and any(g[1] == FIRM for g in law(side))
        return (Item("waived"), law(side)) if shown else (None, [])
    if any(strength == FIRM for _, strength in grounds):
        return Item("waived"), grounds
    item = resting_on(softened(side, item), confirmed=side.confirmed or side.coverage is None)
    if side.coverage is None:
        item = replace(item, also=(*item.also, "unknown"))
    if any(strength == DOUBTFUL for _, strength in grounds):
        may = tuple(kind for kind, _ in item.actions)
        if item.status == "unmet" and item.effect != "warn":
            item = replace(item, status="unknown", effect="hold", also=())
        item = replace(item, actions=(), may=(*item.may, *may, ASK, MORE, CHASE, "appeal"))
    return item, grounds


def softened(side: Side, item: Item) -> Item:
    """What does not block after all: late ones where the clinic says so, out of network, where the
    network is unknown, where no coverage is in force."""
    late = side.facts.clinic("late_authorization", "block") == "hold"
    soft = side.network in ("out", "unknown") or not side.in_force or side.stands == "unknown"
    if item.effect == "block" and (soft or (late and item.cause.startswith(LATE))):
        kinds = tuple(kind for kind, _ in item.actions)
        return replace(at_most_held(item), may=(*item.may, *kinds, ASK, MORE, "send-lni-form"))
    return item


def asked(side: Side) -> Item | None:
    """As the payer asks for it, before waivers."""
    if side.payer == "lni":
        return lni(side)
    rule = RULES.get(side.payer or "")
    if rule is None:
        return None
    paid = paid_by_payer(side)
    today = side.facts.today
    done = [e.day for e in paid if not e.standing and e.day <= today]
    found = stand(side, (PRIOR,), [e.day for e in paid], done)
    if side.payer in PREMERA and side.facts.day < REVIEWS_FROM:
        return None
    if found.name == "not-required" and side.payer not in PREMERA:
        return met()
    if not side.facts.countable:
        return uncounted(side, found)
    return rule(side, found)


def uncounted(side: Side, found: Stand) -> Item:
    """Without lists only what needs no count is known."""
    if found.name == "not-required":
        return met()
    lifted = law_could_lift(side) or side.payer in PREMERA
    if found.name == "denied" and not lifted:
        return common(found)
    if side.payer == "va" and found.name not in ("covered", "used"):
        return va(side, found)
    return replace(unknown(may=(ASK, MORE, CHASE, "appeal")), also=("unmet",), free_due=True)


def common(found: Stand) -> Item:
    """What means the same to every payer."""
    if found.name in GOOD:
        return met()
    if found.name == "unknown":
        return unknown(may=(ASK,))
    if found.name == "denied":
        return unmet("block", ("appeal", None), cause=NOT_COVERED)
    if found.name in ("asked", "denied-asked"):
        return open_hold((CHASE, None), may=("appeal",))
    return open_hold(may=(ASK, MORE, CHASE, "appeal"))


def lacking(found: Stand) -> bool:
    return found.name in ("none", "used")


def until_asked(side: Side, found: Stand, *, possible: bool) -> Item:
    last = last_day_to_ask(side)
    kind = ASK if found.name == "none" else MORE
    actions: tuple[Action, ...] = ((kind, last),) if possible else ()
    return until(side.facts.today, last, LATE, *actions)


def law_passed(side: Side) -> bool:
    """Fully insured and in network, past the law's six visits."""
    return in_scope(side) and side.network == "in" and len(chain(side)) >= FREE_VISITS


def six_completed(side: Side) -> bool:
    today = side.facts.today
    done = [e for e in chain(side) if not e.standing and e.day <= today]
    return len(done) >= FREE_VISITS


def used_up_before(side: Side) -> bool:
    """Whether the six were used up before our visit 1."""
    first = min((e.day for e in counted(side)), default=side.facts.day)
    own = {id(e) for e in counted(side)}
    return len([e for e in chain(side) if id(e) not in own and e.day <= first]) >= FREE_VISITS


def regence(side: Side, found: Stand) -> Item:
    visits = counted(side)
    if not visits:
        return first_visit(side, found)
    if not lacking(found):
        return common(found)
    if found.name == "used":
        return until_asked(side, found, possible=not found.unspent)
    if law_passed(side) and not used_up_before(side):
        return until_asked(side, found, possible=six_completed(side))
    first = min(e.day for e in visits)
    last = first + GRACE
    if side.facts.today > last and (side.get("from") or "") > first.isoformat():
        return unknown("hold", (ASK, None))
    return until(side.facts.today, last, LATE, (ASK, last))


def first_visit(side: Side, found: Stand) -> Item:
    last = side.facts.day + GRACE
    if found.name in GOOD or found.name in ("denied", "revoked"):
        return common(found)
    if found.name in ("asked", "denied-asked"):
        return Item("due", due=last, actions=((CHASE, last),), may=("appeal",))
    if found.name == "none":
        return Item("due", due=last, actions=((ASK, last),))
    return Item("due", due=last, may=(ASK, MORE, CHASE))


def premera(side: Side, found: Stand) -> Item | None:
    """PRM-01 from the second visit, PRM-02 from the seventh."""
    visit, old = number(side) or 1, side.facts.day < LAW_FROM
    if visit <= (1 if old else FREE_VISITS):
        return None
    if not lacking(found):
        return common(found)
    kind = ASK if found.name == "none" else MORE
    if old or not side.fully_insured or hearsay(side):
        return unmet("hold", may=(kind, ASK, MORE))
    done = [e for e in counted(side) if not e.standing and e.day <= side.facts.today]
    return until_asked(side, found, possible=len(done) >= FREE_VISITS)


def kaiser(side: Side, found: Stand) -> Item:
    if not lacking(found):
        return common(found)
    if law_passed(side):
        return until_asked(side, found, possible=six_completed(side))
    begins_later = not found.of_day and found.unspent  # that one is not used up
    if found.name == "used" and not side.fully_insured and not begins_later:
        return until_asked(side, found, possible=True)
    kind = ASK if found.name == "none" else MORE
    return unmet("hold", (kind, None))


def va(side: Side, found: Stand) -> Item:
    return until_asked(side, found, possible=True) if lacking(found) else common(found)


RULES: dict[str, Callable[[Side, Stand], Item | None]] = {
    **dict.fromkeys(REGENCE, regence),
    **dict.fromkeys(PREMERA, premera),
    "kaiser": kaiser,
    "va": va,
}


def approval_covers(side: Side) -> bool:
    """Whether an approval of the payer covers this visit (LAW-08)."""
    paid = [e.day for e in paid_by_payer(side)]
    return side.facts.countable and stand(side, (PRIOR,), paid, []).name == "covered"
