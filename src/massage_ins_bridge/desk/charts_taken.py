"""Taking in a file of charts: all of it or nothing, and taking it back as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain.problems import Problem, UnusableInputError, plain_key
from ..store.acts import FROM_FILE, About
from ..store.chart_files import ChartFileRow
from ..store.record import Record
from . import chart, views
from .acts import Done, note
from .chart_columns import CLIENT_PART
from .charts_found import FoundLine, LineState, Step, look_over
from .errors import ConflictError
from .installation import Installation
from .roles import ForbiddenError, Person, must_be_allowed
from .say import counted
from .tags import tag_of

#: What it is called among the acts.
TAKEN_IN = "charts-taken-in"
_MADE, _MORE = "On file now, from a file of clients.", "More is on file, from a file of clients."
_NOTHING = "There is nothing left to take in: the charts say all that the file says."


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a file as the doors show it. ``like``: who on file it may be; ``same_as``: the
    earlier line of the same client; ``differs``: the columns in which the chart says otherwise, and
    stays; ``problems``: what is wrong, by column; ``odd``: what is taken in as it stands, and the
    rules ask about."""

    line: int
    state: LineState
    patient: str | None
    same_as: int | None
    like: tuple[str, ...]
    differs: tuple[str, ...]
    problems: tuple[Problem, ...]
    odd: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was looked over. ``ready``: how many lines are written, or would be; ``known``:
    how many tell nothing new; ``left``: how many somebody has to see to first."""

    ready: int
    known: int
    left: int
    lines: tuple[LineView, ...]


def view(found: Sequence[FoundLine]) -> FileView:
    return FileView(
        ready=sum(one.ready for one in found),
        known=sum(one.state == "known" for one in found),
        left=sum(one.left for one in found),
        lines=tuple(
            LineView(
                one.line.number,
                one.state,
                one.patient or None,
                one.earlier or None,
                tuple(patient for patient, _ in one.like),
                one.differs,
                one.problems,
                one.odd,
            )
            for one in found
        ),
    )


def may_take_in(person: Person) -> None:
    """Raises ``ForbiddenError``: a file is about all clients."""
    must_be_allowed(person, "work")
    if person.own_only:
        raise ForbiddenError("Only the owner and the front desk take in a file of clients.")


def read_settled(said: Iterable[str]) -> dict[int, str]:
    """What staff says of lines in doubt: ``17=new``, or ``17=`` and the id of a client. Raises
    ``UnusableInputError``."""
    found: dict[int, str] = {}
    for one in said:
        number, _, whose = (part.strip() for part in one.partition("="))
        if not (number.isascii() and number.isdigit() and whose and len(number) < 7):
            cure = "write the line's number, =, and new or a client's id, such as 17=new"
            raise UnusableInputError([Problem("settled", f"{plain_key(one)!r}: {cure}")])
        found[int(number)] = whose
    return found


def keep_file(
    installation: Installation,
    record: Record,
    person: Person,
    name: str,
    content: bytes,
    *,
    instead: bool,
) -> None:
    """Keep a file that is looked over at the desk. ``instead``: also in the place of another one
    of which something is left. Raises ``ForbiddenError``, and ``UnusableInputError`` for such a
    one."""
    may_take_in(person)
    kept = record.chart_files.current()
    if kept is not None and not instead and _is_left(installation, record, kept, content):
        said = f"{record.chart_files.name(kept)} is still here. Take it in, or save what is left of"
        raise UnusableInputError([Problem("instead", f"{said} it; or tick this box.")])
    record.chart_files.put(name[:200] or "clients.csv", content)


def _is_left(
    installation: Installation, record: Record, kept: ChartFileRow, content: bytes
) -> bool:
    """Whether a file that is kept tells what is not on file, and ``content`` is another one."""
    old = record.chart_files.content(kept)
    return old != content and any(
        one.ready or one.left for one in look_over(installation, record, old, {})
    )


def check_file(
    installation: Installation, record: Record, content: bytes, settled: Iterable[str]
) -> FileView:
    """What a file would do; nothing is written. Raises ``UnusableInputError``."""
    return view(look_over(installation, record, content, read_settled(settled)))


def take_in_file(
    installation: Installation,
    record: Record,
    content: bytes,
    settled: Iterable[str],
    *,
    ready_only: bool,
) -> FileView:
    """Take in a file: all lines, or those that are ready. Doing so twice changes nothing. Raises
    ``UnusableInputError`` that names each line that is not ready; then nothing is done."""
    found = look_over(installation, record, content, read_settled(settled))
    if not ready_only:
        must_be_ready(found)
    write(record, found)
    return view(found)


def must_be_ready(found: Sequence[FoundLine]) -> None:
    """Raises ``UnusableInputError`` that names each line that somebody has to see to first."""
    problems = [
        Problem(f"line {one.line.number}{f', {p.path}' if p.path else ''}", p.message)
        for one in found
        for p in (one.problems or _doubt(one))
    ]
    if problems:
        raise UnusableInputError(problems)


def _doubt(one: FoundLine) -> tuple[Problem, ...]:
    if one.state != "doubt":
        return ()
    ids = " or ".join(patient for patient, _ in one.like[:3])
    return (Problem("", f"may be the client {ids}; settle it: one of these, or new"),)


def take_in(record: Record, person: Person, found: Sequence[FoundLine]) -> Done:
    """Take in the lines that are ready, at the desk; each client's history tells of it. Raises
    ``ConflictError`` where there are none."""
    ready = [one for one in found if one.ready]
    if not ready:
        raise ConflictError(_NOTHING)
    steps = write(record, ready)
    made = {step[1] for step in steps if step[0] == "made"}
    for patient in dict.fromkeys(str(step[1]) for step in steps):
        said = _MADE if patient in made else _MORE
        note(record, person, Done(FROM_FILE, said, About(patient)))
    new = sum(one.state == "new" for one in ready)
    filled = len({one.patient for one in ready if one.state == "fills"})
    said = " and ".join(
        words
        for number, words in (
            (new, f"{counted(new, 'client')} {'is' if new == 1 else 'are'} on file now"),
            (filled, f"{counted(filled, 'chart')} on file {'says' if filled == 1 else 'say'} more"),
        )
        if number
    )
    said = said or f"{counted(len(ready), 'line')} taken in"
    return Done(TAKEN_IN, f"From the file: {said}.", undo="charts", needs={"steps": steps})


def write(record: Record, found: Iterable[FoundLine]) -> list[list[Any]]:
    """Write what the lines that are ready tell; how each step is taken back, in order."""
    done: list[list[Any]] = []
    clients: dict[int, str] = {}
    for one in found:
        if not one.ready:
            continue
        if one.state == "new":
            clients[one.line.number] = chart.add_client(record, one.steps[0].data).id
        patient = one.patient or clients[one.earlier or one.line.number]
        steps = one.steps[1:] if one.state == "new" else one.steps
        done.extend(_step(record, patient, step) for step in steps)
    made = set(clients.values())
    kept = [step for step in done if step[1] not in made]
    for patient in sorted(made):
        whole = chart.whole_client(record, chart.client_row(record, patient))
        kept.append(["made", patient, tag_of(whole)])
    return kept


def _step(record: Record, patient: str, step: Step) -> list[Any]:
    if step.kind == CLIENT_PART:
        before = views.client(record, chart.client_row(record, patient, lock=True))
        chart.change_client(record, patient, step.data)
        was = {name: before.get(name) for name in step.data}
        return ["client", patient, {"patient": patient, "before": was, "after": step.data}]
    if step.record:
        where = (patient, step.kind, step.record)
        old = chart.get_fact(record, *where).data
        new = chart.change_fact(record, where, step.data, merge=True).data
        return ["fact", patient, {"fact": where, "before": old, "after": tag_of(new)}]
    fact = chart.add_fact(record, patient, step.kind, step.data)
    where = (patient, step.kind, fact.record)
    return ["fact-added", patient, {"fact": where, "after": tag_of(fact.data)}]
