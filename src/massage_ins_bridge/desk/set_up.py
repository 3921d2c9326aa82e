"""Setting up the desk for the first time: which steps there are, what is done of them and what is
left. Each can be left, done in any order, and come back to; what was entered stands in the settings
and in the record, never in the steps themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from ..settings.edit import SettingsFile
from ..store.models import PatientRow
from ..store.record import Record
from ..store.user_models import ActRow
from .charts_taken import TAKEN_IN
from .connecting import newest_delivery
from .first_look import progress
from .installation import Installation
from .say import counted

StepName = Literal[
    "owner", "clinic", "payers", "connect", "services", "bookings", "clients", "people"
]
#: ``done``, ``waiting`` for something outside, or ``left`` to do.
StepState = Literal["done", "waiting", "left"]
TITLES: dict[StepName, str] = {
    "owner": "You, the owner",
    "clinic": "Clinic and therapists",
    "payers": "Whom you bill",
    "connect": "Connect your calendar",
    "services": "Name services and hosts",
    "bookings": "Take in the bookings",
    "clients": "Clients from a file",
    "people": "People who sign in",
}
#: Those without which the desk cannot watch.
NEEDED: tuple[StepName, ...] = ("owner", "clinic", "payers", "connect", "services", "bookings")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``words`` say how far it is, where that says more than its state."""

    name: StepName
    title: str
    state: StepState
    words: str = ""


@dataclass(frozen=True, slots=True)
class SetUp:
    """All steps, in the order in which they are shown."""

    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """How many of the needed steps are not done."""
        return sum(s.state != "done" for s in self.steps if s.name in NEEDED)

    def after(self, name: str) -> StepName:
        """The next step that is not done, after one; the first such where none comes after."""
        names = [step.name for step in self.steps]
        at = names.index(name) + 1 if name in names else 0
        ordered = (*self.steps[at:], *self.steps[:at])
        return next((step.name for step in ordered if step.state == "left"), "people")


def unfinished(installation: Installation, record: Record) -> list[StepName]:
    """The needed steps that are left, by the settings that the service goes by; what only waits for
    somebody else is not told."""
    settings = installation.settings
    clinic, accounts = settings.clinic_facts, installation.accounts.values()
    done: dict[StepName, bool] = {
        "owner": record.users.any(),
        "clinic": bool(clinic.name and clinic.practitioners),
        "payers": clinic.network is not None,
        "connect": bool(accounts),
        "services": bool(accounts) and all(one.settings.services for one in accounts),
    }
    return [name for name, is_done in done.items() if not is_done]


def nothing_yet(installation: Installation, record: Record) -> bool:
    """Whether this is an installation in which nobody has set up anything."""
    settings = installation.settings
    return not (settings.accounts or settings.clinic or record.users.any())


def set_up(installation: Installation, record: Record, file: SettingsFile) -> SetUp:
    """How far it is, by the settings as they are written and by the record."""
    found: dict[StepName, tuple[StepState, str]] = {
        "owner": _is(record.users.any()),
        "clinic": _is(bool(file.table("clinic").get("name") and file.practitioners())),
        "payers": _is("network" in file.table("clinic")),
        "connect": _connect(record, file),
        "services": _services(file),
        "bookings": _bookings(installation, record, file),
        "clients": _clients(record),
        "people": _is(len([u for u in record.users.all() if u.removed_at is None]) > 1),
    }
    return SetUp(tuple(Step(name, title, *found[name]) for name, title in TITLES.items()))


def _is(done: bool) -> tuple[StepState, str]:  # noqa: FBT001 - it reads as what it says
    return ("done" if done else "left"), ""


def _connect(record: Record, file: SettingsFile) -> tuple[StepState, str]:
    names = file.names()
    if not names:
        return "left", ""
    deaf = [n for n in names if hears(file, n) and newest_delivery(record, n) is None]
    if deaf:
        return "waiting", f"for the first word to {deaf[0]}"
    return "done", ""


def hears(file: SettingsFile, name: str) -> bool:
    """Whether deliveries come to an account: it has a secret for them."""
    account = file.account(name) or {}
    return "webhook_secret" in account or "webhook_secret_file" in account


def _services(file: SettingsFile) -> tuple[StepState, str]:
    accounts = [file.account(name) or {} for name in file.names()]
    return _is(bool(accounts) and all(account.get("services") for account in accounts))


def _bookings(
    installation: Installation, record: Record, file: SettingsFile
) -> tuple[StepState, str]:
    """Those of services that are not named are left alone: nothing is complete before."""
    looks = [progress(record, account) for account in installation.accounts.values()]
    if not looks or _services(file)[0] != "done":
        return "left", ""
    waiting = [look for look in looks if look.done_at is None]
    if waiting:
        return "waiting", f"{counted(sum(look.taken for look in waiting), 'booking')} so far"
    return "done", ""


def _clients(record: Record) -> tuple[StepState, str]:
    if record.chart_files.current() is not None:
        return "waiting", "a file is being looked over"
    taken = select(ActRow.id).where(ActRow.clinic == record.clinic, ActRow.kind == TAKEN_IN)
    if record.session.scalar(taken.limit(1)) is not None:
        return "done", ""
    known = select(PatientRow.id).where(PatientRow.clinic == record.clinic).limit(1)
    booked = record.session.scalar(known) is not None
    return "left", "clients are on file without one" if booked else ""
