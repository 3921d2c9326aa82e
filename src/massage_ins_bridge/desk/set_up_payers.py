"""What setting up asks of the payers: with which of them the clinic is in network, and a ready
policy to start from. Read from forms and written into the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from ..domain.clinic import Clinic
from ..domain.payer import Payer, PayerIndex
from ..domain.reading import Problem, UnusableInputError
from ..gate.network import Whose, network_on
from ..settings import SettingsError
from ..settings.edit import SettingsFile
from ..settings.policies import policies, title_of
from .errors import ConflictError
from .set_up_clinic import first_name, must_hold

NetworkChoice = Literal["in", "out", "", "keep"]
#: With how many practitioners a payer is asked of each of them.
MOST_APART = 4
EVERYBODY = ""
_SINCE = re.compile(r"clinic\.network\.([^.\[]+)\[\d+\]\.from")


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer: by practitioner's key (``EVERYBODY`` for all) how the clinic stands with it, and
    since when. ``kept``: the settings say more than a form can, and stay as they are; ``today``:
    then how it stands on this day, in words."""

    key: str
    name: str
    network: Mapping[str, NetworkChoice]
    since: str
    kept: bool
    today: Mapping[str, str] = field(default_factory=dict)


def columns(file: SettingsFile) -> dict[str, str]:
    """Of whom a payer is asked: each practitioner by key, or everybody."""
    known = file.practitioners()
    if 1 < len(known) <= MOST_APART:
        return {key: first_name(name) or key for key, name in known.items()}
    return {EVERYBODY: "Everybody"}


def payer_rows(
    file: SettingsFile, payers: Sequence[Payer], on: date | None = None
) -> list[PayerRow]:
    """The payers of whom it matters whether the clinic is in their network, by name. ``on``: the
    day of which is said how the clinic stands where the settings say more than a form can."""
    network = file.table("clinic").get("network") or {}
    asked = [payer for payer in payers if payer.served and payer.needs_network]
    rows = [
        _row(payer, network.get(payer.key) or [], columns(file))
        for payer in sorted(asked, key=lambda payer: payer.name.casefold())
    ]
    if on is None or not any(row.kept for row in rows):
        return rows
    try:
        clinic = file.settings().clinic_facts
    except SettingsError:
        return rows
    known = {payer.key: payer for payer in asked}
    index = PayerIndex(payers)
    return [
        replace(row, today=_today(clinic, known[row.key], on, index, row)) if row.kept else row
        for row in rows
    ]


def _today(
    clinic: Clinic, payer: Payer, on: date, index: PayerIndex, row: PayerRow
) -> dict[str, str]:
    """How the clinic stands with a payer on a day, by practitioner."""
    words = {"in": "in today", "out": "out today", None: "not known today, or it depends"}
    return {
        key: words[network_on(clinic, payer, on, index, Whose(key or None))] for key in row.network
    }


def _row(payer: Payer, spans: Sequence[Mapping[str, Any]], asked: Mapping[str, str]) -> PayerRow:
    since = {str(span.get("from", "")) for span in spans}
    plain = all(set(span) <= {"status", "from", "practitioners"} for span in spans)
    named: dict[str, NetworkChoice] = {}
    for span in spans:
        for key in span.get("practitioners") or asked:
            if key in named or key not in asked:
                plain = False
            named[key] = span.get("status", "")
    if not plain or len(since) > 1:
        return PayerRow(payer.key, payer.name, dict.fromkeys(asked, "keep"), "", kept=True)
    network = {key: named.get(key, "") for key in asked}
    return PayerRow(payer.key, payer.name, network, min(since, default=""), kept=False)


def put_payers(file: SettingsFile, payers: Sequence[Payer], form: Mapping[str, str]) -> None:
    """Write which payers the clinic is in network with. Raises ``UnusableInputError``."""
    problems = []
    file.put_table("clinic", {"network": dict(file.table("clinic").get("network") or {})})
    for row in payer_rows(file, payers):
        said = {key: form.get(f"{row.key}-{key}", "") for key in row.network}
        since = form.get(f"{row.key}-since", "")
        if "keep" in said.values():
            continue
        if since and not _is_day(since):
            problems.append(Problem(f"{row.key}-since", "is no day; write one such as 2015-01-01"))
            continue
        file.put_network(row.key, list(_spans(said, since)))
    approval = form.get("prior_approval", "")
    if approval in ("payer", "always"):
        file.put_table("clinic", {"prior_approval": approval})
    must_hold(file, problems, _since_of)


def _since_of(where: str) -> str:
    """The field of the day from which a setting of the networks holds."""
    found = _SINCE.fullmatch(where)
    return f"{found[1]}-since" if found else ""


def _spans(said: Mapping[str, str], since: str) -> Iterator[dict[str, Any]]:
    """One span for each way to stand, of those who stand so."""
    for status in ("in", "out"):
        keys = [key for key, how in said.items() if how == status]
        if keys:
            span: dict[str, Any] = {"status": status}
            if since:
                span["from"] = since
            if len(keys) < len(said):
                span["practitioners"] = keys
            yield span


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def ready_policies() -> list[tuple[str, str]]:
    """Policies to start from, each with what it is for."""
    return [(name, title_of(text)) for name, text in policies().items()]


def put_policy(file: SettingsFile, name: str) -> None:
    """Start from a ready policy, in the place of what another one had filled in. Raises
    ``UnusableInputError``."""
    if name not in policies():
        raise UnusableInputError([Problem("policy", "is none of these; choose one")])
    file.put_policy(name)


def take_policy_back(file: SettingsFile, seen: str) -> None:
    """Networks and approval as they were before a policy was filled in. ``seen``: the tag of the
    file with it. Raises ``ConflictError`` where the file was changed since."""
    if seen != file.tag or not file.before.exists():
        raise ConflictError("The settings were changed since. Say it for each payer below.")
    try:
        former = SettingsFile(file.before).table("clinic")
    except SettingsError as error:
        raise ConflictError(str(error)) from None
    network = former.get("network") or {}
    for payer in {*(file.table("clinic").get("network") or {}), *network}:
        file.put_network(payer, network.get(payer) or [])
    file.put_table("clinic", {"prior_approval": former.get("prior_approval")})


def payer_values(file: SettingsFile, payers: Sequence[Payer]) -> dict[str, str]:
    """The fields of the form as they stand."""
    rows = payer_rows(file, payers)
    found = {f"{row.key}-{key}": str(how) for row in rows for key, how in row.network.items()}
    found |= {f"{row.key}-since": row.since for row in rows}
    return found | {"prior_approval": file.table("clinic").get("prior_approval", "payer")}
