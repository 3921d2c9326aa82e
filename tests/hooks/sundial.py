"""A connector that answers everything as it is told to, and slips of its class."""

from typing import Any

from massage_ins_bridge.api.connectors import (
    Access,
    Advice,
    CalendarEntry,
    Delivery,
    Hint,
    Page,
    PlatformHost,
    PlatformService,
    Registration,
    WriteResult,
)
from massage_ins_bridge.testing.bookings import NOW, START, booking, hint

ENTRY = CalendarEntry("u1", START, START, "Massage", "TENTATIVE")
#: How the host calls each method, and a sound answer.
CALLS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "verify": (({}, b"", "https://bridge.example", NOW), Delivery("k")),
    "parse": ((b"",), [hint(booking=booking()), Hint("", "ping")]),
    "fetch": (("b1",), booking()),
    "changes": (("c1", NOW), Page((booking(), booking("b2")), ("b3",), "c2", more=True)),
    "upcoming": ((None, NOW), Page(())),
    "hold": (("b1", "why", "k"), WriteResult("tag")),
    "confirm": (("b1", "k"), WriteResult("native")),
    "reject": (("b1", "why", "k"), WriteResult("already", "It was rejected.")),
    "cancel": (("b1", "why", "k"), WriteResult("manual")),
    "put": ((ENTRY,), "etag-1"),
    "remove": (("u1",), None),
    "examine": (("https://bridge.example/webhooks/desk",), [Advice("bad", "It is turned off.")]),
    "access": ((), Access("Example Massage", ("it may not list webhooks",))),
    "services": ((), [PlatformService("1", "Massage", 60, True, {"q1": "Insurance"})]),
    "hosts": ((), [PlatformHost("812", "Mira Example", own=True)]),
    "register": (("https://bridge.example/webhooks/desk",), Registration("made")),
}


class Answering:
    """Answers everything as it is told to."""

    name = "sundial"
    capabilities = frozenset(CALLS) - {"verify", "parse"}
    hold_style = "tag"

    def __init__(self, account: Any = None, client: Any = None, answer: Any = None) -> None:
        self.answer = answer

    def say(self, *_given: Any) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def sundial(**changed: Any) -> type:
    """A connector class with attributes changed; ``...`` takes one away."""
    plain = {name: value for name, value in vars(Answering).items() if name[:2] != "__"}
    members = {**plain, "__init__": Answering.__init__, **dict.fromkeys(CALLS, Answering.say)}
    members |= changed
    return type("Sundial", (), {name: it for name, it in members.items() if it is not ...})


Sundial: Any = sundial()


def few(*names: str) -> dict[str, Any]:
    return {"capabilities": frozenset(names)}
