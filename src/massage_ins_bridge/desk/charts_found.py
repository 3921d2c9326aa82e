"""Looking over a file of charts: for each line whether its client is new, on file, or in doubt, and
what of it would be written. What is on file stays as it is; a file only adds what was not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from ..api import look_up_diagnosis
from ..domain.problems import Problem, UnusableInputError
from ..identity.addresses import normal_phone
from ..identity.matching import InDoubt, Surely
from ..store.people import Given
from ..store.record import Record
from ..store.vault import normal_id
from . import views
from .chart import Fact, checked_client, checked_fact, client_row, list_facts
from .chart_columns import CLIENT_PART, COVERAGE_PART, PRESCRIPTION_PART
from .chart_file import Line, heading_of, read_lines
from .errors import DeskError
from .installation import Installation
from .set_up_clinic import npi_problem

#: ``new``: a client is added; ``same``: it adds to the client of an earlier line; ``fills``: it
#: adds to a client on file; ``known``: the chart says all of it; ``doubt``: it may be a client on
#: file; ``wrong``: it cannot be used.
LineState = Literal["new", "same", "fills", "known", "doubt", "wrong"]
#: What staff says of a line in doubt, beside the id of a client: it is somebody new.
NEW = "new"


@dataclass(frozen=True, slots=True)
class Step:
    """What is written for a line: a fact that is ``added``, or one on file (``record``) that is
    told more. ``kind`` is ``client`` where it is the client themselves."""

    kind: str
    data: dict[str, Any]
    record: str = ""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One line. ``patient``: whose chart it is about, where they are on file; ``like``: who it may
    be, with their names; ``earlier``: the line that tells of the same client. ``differs``: columns
    in which the chart says otherwise, and stays; ``odd``: what is taken in as it stands, and holds
    visits as long as it does."""

    line: Line
    state: LineState
    patient: str = ""
    earlier: int = 0
    like: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    differs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    odd: tuple[Problem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it would write something."""
        return self.state in ("new", "same", "fills")

    @property
    def left(self) -> bool:
        """Whether somebody has to see to it first."""
        return self.state in ("doubt", "wrong")


def look_over(
    installation: Installation, record: Record, content: bytes, settled: Mapping[int, str]
) -> list[FoundLine]:
    """All lines of a file, in order. ``settled``: by line in doubt what staff says, ``NEW`` or the
    id of a client. Raises ``UnusableInputError`` where the file cannot be read."""
    looked = _Looked(installation, record)
    found = [
        looked.line(line, settled.get(line.number, ""))
        for line in read_lines(content, installation.host.payers)
    ]
    return [replace(one, odd=tuple(_odd(one.line, record.today))) for one in found]


def _odd(line: Line, on: date) -> Iterator[Problem]:
    """What a paper may well say, and the rules ask about: it is never changed here."""
    paper = line.facts.get(PRESCRIPTION_PART, {})
    if wrong := npi_problem(str((paper.get("prescriber") or {}).get("npi") or ""), on):
        yield Problem("npi", wrong)
    for code in paper.get("diagnoses") or ():
        found = look_up_diagnosis(code, on)
        if found.status != "valid":
            yield Problem("diagnoses", found.message)


class _Looked:
    """What was found so far: further lines of one client add to the first."""

    def __init__(self, installation: Installation, record: Record) -> None:
        self._payers, self._record = installation.host.payers, record
        self._first: dict[tuple[str, ...], FoundLine] = {}

    def line(self, line: Line, settled: str) -> FoundLine:
        problems = (*line.problems, *self._checked(line))
        if problems:
            return FoundLine(line, "wrong", problems=problems)
        who = tuple(str(line.client.get(k, "")) for k in ("name", "birth_date", "phone", "email"))
        first = self._first.get(who)
        if first is not None and first.state != "doubt" and not first.patient:
            steps = tuple(Step(kind, data) for kind, data in line.facts.items())
            state: LineState = "same" if steps else "known"
            return FoundLine(line, state, earlier=first.line.number, steps=steps)
        found = self._on_file(line, settled)
        self._first.setdefault(who, found)
        return found

    def _checked(self, line: Line) -> Iterator[Problem]:
        """What the chart would refuse, by heading. What is wrong by itself was said already."""
        parts = [(CLIENT_PART, line.client), *line.facts.items()]
        said = {problem.path for problem in line.problems}
        for part, data in parts:
            try:
                if part == CLIENT_PART:
                    checked_client(self._record, data)
                else:
                    checked_fact(self._record, part, data)
            except UnusableInputError as error:
                for problem in error.problems:
                    heading = heading_of(part, problem.path)
                    if heading not in said and (problem.path or not said):
                        yield replace(problem, path=heading)

    def _on_file(self, line: Line, settled: str) -> FoundLine:
        whose = self._record.people.whose(_given(line))
        if settled and settled != NEW:
            return self._settled(line, settled)
        if isinstance(whose, Surely) and settled != NEW:
            return self._fills(line, whose.id)
        if isinstance(whose, InDoubt) and whose.ids and settled != NEW:
            for one in whose.ids:  # a name alone is a doubt, but what was taken in is known
                filled = self._fills(line, one)
                if filled.state == "known" and not filled.differs:
                    return filled
            like = tuple((one, self._name(one)) for one in whose.ids)
            return FoundLine(line, "doubt", like=like)
        steps = (Step(CLIENT_PART, line.client), *(Step(k, d) for k, d in line.facts.items()))
        return FoundLine(line, "new", steps=steps)

    def _settled(self, line: Line, patient_id: str) -> FoundLine:
        try:
            return self._fills(line, client_row(self._record, patient_id).id)
        except DeskError as error:
            return FoundLine(line, "wrong", problems=(Problem("", str(error)),))

    def _name(self, patient_id: str) -> str:
        row = self._record.clients.get(patient_id)
        facts = self._record.clients.facts(row) if row is not None else {}
        return str(facts.get("name") or "a client without a name")

    def _fills(self, line: Line, patient_id: str) -> FoundLine:
        """What the chart does not say yet."""
        row = client_row(self._record, patient_id)
        known = {k: v for k, v in views.client(self._record, row).items() if v is not None}
        more, differs = _more(known, line.client)
        steps = [Step(CLIENT_PART, more)] if more else []
        columns = [heading_of(CLIENT_PART, path) for path in differs]
        for kind, data in line.facts.items():
            fact = self._same_fact(list_facts(self._record, patient_id, kind), kind, data)
            if fact is None:
                steps.append(Step(kind, data))
                continue
            told, other = _confirmed(*_more(fact.data, data), data)
            columns += [heading_of(kind, path) for path in other]
            if told:
                steps.append(Step(kind, told, fact.record))
        state: LineState = "fills" if steps else "known"
        return FoundLine(
            line, state, patient_id, steps=tuple(steps), differs=tuple(dict.fromkeys(columns))
        )

    def _same_fact(self, facts: Sequence[Fact], kind: str, data: dict[str, Any]) -> Fact | None:
        """The fact on file that the line tells of, too."""
        alike = {COVERAGE_PART: self._same_coverage, PRESCRIPTION_PART: _same_paper}[kind]
        return next((fact for fact in facts if alike(fact.data, data)), None)

    def _same_coverage(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        members = normal_id(one.get("member_id")), normal_id(other.get("member_id"))
        claims = [normal_id((each.get("claim") or {}).get("number")) for each in (one, other)]
        same_payer = self._payers.key_of(one.get("payer")) == self._payers.key_of(other["payer"])
        return same_payer and _fit(*members) and _fit(*claims)


def _fit(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other


def _same_paper(one: dict[str, Any], other: dict[str, Any]) -> bool:
    signed = one.get("signed_on"), other.get("signed_on")
    npis = [(each.get("prescriber") or {}).get("npi") for each in (one, other)]
    return bool(signed[0]) and signed[0] == signed[1] and _fit(*npis)


def _given(line: Line) -> Given:
    client, born = line.client, line.client.get("birth_date")
    return Given(
        client.get("name"),
        client.get("email"),
        client.get("phone"),
        birth_date=date.fromisoformat(born) if born else None,
        member_id=line.facts.get(COVERAGE_PART, {}).get("member_id"),
    )


def _confirmed(
    told: dict[str, Any], differs: list[str], data: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What nobody has confirmed, such as the word of a client who booked, is confirmed by a file
    that says so, and says nothing else otherwise."""
    if differs == ["staff_confirmed"] and data["staff_confirmed"]:
        return {**told, "staff_confirmed": True}, []
    return told, differs


def _alike(path: str, one: str, other: str) -> bool:
    """Whether two words say the same, such as one number in two spellings."""
    phones = normal_phone(one), normal_phone(other)
    return one.casefold() == other.casefold() or (
        path == "phone" and phones[0] is not None and phones[0] == phones[1]
    )


def _more(
    known: Mapping[str, Any], told: Mapping[str, Any], path: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """What ``told`` says and ``known`` does not, each part of an object whole; and where they
    differ."""
    more: dict[str, Any] = {}
    differs: list[str] = []
    for name, value in told.items():
        at = f"{path}.{name}" if path else name
        there = known.get(name)
        if there in (None, "", []):
            more[name] = value
        elif isinstance(value, dict) and isinstance(there, Mapping):
            inner, other = _more(there, value, at)
            differs += other
            if inner:
                more[name] = {**there, **inner}
        elif not _alike(at, str(there), str(value)):
            differs.append(at)
    return more, differs
