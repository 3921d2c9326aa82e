"""The columns of a file of charts: what each is called, which fact it tells, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..domain.reading import UnusableInputError
from .fact_fields import CLAIM, CLIENT, COVERAGE, PRESCRIPTION, Field
from .fact_forms import typed

#: What a client is, and the facts of their chart that one line can tell.
CLIENT_PART, COVERAGE_PART, PRESCRIPTION_PART = "client", "coverage", "prescription"
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
#: How spreadsheets of this country write a day.
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``part``: which fact it belongs to; ``takes``: in words, what stands in it;
    ``words``: what may stand in it beside the values themselves, each with its value."""

    heading: str
    part: str
    field: Field
    takes: str
    words: Mapping[str, str]

    def read(self, text: str) -> object:
        """What a cell says; ``None`` for an empty one. Raises ``ValueError`` with the cure."""
        text = text.strip()
        if not text:
            return None
        match self.field.widget:
            case "date":
                return _day(text)
            case "yes-no":
                return _yes_or_no(text)
            case "choice":
                return self._choice(text)
            case _:
                return self._typed(text)

    def _choice(self, text: str) -> str:
        known = {value.casefold(): value for value, _ in self.field.options if value}
        known |= {said.casefold(): value for value, said in self.field.options if value}
        value = {**known, **self.words}.get(text.casefold())
        if value is None:
            raise ValueError(f"\u201c{text[:40]}\u201d is none of them; write {self.takes}")
        return value

    def _typed(self, text: str) -> object:
        try:
            value: object = typed((self.field,), {self.field.name: text})
        except UnusableInputError as error:
            raise ValueError(error.problems[0].message) from None
        for part in self.field.path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value


def _day(text: str) -> str:
    """A day as ``1984-02-28`` or ``2/28/1984``."""
    written = _SLASHES.fullmatch(text)
    iso = f"{written[3]}-{written[1]:0>2}-{written[2]:0>2}" if written else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise ValueError(
            f"\u201c{text[:40]}\u201d is no day; write it like 1984-02-28, or leave it empty"
        ) from None


def _yes_or_no(text: str) -> bool:
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError(f"\u201c{text[:40]}\u201d is neither; write yes or no, or leave it empty")
    return said in _YES


_TAKES: Mapping[str, str] = {
    "date": "a day, such as 1984-02-28",
    "yes-no": "yes or no",
    "number": "a number",
    "money": "an amount, such as 25.00",
    "payer": "the insurer, as people call it",
    "list": "several with commas between them",
    "long": "text; none where somebody looked and there is none",
}


#: Heading, path in the fact, and what it takes where its kind does not say it.
_CLIENT = (
    ("name", "name", "first and last name"),
    ("born", "birth_date", ""),
    ("phone", "phone", ""),
    ("email", "email", ""),
    ("language", "language", "English or Spanish"),
    ("intake in", "intake_received", ""),
    ("guardian agreed", "guardian_consent", ""),
)
_COVERAGE = (
    ("payer", "payer", ""),
    ("plan", "plan", ""),
    ("group number", "group_number", ""),
    ("member id", "member_id", ""),
    ("position", "position", "primary or secondary"),
    ("who pays", "funding", "plan or employer"),
    ("insured from", "from", ""),
    ("insured until", "to", ""),
    ("massage covered", "massage_benefit", ""),
    ("visits a year", "visit_limit", ""),
    ("visits used", "visits_used", ""),
    ("used as told on", "visits_used_on", ""),
    ("copay", "cost_share.copay", ""),
    ("insurance confirmed", "staff_confirmed", "yes where the plan itself said so"),
    ("claim number", "claim.number", ""),
    ("claim status", "claim.status", "open, allowed, pending, reopening, closed or rejected"),
    ("injured on", "claim.date_of_injury", ""),
)
_PRESCRIPTION = (
    ("prescriber", "prescriber.name", "their name"),
    ("credential", "prescriber.credential", "as written, such as MD"),
    ("npi", "prescriber.npi", "10 digits"),
    ("licensed in", "prescriber.state", "two letters, such as WA"),
    ("signed on", "signed_on", ""),
    ("received on", "received_on", ""),
    ("signed", "signed", ""),
    ("diagnoses", "diagnoses", "ICD-10 codes with commas between them"),
    ("times a week", "frequency.times", ""),
    ("weeks", "duration.count", ""),
    ("visits ordered", "visits", ""),
    ("pain", "pain", ""),
    ("loss of function", "loss_of_function", ""),
    ("purpose", "purpose", "rehabilitation, maintenance or relaxation"),
    ("prescription confirmed", "staff_confirmed", "yes where somebody read it"),
)
#: What may be written beside the values themselves.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "language": {"english": "en", "en": "en"},
    "who pays": {"plan": "fully_insured", "employer": "self_insured"},
}
#: A number of visits in each week, for so many weeks: what these columns leave unsaid.
UNITS: Mapping[str, tuple[str, str]] = {"frequency": ("per", "week"), "duration": ("unit", "week")}


def _columns() -> Iterator[Column]:
    for part, fields, rows in (
        (CLIENT_PART, CLIENT, _CLIENT),
        (COVERAGE_PART, (*CLAIM, *COVERAGE), _COVERAGE),
        (PRESCRIPTION_PART, PRESCRIPTION, _PRESCRIPTION),
    ):
        known = {field.path: field for field in fields}
        for heading, path, takes in rows:
            said = takes or _TAKES.get(known[path].widget, "text")
            yield Column(heading, part, known[path], said, _WORDS.get(heading, {}))


#: By heading, in the order of the template.
COLUMNS: Mapping[str, Column] = {column.heading: column for column in _columns()}

#: What other programs call a column.
CALLED_ALSO: Mapping[str, str] = {
    "birth date": "born",
    "birthdate": "born",
    "date of birth": "born",
    "dob": "born",
    "client": "name",
    "client name": "name",
    "full name": "name",
    "patient": "name",
    "patient name": "name",
    "e-mail": "email",
    "email address": "email",
    "mobile": "phone",
    "phone number": "phone",
    "telephone": "phone",
    "insurance": "payer",
    "insurer": "payer",
    "insurance id": "member id",
    "member number": "member id",
    "group": "group number",
}


def template() -> str:
    """An empty file: its first line alone, which names the columns."""
    return ",".join(COLUMNS) + "\r\n"
