"""The stories: what the clinics' own pages say of insurance, lived through by invented clients."""

from __future__ import annotations

from .facts import (
    UNIFORM,
    claim,
    claim_coverage,
    coverage,
    injury_coverage,
    prescription,
    self_insured,
)
from .people import PEOPLE
from .regence import REGENCE
from .story import (
    RELAXATION,
    UNCONFIRMED,
    Book,
    Client,
    Correct,
    End,
    Learn,
    Move,
    Story,
    asked,
    confirmed,
    declined,
    moved,
    refused,
    taken,
)

PAPER = (
    Story(
        "no prescription, a week ahead",
        Client("Ada Lindqvist", "206-555-0101", {"coverages": (coverage("regence"),)}),
        (
            Book(0, "books a week ahead, without a prescription", "visit", visit=7),
            # Nothing arrives; day 3 is the last one on which it could.
        ),
        # The deadline passes on a Friday; the bridge acts on it when the office opens on Monday.
        {"visit": refused(asked(0), declined(6))},
    ),
    Story(
        "no prescription, two days ahead",
        Client("Ben Okafor", "206-555-0102", {"coverages": (coverage("regence"),)}),
        (Book(0, "books two days ahead, without a prescription", "visit", visit=2),),
        {"visit": refused(asked(0), declined(0))},
    ),
    Story(
        "prescription uploaded in time",
        Client("Carmen Reyes", "206-555-0103", {"coverages": (coverage("regence"),)}),
        (
            Book(0, "books before the doctor has written", "visit", visit=10),
            Learn(2, "the prescription arrives", "prescriptions", prescription()),
        ),
        {"visit": End((asked(0), confirmed(2)))},
    ),
    Story(
        "pain without loss of function",
        Client(
            "Dmitri Volkov",
            "206-555-0104",
            {
                "coverages": (self_insured(),),
                "prescriptions": (prescription(loss_of_function=False),),
            },
        ),
        (Book(0, "books with a prescription for pain alone", "visit", visit=13),),
        {"visit": refused(asked(0), declined(0))},
    ),
    Story(
        "accepted by the platform before anyone looked",
        Client("Esi Mensah", "206-555-0105", {"coverages": (coverage("regence"),)}),
        (
            Book(
                0,
                "books a service that asks for no confirmation",
                "visit",
                visit=6,
                service=UNCONFIRMED,
            ),
        ),
        # Nothing asked for a person's word, and the bridge does not take it back: staff is asked.
        {"visit": End((taken(0),))},
    ),
)

PAYERS = (
    Story(
        "exempt plan, confirmed by staff",
        Client(
            "Farah Haddad",
            "206-555-0106",
            {
                "coverages": (coverage("regence", plan=UNIFORM, funding="self_insured"),),
                "prescriptions": (prescription(),),
            },
        ),
        (Book(0, "books on an exempt plan", "visit", visit=13, hour=11),),
        {"visit": End((asked(0), confirmed(0)))},
    ),
    Story(
        "exempt plan, named by the client alone",
        Client("George Tanaka", "206-555-0107", {"prescriptions": (prescription(),)}),
        (
            Book(
                1,
                "names an exempt plan on the booking form",
                "visit",
                visit=15,
                answers={"insurance": "Regence", "plan": UNIFORM},
            ),
            Correct(
                2,
                "staff confirms the plan",
                "coverages",
                coverage("regence", plan=UNIFORM, funding="self_insured"),
            ),
        ),
        {"visit": End((asked(1), confirmed(2)))},
    ),
    Story(
        "out of network",
        Client(
            "Hana Kim",
            "206-555-0108",
            {"coverages": (coverage("aetna"),), "prescriptions": (prescription(),)},
        ),
        (Book(0, "books out of network", "visit", visit=14, hour=13),),
        {"visit": End((asked(0), confirmed(0)))},
    ),
    Story(
        "work injury, claim pending, then allowed",
        Client(
            "Ivan Petrov",
            "206-555-0109",
            {
                "coverages": (claim_coverage("lni", "AB12345", "pending"),),
                "prescriptions": (prescription(),),
            },
        ),
        (
            Book(0, "books while L&I has not decided", "visit", visit=16),
            Correct(6, "L&I allows the claim", "coverages", {"claim": claim("AB12345", "allowed")}),
        ),
        {"visit": End((asked(0), confirmed(6)))},
    ),
    Story(
        "work injury, claim rejected",
        Client(
            "Jola Nowak",
            "206-555-0110",
            {
                "coverages": (claim_coverage("lni", "AB12346", "rejected"),),
                "prescriptions": (prescription(),),
            },
        ),
        (Book(1, "books on a rejected L&I claim", "visit", visit=13, hour=14),),
        {"visit": End((asked(1), declined(1)), reason_has="clinic", reason_lacks="self-pay")},
    ),
    Story(
        "injury protection, moved by the client",
        Client(
            "Kofi Asante",
            "206-555-0111",
            {
                "coverages": (injury_coverage("EX-2026-0042"),),
                "prescriptions": (prescription(),),
            },
        ),
        (
            Book(0, "books on an open injury claim", "visit", visit=14, hour=15),
            Move(3, "moves the visit by a day", "visit", to="moved visit", visit=15, hour=15),
        ),
        {
            "visit": End((asked(0), confirmed(0), moved(3))),
            "moved visit": End((asked(3), confirmed(3))),
        },
    ),
    Story(
        "self-pay",
        Client("Lena Fischer", "206-555-0112"),
        (
            Book(
                1,
                "books a relaxation massage and pays for it",
                "visit",
                visit=10,
                hour=16,
                service=RELAXATION,
            ),
        ),
        {"visit": End((taken(1),))},
    ),
)

STORIES: tuple[Story, ...] = (*PAPER, *REGENCE, *PAYERS, *PEOPLE)
