"""What setting up asks of the clinic: its name and therapists. Read from forms and written into the
settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from ..domain.reading import Problem, UnusableInputError
from ..identity.addresses import normal_phones
from ..identity.letters import plain
from ..rules import rules
from ..rules.prescriber import npi_valid
from ..settings import SettingsError
from ..settings.edit import SettingsFile
from .connecting import name_of

#: How many empty rows for further therapists a form shows.
EMPTY_ROWS = 3
#: Those that are proposed; any other may be written.
ZONES = (
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Chicago",
    "America/New_York",
    "America/Anchorage",
    "Pacific/Honolulu",
)
#: Those that are proposed.
HOURS = "Mon-Fri 09:00-17:00"
_NPI = re.compile(r"[12][0-9]{9}")
_NO_NPI = "is no NPI; it has 10 digits, without dashes or spaces, and begins with 1 or 2"
_SLIP = "is no NPI: one of its digits is wrong (its last one checks the others)"


@dataclass(frozen=True, slots=True)
class TherapistRow:
    """One row of the form; ``key`` is empty where somebody new may be written."""

    key: str
    name: str
    npi: str


def therapists(file: SettingsFile) -> list[TherapistRow]:
    """Those who are known, and empty rows for others."""
    known = file.table("clinic").get("practitioners") or []
    rows = [
        TherapistRow(str(p.get("key", "")), str(p.get("name", "")), str(p.get("npi", "")))
        for p in known
    ]
    return [*rows, *(TherapistRow("", "", "") for _ in range(EMPTY_ROWS))]


def clinic_values(file: SettingsFile) -> dict[str, str]:
    """The fields of the form as they stand, or as they are proposed."""
    known = {**file.table("client_page"), **file.table("clinic")}
    usual = {"timezone": ZONES[0], "office_hours": HOURS}
    fields = ("name", "timezone", "office_hours", "phone", "address")
    values = {name: str(known.get(name, usual.get(name, ""))) for name in fields}
    for number, row in enumerate(therapists(file)):
        values |= {f"therapist-{number}": row.name, f"npi-{number}": row.npi}
    return values


def put_clinic(file: SettingsFile, form: Mapping[str, str], on: date) -> None:
    """Write what the form says ``on`` a day. Raises ``UnusableInputError``."""
    problems = [Problem(f, "is missing") for f in ("name", "timezone") if not form.get(f)]
    zone = form.get("timezone", "")
    if zone and zone not in available_timezones():
        problems.append(
            Problem("timezone", f"{zone!r} is no zone; write one such as America/Los_Angeles")
        )
    clinic = {"name": form.get("name"), "timezone": zone}
    clinic["office_hours"] = form.get("office_hours") or None
    file.put_table("clinic", clinic)
    page = {name: form.get(name) or None for name in ("phone", "address")}
    if page["phone"] and not normal_phones(page["phone"]):
        said = "is no phone number; write it with its area code, such as 206-555-0100"
        problems.append(Problem("phone", said))
    file.put_table("client_page", page)
    problems += _put_therapists(file, form, on)
    named = any(form.get(f"therapist-{number}") for number, _ in enumerate(therapists(file)))
    if not named and not file.practitioners():
        problems.append(Problem("therapist-0", "is missing; name whoever gives massages here"))
    must_hold(file, problems)


def _put_therapists(file: SettingsFile, form: Mapping[str, str], on: date) -> Iterator[Problem]:
    """Write who gives massages; a row that was emptied is somebody who does no more."""
    for number, row in enumerate(therapists(file)):
        name, npi = form.get(f"therapist-{number}", ""), form.get(f"npi-{number}", "")
        if not name:
            if npi:
                yield Problem(f"therapist-{number}", "is missing; write their name")
            elif row.key and f"therapist-{number}" in form:
                named = file.where_named(row.key)
                if named and not form.get("along"):
                    said = f"is still named: {', '.join(named)}. Tick the box below the table to "
                    yield Problem(f"therapist-{number}", f"{said}take that out as well")
                else:
                    file.remove_practitioner(row.key)
            continue
        taken = file.practitioners()
        if wrong := npi_problem(npi, on):
            yield Problem(f"npi-{number}", wrong)
            continue
        key = row.key or _free(name_of(plain(first_name(name))), taken)
        file.put_practitioner(key, {"name": name, "npi": npi or None})


def npi_problem(npi: str, on: date) -> str:
    """What is wrong with a therapist's NPI by the rules of a day; empty where nothing is, or where
    none is given."""
    if npi and not _NPI.fullmatch(npi):
        return _NO_NPI
    rule = rules().on(on).get("RX-03")
    right = rule is None or npi_valid(npi, rule.values["npi_prefix"])
    return "" if not npi or right else _SLIP


def first_name(name: str) -> str:
    return name.split(",", maxsplit=1)[0].split(" ", maxsplit=1)[0]


def _free(key: str, taken: Mapping[str, str]) -> str:
    number = 2
    found = key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def must_hold(
    file: SettingsFile, problems: Sequence[Problem], field_of: Callable[[str], str] = str
) -> None:
    """Raises ``UnusableInputError`` with ``problems``, and with what the settings would refuse
    beside them, by the form's fields where these are known; ``field_of`` knows those of a setting
    that is none of the clinic's."""
    said = {problem.path for problem in problems}
    more = list[Problem]()
    try:
        file.settings()
    except SettingsError as error:
        for line in error.problems:
            where, _, words = line.partition(": ")
            field = _field(where) or field_of(where)
            plain = Problem(field, words or line) if field else Problem("", line)
            more += [plain] if field not in said and (field or not problems) else []
            said |= {field} - {""}  # a field may stand in several settings: it is told once
    if problems or more:
        raise UnusableInputError([*problems, *more])


def _field(where: str) -> str:
    for end in ("office_hours", "timezone", "name"):
        if where == f"clinic.{end}":
            return end
    if where.startswith("clinic.practitioners["):
        number, _, field = where.removeprefix("clinic.practitioners[").partition("].")
        return f"{'npi' if field == 'npi' else 'therapist'}-{number}"
    return ""
