"""Stories about whose word counts: what an owner, a member of staff or a client does stands."""

from __future__ import annotations

from .facts import (
    approval,
    authorization,
    claim_coverage,
    coverage,
    prescription,
    self_insured,
    visits,
)
from .story import (
    UNCONFIRMED,
    AcceptByHand,
    Book,
    Client,
    End,
    Fact,
    Kept,
    LetStand,
    Move,
    Said,
    SayWho,
    Segment,
    StopRefusal,
    Story,
    accepted_by_hand,
    asked,
    confirmed,
    moved,
    taken,
)

STAFF = "Noor Example"
LETTER = "the doctor told us the missing finding; the letter is in the mail"
REGULAR = "told by telephone that the visit may cost their own money, and agreed"
LOOKED_AT = "the claim manager is looking at it again"

#: Refused by the rules at once: nothing that is missing can still come.
_PAIN_ALONE: dict[Segment, tuple[Fact, ...]] = {
    "coverages": (self_insured(),),
    "prescriptions": (prescription(loss_of_function=False),),
}


def _of_four_approved(number: str, *done: int) -> dict[Segment, tuple[Fact, ...]]:
    """Four visits are approved, and these took place."""
    return {
        "coverages": (self_insured(),),
        "prescriptions": (prescription(),),
        "visits": visits("regence", *done),
        "authorizations": ({**authorization("approved", -34), **approval(-33, 45, 4, number)},),
    }


PEOPLE = (
    Story(
        "accepted by the owner's own hand",
        Client("Sofia Brandt", "206-555-0119", _of_four_approved("A100005", -32, -25, -18, -11)),
        (
            Book(6, "books a fifth visit; four are approved", "visit", visit=10, hour=13),
            AcceptByHand(6, "the owner accepts it on the platform", "visit"),
        ),
        {
            "visit": End(
                (asked(6), accepted_by_hand(6)),
                kept=Kept("block", "block", accepted_by="person", task="block-by-hand"),
            )
        },
        why="No approval comes in time, and the owner took it all the same. What a person accepted "
        "the bridge never cancels: it tells staff that the insurer will not pay, and leaves the "
        "rest to them.",
    ),
    Story(
        "staff lets it stand",
        Client("Tariq Aziz", "206-555-0120", _PAIN_ALONE),
        (
            Book(7, "books with a prescription for pain alone", "visit", visit=13, hour=13),
            LetStand(7, "staff lets it stand", "visit", STAFF, LETTER),
        ),
        {
            "visit": End(
                (asked(7), confirmed(7)),
                kept=Kept("allow", "block", said=Said("allow", STAFF, LETTER)),
            )
        },
        why="The rules would refuse it, and staff knows more than they do. With a reason and a "
        "name a person's word outranks them: the bridge confirms, and keeps on record who said "
        "so and why.",
    ),
    Story(
        "staff lets it stand, and the client moves it",
        Client("Uma Novak", "206-555-0121", _PAIN_ALONE),
        (
            Book(
                7,
                "books a service that asks for no confirmation",
                "visit",
                visit=14,
                hour=11,
                service=UNCONFIRMED,
            ),
            LetStand(7, "staff lets it stand", "visit", STAFF, REGULAR),
            Move(8, "moves the visit by a day", "visit", to="moved visit", visit=15, hour=14),
        ),
        {
            "visit": End((taken(7), moved(8)), kept=Kept("allow", moved_to="moved visit")),
            "moved visit": End(
                (taken(8),),
                kept=Kept("allow", "block", said=Said("allow", STAFF, REGULAR)),
            ),
        },
        why="The word was given for this visit of this client. On the platform a moved visit is a "
        "new booking; the word goes with it, and staff is not asked twice.",
    ),
    Story(
        "a refusal is stopped",
        Client(
            "Wanda Kowal",
            "206-555-0122",
            {
                "coverages": (claim_coverage("lni", "AB12347", "rejected"),),
                "prescriptions": (prescription(),),
            },
        ),
        (
            Book(8, "books on a rejected L&I claim", "visit", visit=16, hour=13),
            StopRefusal(8, "staff stops the refusal", "visit", STAFF, LOOKED_AT),
        ),
        {
            "visit": End(
                (asked(8),),
                kept=Kept(
                    "hold", "block", said=Said("stop", STAFF, LOOKED_AT), task="refusal-stopped"
                ),
            )
        },
        why="What cannot be taken back waits a quarter of an hour, and can be stopped. The booking "
        "then stays unconfirmed: neither refused nor allowed. Staff is asked again on the last "
        "open day before the visit.",
    ),
    Story(
        "the last approved visit, moved by the client",
        Client("Xenia Popov", "206-555-0123", _of_four_approved("A100006", -32, -25, -18)),
        (
            Book(6, "books the fourth of four approved visits", "visit", visit=10, hour=14),
            Move(8, "moves it to the next week", "visit", to="moved visit", visit=14, hour=16),
        ),
        {
            "visit": End(
                (asked(6), confirmed(6), moved(8)), kept=Kept("allow", moved_to="moved visit")
            ),
            "moved visit": End((asked(8), confirmed(8)), kept=Kept("allow", "allow", visit=4)),
        },
        why="On the platform a moved visit is a new booking, and the old one is called off. To the "
        "insurer it is one visit: it is still the fourth of four, and not a fifth.",
    ),
    Story(
        "books by a short name",
        Client(
            "Elizabeth Marsh",
            "206-555-0124",
            {"coverages": (coverage("regence"),), "prescriptions": (prescription(),)},
        ),
        (
            Book(
                6,
                "is on file as Elizabeth, and books as Liz",
                "visit",
                visit=13,
                hour=15,
                goes_by="Liz Marsh",
            ),
            SayWho(7, "staff says that Liz is Elizabeth", "visit", STAFF),
            Book(8, "books as Liz once more", "next visit", visit=17, hour=10, goes_by="Liz Marsh"),
        ),
        {
            "visit": End((asked(6), confirmed(7)), kept=Kept("allow", "allow")),
            "next visit": End((asked(8), confirmed(8)), kept=Kept("allow", "allow")),
        },
        why="Liz is short for Elizabeth, and the e-mail address and telephone number are those on "
        "file. It may also be a daughter, so the booking is not refused but on hold, and staff is "
        "asked once, with Elizabeth's name. What they say is learned: the next booking is "
        "confirmed at once, on Elizabeth's prescription.",
    ),
)
