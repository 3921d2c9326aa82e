"""One's own story, from a TOML file: a client, what happens on which day, and how it must end.

    title = "the fifth visit waits for an approval"

    [client]
    name = "Nora Example"
    coverages = [{ payer = "evergreen" }]
    prescriptions = [{}]
    visits = [{ on = -20 }, { on = -14 }, { on = -9 }, { on = -2 }]

    [[steps]]
    day = 0
    does = "books"
    visit = 10

    [[steps]]
    day = 2
    does = "learns"
    what = "authorizations"
    fact = { number = "A1", status = "approved", visits = 8, from = 0, to = 60 }

    [ends]
    visit = ["0 asked", "2 confirmed"]

A fact leaves out what is usual: a plan that staff confirmed, a prescription that leaves nothing
open, a massage at this clinic, a prior authorization. A whole number where a day belongs is a day
of the demonstration, which begins on day 0; negative ones lie before it. ``network`` says, by
payer, what ``clinic.network`` of the settings says; without it the clinic is in network with every
payer named.

A step ``does`` one of these: ``books`` and ``moves`` (with the day of the ``visit``, and ``hour``);
``learns`` a new ``fact`` of the kind ``what``: ``coverages``, ``prescriptions``,
``authorizations`` or ``visits``; ``corrects`` the last fact of that kind; ``notes`` what staff
says of a ``booking`` (``fact``: its ``place``, ``prescription``, ``episode``, ``injury``, and
under ``extra`` what a plugin declares); ``completes`` a booking. ``booking`` is its name in the
story, ``"visit"`` where none is given. What the platform sees of each stands under ``ends``: a day
and ``asked``, ``taken``, ``confirmed``, ``declined`` or ``moved``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..domain.problems import nearest
from ..settings import StartError
from .facts import coverage, date_of, prescription
from .story import (
    Book,
    Client,
    Complete,
    Correct,
    End,
    Fact,
    Learn,
    Move,
    Note,
    Seen,
    Segment,
    Step,
    Story,
    asked,
    confirmed,
    declined,
    moved,
    taken,
)

SEGMENTS: tuple[Segment, ...] = ("coverages", "prescriptions", "authorizations", "visits")
ENDS = {
    "asked": asked,
    "taken": taken,
    "confirmed": confirmed,
    "declined": declined,
    "moved": moved,
}
SINCE = [{"status": "in", "from": "2015-01-01"}]
_SEEN = re.compile(r"(\d+) (\w+)")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Client(_Strict):
    name: str = Field(min_length=1)
    phone: str = "206-555-0199"
    coverages: list[Fact] = []
    prescriptions: list[Fact] = []
    authorizations: list[Fact] = []
    visits: list[Fact] = []


class _Step(_Strict):
    day: int = Field(ge=0)
    does: Literal["books", "moves", "learns", "corrects", "notes", "completes"]
    booking: str = "visit"
    words: str = ""
    visit: int | None = None
    hour: int = Field(default=10, ge=0, le=23)
    to: str = "moved visit"
    answers: dict[str, str] = {}
    what: Segment | None = None
    fact: Fact = {}


class _File(_Strict):
    title: str = Field(min_length=1)
    why: str = ""
    network: dict[str, list[Fact]] = {}
    client: _Client
    steps: list[_Step] = Field(min_length=1)
    ends: dict[str, list[str]] = Field(min_length=1)


def read_story(path: Path) -> tuple[Story, dict[str, list[Fact]]]:
    """The story, and the clinic's networks in it. Raises ``StartError``, a line for each fault."""
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise StartError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        lines = (f"{path}: {_place(one['loc'])}: {_said(one)}" for one in error.errors())
        raise StartError("\n".join(lines)) from None
    try:
        steps = tuple(_steps(found))
        ends = {name: End(tuple(map(_seen, history))) for name, history in found.ends.items()}
        _compare(found, ends)
    except ValueError as error:
        raise StartError(f"{path}: {error}") from None
    facts = {name: tuple(_facts(found, name)) for name in SEGMENTS}
    client = Client(found.client.name, found.client.phone, facts)
    payers = {str(fact["payer"]) for fact in facts["coverages"]}
    network = {**dict.fromkeys(sorted(payers), SINCE), **found.network}
    return Story(found.title, client, steps, ends, found.why), network


def _said(fault: Mapping[str, Any]) -> str:
    """One of the checking library's errors, with the nearest right word."""
    if fault["type"] == "extra_forbidden":
        at = fault["loc"][0] if len(fault["loc"]) > 1 else ""
        parts: dict[str, type[BaseModel]] = {"client": _Client, "steps": _Step}
        part = parts.get(str(at), _File)
        return f"is not known here{nearest(str(fault['loc'][-1]), part.model_fields)}"
    if fault["type"] == "missing":
        return "is missing"
    said = str(fault["msg"]).replace("Input should be", "must be")
    words = re.findall(r"'(\w+)'", said) if fault["type"] == "literal_error" else ()
    return f"{said[:1].lower()}{said[1:]}{nearest(str(fault['input']), words)}"


def _place(steps: tuple[int | str, ...]) -> str:
    return ".".join(map(str, steps))


def _steps(found: _File) -> Iterator[Step]:
    for number, step in enumerate(found.steps):
        if step.does in ("books", "moves") and step.visit is None:
            raise ValueError(f"steps.{number}.visit: is missing; on which day is the visit?")
        if step.does == "notes" and not step.fact:
            raise ValueError(
                f"steps.{number}.fact: is missing; what does staff say of the booking?"
            )
        if step.does in ("learns", "corrects") and step.what is None:
            raise ValueError(f"steps.{number}.what: is missing; it is one of {', '.join(SEGMENTS)}")
        yield _step(found, step)


def _step(found: _File, step: _Step) -> Step:
    words = step.words or f"{found.client.name} {step.does}"
    at, visit = step.day, step.visit or 0
    if step.does == "books":
        return Book(at, words, step.booking, visit, hour=step.hour, answers=step.answers)
    if step.does == "moves":
        return Move(at, words, step.booking, step.to, visit, step.hour)
    if step.does == "completes":
        return Complete(at, words, step.booking)
    if step.does == "notes":
        return Note(at, words, step.booking, _dated(step.fact))
    segment = step.what or "coverages"
    if step.does == "learns":
        return Learn(at, words, segment, _whole(segment, step.fact, _payer(found)))
    return Correct(at, words, segment, _dated(step.fact))


def _seen(text: str) -> Seen:
    found = _SEEN.fullmatch(text.strip())
    if found is None or found[2] not in ENDS:
        raise ValueError(
            f"ends: {text!r} is not a day and what happens on it, such as '0 asked'; "
            f"it is one of {', '.join(ENDS)}"
        )
    return ENDS[found[2]](int(found[1]))


def _compare(found: _File, ends: dict[str, End]) -> None:
    """Each booking has its end, and each end its booking."""
    made = {step.booking for step in found.steps if step.does == "books"}
    made |= {step.to for step in found.steps if step.does == "moves"}
    named = {step.booking for step in found.steps if step.does in ("moves", "notes", "completes")}
    for name in sorted(made ^ ends.keys() | named - made):
        there = "has no end: say under [ends] what the platform sees of it"
        said = there if name in made else "is no booking that a step makes"
        raise ValueError(f"{name!r} {said}")


def _facts(found: _File, segment: Segment) -> Iterator[Fact]:
    facts: list[Fact] = getattr(found.client, segment)
    return (_whole(segment, fact, _payer(found)) for fact in facts)


def _payer(found: _File) -> str:
    """Who is meant where a fact names no payer."""
    return str(next((fact.get("payer") for fact in found.client.coverages), "")) or "self-pay"


def _whole(segment: Segment, fact: Fact, payer: str) -> Fact:
    """A fact with what is usual, and its days written out."""
    usual: Fact = {"payer": fact.get("payer", payer)}
    if segment == "prescriptions":
        usual = prescription()
    elif segment == "coverages" and "claim" not in fact:
        usual = coverage(str(usual["payer"]))
    elif segment == "coverages":
        usual |= {"position": "primary", "staff_confirmed": True}
    elif segment == "authorizations":
        usual |= {"kind": "prior-authorization", "requested_on": date_of(0)}
    else:
        usual |= {"modality": "massage", "provider": "this-clinic"}
    return {**usual, **_dated(fact)}


def _dated(value: Any, key: str = "") -> Any:
    """Numbers of days as days, at any depth."""
    if isinstance(value, dict):
        return {name: _dated(item, name) for name, item in value.items()}
    is_day = key in ("on", "from", "to") or key.endswith("_on")
    if is_day and isinstance(value, int) and not isinstance(value, bool):
        return date_of(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
