"""``/v1/gate``: for platforms that ask before they book."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...desk.gate_queue import GateQueue
from ...desk.gate_words import LONGEST_REF, GateAnswer, GateQuestion
from ...desk.reservations import give_back
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/gate", tags=["gate"])
_ASKED = LINES.record(GateQuestion)
for _name in ("ref", "previous"):
    _ASKED["properties"][_name]["maxLength"] = LONGEST_REF


@router.post("", **operation(GIVEN.of(GateAnswer), 409, takes=_ASKED))
def ask_gate(clinic: Clinic, request: Request, data: Body) -> Response:
    """Ask whether a client may make a booking, before it is made: the decision that it would get,
    and a visit reserved for it. Repeat the `reservation` in the booking (as the form answer
    `reservation`), or make it for the same client and time. The same `key` with the same question
    is the same answer; 409 where it was used for another one. Where no answer comes, hold the
    booking."""
    queue: GateQueue = request.app.state.gate
    return answer(queue.ask(clinic, data))


@router.delete("/{reservation}", **operation(None, 404, status=204))
def give_back_reservation(reservation: str, clinic: Clinic, installation: Here) -> Response:
    """Give a reserved visit back before its time is over: the client does not book after all.
    Saying it twice is saying it once."""
    with installation.write(clinic, urgent=True) as record:
        give_back(record, reservation)
    return Response(status_code=204)
