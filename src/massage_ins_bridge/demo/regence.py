"""Stories about prior authorization, which Regence asks of whoever bills it."""

from __future__ import annotations

from .facts import approval, authorization, coverage, prescription, self_insured, visits
from .story import (
    Book,
    Client,
    Complete,
    Correct,
    End,
    Fact,
    Segment,
    Story,
    asked,
    confirmed,
    declined,
    late,
)


def _chart(
    plan: Fact, done: tuple[int, ...] = (), *answers: Fact
) -> dict[Segment, tuple[Fact, ...]]:
    return {
        "coverages": (plan,),
        "prescriptions": (prescription(),),
        "visits": visits("regence", *done),
        "authorizations": answers,
    }


REGENCE = (
    Story(
        "first visit, authorization owed in 7 days",
        Client("Maya Patel", "206-555-0113", _chart(self_insured())),
        (Book(1, "books a first visit", "visit", visit=13, hour=9),),
        {"visit": End((asked(1), confirmed(1)))},
    ),
    Story(
        "authorization late",
        Client("Nils Berg", "206-555-0114", _chart(self_insured())),
        (
            Book(0, "books a first visit for tomorrow", "first visit", visit=1),
            Complete(2, "came to the first visit", "first visit"),
            Book(
                2,
                "books the next visit; nobody asks for authorization",
                "second visit",
                visit=15,
                hour=11,
            ),
        ),
        {
            "first visit": End((asked(0), confirmed(0))),
            "second visit": late(asked(2), declined(9)),
        },
    ),
    Story(
        "four approved visits",
        Client(
            "Olga Marin",
            "206-555-0115",
            _chart(
                self_insured(),
                (-25, -18, -11),
                {**authorization("approved", -27), **approval(-26, 45, 4, "A100001")},
            ),
        ),
        (
            Book(0, "books the fourth of four approved visits", "fourth visit", visit=8, hour=11),
            Book(
                1,
                "books a fifth visit; nobody asks for more of them",
                "fifth visit",
                visit=10,
                hour=11,
            ),
        ),
        {
            "fourth visit": End((asked(0), confirmed(0))),
            "fifth visit": late(asked(1), declined(8)),
        },
    ),
    Story(
        "authorization requested, then approved",
        Client(
            "Priya Nair",
            "206-555-0116",
            _chart(self_insured(), (-4,), authorization("requested", -3)),
        ),
        (
            Book(1, "books while the authorization is asked for", "visit", visit=14, hour=9),
            Correct(
                3, "four visits are approved", "authorizations", approval(-4, 56, 4, "A100002")
            ),
        ),
        {"visit": End((asked(1), confirmed(3)))},
    ),
    Story(
        "approval used up, then extended",
        Client(
            "Quinn Murphy",
            "206-555-0117",
            _chart(
                self_insured(),
                (-28, -21, -14, -7),
                {**authorization("approved", -30), **approval(-29, 5, 4, "A100003")},
                authorization("requested", -2),
            ),
        ),
        (
            Book(0, "books while the extension is asked for", "visit", visit=16, hour=15),
            Correct(
                7, "two more visits are approved", "authorizations", approval(6, 66, 2, "A100004")
            ),
        ),
        {"visit": End((asked(0), confirmed(7)))},
    ),
    Story(
        "second visit under the state's law",
        Client("Rosa Lima", "206-555-0118", _chart(coverage("regence"), (-6,))),
        (Book(1, "books a second visit on a fully insured plan", "visit", visit=14, hour=14),),
        {"visit": End((asked(1), confirmed(1)))},
    ),
)
