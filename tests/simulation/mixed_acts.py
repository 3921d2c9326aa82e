"""What people do on a mixed day: the day's number says it, whatever goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.simulation.doors import ACCOUNTS

#: Clients whose coverage staff confirms in the course of the day, one who never gets round to it,
#: and one who always books too late for that.
CURED, WAITING, LATE = ("Ann Lee", "Bo Diaz"), "Cy Ode", "somebody late"
#: Names of those who book once: on the feed, which tells of nobody how they are reached, and late.
ONCE = (
    *("Olga Adler", "Hugo Brandt", "Ivy Castro", "Kurt Dunn", "Nell Egan", "Pia Frost"),
    *("Quin Gomez", "Rosa Hale", "Saul Iqbal", "Tess Jonas", "Umar Keane", "Vera Lopez"),
    *("Walt Marsh", "Xena Nash", "Yuri Orr", "Zelda Park", "Amos Quade", "Bert Rusk"),
    *("Carl Stone", "Dora Tubb", "Emil Usher", "Fay Voss", "Gus Webb", "Hope Yates"),
    *("Ines Zorn", "Jack Apple"),
)
HOURS, ACTS = 12, 26


@dataclass(frozen=True)
class Act:
    """Somebody does something at a minute of the day; ``after`` days the visit is."""

    minute: int
    account: str
    verb: str
    client: str = ""
    ref: str = ""
    after: int = 0


def acts_of(number: int) -> list[Act]:
    """What people do on the day of that number; whatever goes wrong, it leads to one end."""
    random = Random(number)
    minutes = sorted(random.sample(range(HOURS * 60 - 60), ACTS))
    booked: list[Act] = []
    acts: list[Act] = []
    for minute in minutes:
        free = [b for b in booked if b.client != LATE and b not in _spoken_for(acts, booked)]
        verb = random.choices(("book", "move", "cancel", "accept", "decline"), (9, 3, 3, 2, 1))[0]
        if verb == "book" or not free:
            account = random.choice(tuple(ACCOUNTS))
            client = random.choice((*CURED, *CURED, WAITING, LATE))
            after = random.randrange(1, 3) if client == LATE else random.randrange(7, 16)
            act = Act(minute, account, "book", client, f"{account}-{len(booked)}", after)
            booked.append(act)
            acts.append(act)
            continue
        chosen = random.choice(free)
        # whom the bridge may have confirmed by then, staff does not decline
        if verb == "decline" and (chosen.client != WAITING or chosen.account != "calcom"):
            verb = "move"
        if verb == "accept" and chosen.account != "calcom":
            verb = "cancel"
        after = random.randrange(7, 16)
        acts.append(Act(minute, chosen.account, verb, chosen.client, chosen.ref, after))
    cures = [Act(random.randrange(HOURS * 60), "", "cure", client) for client in CURED]
    return sorted([*acts, *cures], key=lambda act: act.minute)


def _spoken_for(acts: list[Act], booked: list[Act]) -> list[Act]:
    """Bookings that somebody has called off, accepted or declined."""
    over = {act.ref for act in acts if act.verb in ("cancel", "accept", "decline")}
    return [act for act in booked if act.ref in over]
