"""What is pressed on a booking's row: each act with the line that tells of it and its way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..store.acts import About
from ..store.models import BookingRow
from ..store.record import Record
from . import chart, overrides, refusals, views
from .acts import Done
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .own import own_booking
from .roles import Person, must_be_allowed
from .staff_words import in_force, last_word
from .tags import tag_of
from .tasks import TaskKind, finish
from .visits import Ending, arrive, close_booking


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press on a booking's row by somebody."""

    installation: Installation
    record: Record
    person: Person
    row: BookingRow
    client: str

    @property
    def about(self) -> About:
        return About(self.row.patient_id, self.row.id)

    def done(self, kind: str, said: str, undo: str = "", **needs: object) -> Done:
        return Done(kind, said, self.about, undo, {"booking": self.row.id, **needs})


def press(
    installation: Installation, record: Record, person: Person, booking_id: str, what: str
) -> Done | None:
    """Carry out what was pressed; ``None`` where there was nothing left to do.

    Raises ``NotFoundError``, ``ForbiddenError``, ``ConflictError`` and ``UnusableInputError``.
    """
    act = ACTS.get(what)
    if act is None:
        raise NotFoundError("button")
    must_be_allowed(person, "word" if what in _WORDS else "work")
    row = own_booking(record, person, booking_id)
    client = record.clients.get(row.patient_id)
    name = str(record.clients.facts(client).get("name") or "The client") if client else ""
    return act(Pressed(installation, record, person, row, name))


def _arrived(pressed: Pressed) -> Done | None:
    if not arrive(pressed.record, pressed.row.id):
        return None
    return pressed.done("arrived", f"{pressed.client} is here.", "arrived")


def _not_arrived(pressed: Pressed) -> Done | None:
    if not arrive(pressed.record, pressed.row.id, here=False):
        return None
    return pressed.done("not-arrived", f"{pressed.client} is not marked as arrived any more.")


_SAID: Mapping[Ending, str] = {
    "completed": "{} is marked as completed. The visit counts.",
    "no-show": "{} is marked as a no-show. The visit is not counted.",
    "cancelled": "The visit of {} is cancelled.",
    "open": "The visit of {} is open again.",
}


def _ends(ending: Ending) -> Callable[[Pressed], Done | None]:
    def end(pressed: Pressed) -> Done | None:
        before = pressed.row.platform_status
        close_booking(pressed.installation, pressed.record, pressed.row.id, ending)
        if pressed.row.platform_status == before:
            return None
        said = _SAID[ending].format(pressed.client)
        back = before if ending == "open" else "open"
        kind, left = "reopened" if ending == "open" else ending, [pressed.row.platform_status]
        return pressed.done(kind, said, "ending", back=back, left=left)

    return end


def _stop(pressed: Pressed) -> Done | None:
    refusals.stop(
        pressed.installation, pressed.record, pressed.row.id, {"name": pressed.person.name}
    )
    said = f"The refusal of {pressed.client} is stopped. The booking stays on hold."
    return pressed.done("stopped", said, "stop", word=last_word(pressed.record, pressed.row))


def _unsay(pressed: Pressed) -> Done | None:
    record, row, by = pressed.record, pressed.row, {"name": pressed.person.name}
    said = in_force(record.words.of_bookings([row.id]).get(row.id, []), record.now)
    if said.override is not None:
        overrides.take_back(record, row.id, by)
    elif said.stopped:
        refusals.resume(record, row.id, by)
    else:
        return None
    return pressed.done("word-taken-back", f"The rules count again for {pressed.client}.")


def _again(pressed: Pressed) -> Done | None:
    """Decide again, and try again what the platform did not take."""
    pressed.record.wake(pressed.row.patient_id, "asked-again")
    return pressed.done("asked-again", f"{pressed.client} is being judged again.")


def _confirm_payer(pressed: Pressed) -> Done | None:
    """Somebody at the desk has confirmed the insurance on file."""
    record, row = pressed.record, pressed.row
    found = chart.list_facts(record, row.patient_id, "coverage")
    index = pressed.installation.host.payers
    wanted = record.bookings.details(row).billed
    open_ones = [f for f in found if not f.data.get("staff_confirmed")]
    ours = [fact for fact in open_ones if index.key_of(fact.data.get("payer")) == wanted]
    picked = ours or (open_ones if len(open_ones) == 1 else [])
    if len(picked) != 1:
        raise ConflictError(
            "Say which insurance is right on the client\u2019s page."
            if found
            else "No insurance is on file. Add it on the client\u2019s page."
        )
    where = (row.patient_id, "coverage", picked[0].record)
    after = chart.change_fact(record, where, {"staff_confirmed": True}, merge=True)
    said = f"{picked[0].data.get('payer', 'The insurer')} is confirmed for {pressed.client}."
    needs = {"fact": where, "before": picked[0].data, "after": tag_of(after.data)}
    return pressed.done("payer-confirmed", said, "fact", **needs)


def _client_says(field: str, kind: str, words: str) -> Callable[[Pressed], Done | None]:
    def say(pressed: Pressed) -> Done | None:
        record, patient = pressed.record, pressed.row.patient_id
        before = views.client(record, chart.client_row(record, patient)).get(field)
        if before is True:
            return None
        chart.change_client(record, patient, {field: True})
        said, needs = words.format(pressed.client), {"before": {field: before}}
        return pressed.done(kind, said, "client", patient=patient, after={field: True}, **needs)

    return say


def _told(pressed: Pressed) -> Done | None:
    """The client knows that they are refused."""
    for task in pressed.record.tasks.of_bookings([pressed.row.id]).get(pressed.row.id, []):
        if task.kind == TaskKind.TELL_CLIENT and task.done_at is None:
            finish(pressed.record, task.id)
            said = f"{pressed.client} was told."
            return pressed.done("client-told", said, "task", task=task.id)
    return None


#: By what is sent, what is done.
ACTS: Mapping[str, Callable[[Pressed], Done | None]] = {
    "arrived": _arrived,
    "not-arrived": _not_arrived,
    "completed": _ends("completed"),
    "no-show": _ends("no-show"),
    "cancelled": _ends("cancelled"),
    "open": _ends("open"),
    "stop": _stop,
    "unsay": _unsay,
    "again": _again,
    "confirm-payer": _confirm_payer,
    "intake-in": _client_says("intake_received", "intake-in", "The intake form of {} is in."),
    "consent-in": _client_says("guardian_consent", "consent-in", "A guardian agreed for {}."),
    "told": _told,
}
_WORDS = frozenset({"stop", "unsay"})
