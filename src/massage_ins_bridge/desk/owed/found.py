"""What the modules of this room are given, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ...domain.answers import Action, Decision
from ...domain.clinic import Clinic
from ...domain.describe import describe
from ...hooks.host import Host
from ...settings import TaskSettings
from ...store.models import BookingRow
from ...store.record import Record
from ...store.task_models import TaskRow
from ..by_hand import by_hand
from ..client_file import ClientFile, Held
from ..installation import Installation
from ..open_days import OpenDays, open_days
from ..tasks import TEXTS, TaskKind

log = structlog.get_logger(__name__)
#: The requirement that stands for a plugin that could not answer.
FAILED = "plugin.failed"
#: Work of which every visit has its own. All other work is the client's: one task, however many
#: visits and bookings ask for it.
PER_VISIT = frozenset({"submit-claim", "give-superbill", "collect-payment"})
#: Work that is the same whichever rule asks for it.
_ONE_BY_KIND = frozenset(
    {
        "request-authorization",
        "request-extension",
        "chase-authorization",
        "request-referral",
        "send-lni-form",
        "send-progress-report",
        "appeal",
    }
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One matter of a client. ``due``: the day for staff; ``last_day``: the rule's own. ``payer``
    (a key) and ``action`` say what work it is, where a rule asked for it."""

    kind: TaskKind
    topic: str
    message: str
    booking_id: str | None = None
    due: date | None = None
    last_day: date | None = None
    payer: str | None = None
    action: str = ""


@dataclass(slots=True)
class Found:
    """By topic, what is owed. Of ``unsure`` kinds not everything could be found, so nothing of them
    is settled; nor is a matter whose topic is ``kept``. What is ``absorbed`` is part of another
    matter."""

    owed: dict[str, Owed] = field(default_factory=dict)
    unsure: set[TaskKind] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    absorbed: set[str] = field(default_factory=set)

    def add(self, owed: Owed) -> None:
        """Of two that are one matter, the one that is due first speaks. A booking's action stays
        one where a visit asks for the same."""
        known = self.owed.get(owed.topic)
        if known is None:
            self.owed[owed.topic] = owed
            return
        first = min(known, owed, key=lambda o: (o.due is None, o.due or date.max))
        action = TaskKind.ACTION in (known.kind, owed.kind)
        self.owed[owed.topic] = replace(first, kind=TaskKind.ACTION) if action else first


@dataclass(slots=True)
class Inquiry:
    """One client, looked at now. ``decided``: by booking, the decision that was just made; ``None``
    where deciding failed."""

    installation: Installation
    record: Record
    file: ClientFile
    decided: dict[str, Decision | None]
    found: Found = field(default_factory=Found)

    @property
    def host(self) -> Host:
        return self.installation.host

    @property
    def clinic(self) -> Clinic:
        return self.installation.settings.clinic_facts

    @property
    def settings(self) -> TaskSettings:
        return self.installation.settings.tasks

    @property
    def open_days(self) -> OpenDays:
        return open_days(self.installation)

    def decision(self, held: Held) -> Decision | None:
        """What the rules say of a booking now; ``None`` where they could not be asked."""
        if held.row.id not in self.decided:
            self.decided[held.row.id] = self._decide(held)
        return self.decided[held.row.id]

    def _decide(self, held: Held) -> Decision | None:
        try:
            return self.host.decide(self.file.chart(self.record, self.clinic, held))
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - what is owed stays as it was
            log.error("deciding failed", booking=held.row.id, error=describe(error))
            return None

    def desk_day(self, last_day: date | None) -> date | None:
        """The last day up to ``last_day`` on which somebody is at the desk."""
        return None if last_day is None else self.open_days.last_on_or_before(last_day)

    def text(self, kind: TaskKind, **words: object) -> str:
        return TEXTS[kind].format(**words)

    def work(self, kind: TaskKind, action: Action, message: str) -> str:
        """The text of a task for an action: a kind of a plugin's own goes by its label."""
        declared = self.host.words.actions.get(action.kind)
        name = declared.label if declared else action.kind
        return self.text(kind, action=name, message=message)

    def of_each_visit(self, kind: str, *, otherwise: bool) -> bool:
        """Whether every visit has such work of its own; ``otherwise`` where a plugin that declares
        the kind leaves that open."""
        declared = self.host.words.actions.get(kind)
        if declared is None or not declared.per:
            return kind in PER_VISIT or otherwise
        return declared.per == "visit"

    def key(self, topic: str) -> str:
        """The matter's key among all tasks."""
        return self.record.tasks.key("owed", f"{self.file.patient_id}:{topic}")

    def tasks_on(self, topics: Mapping[str, object]) -> list[TaskRow]:
        """The client's tasks on these topics, those that staff did included."""
        keys = {self.key(topic) for topic in topics}
        return [task for task in self.file.tasks if task.topic in keys]


#: What a task says in the place of a payer's long words, and of a fact of somebody's health:
#: by what the requirement's key begins with. The booking and the prescription say it in full.
_IN_SHORT: Mapping[str, str] = {
    "diagnosis": "Its diagnosis is missing, or is not one that is paid for.",
    "medical-necessity": "It does not show the medical need that the payer asks for.",
}


def in_short(key: str, message: str) -> str:
    """What is wrong, as a list of tasks may say it."""
    return _IN_SHORT.get(key.partition(".")[0], message)


def matter(payer: str | None, action: Action) -> str:
    """What work it is, for a client: of each payer one task, whoever asks for it."""
    of = payer or "nobody"
    return (
        f"{of}:{action.kind}"
        if action.kind in _ONE_BY_KIND
        else f"{of}:{action.kind}:{action.rule}"
    )


def is_history(inquiry: Inquiry, row: BookingRow) -> bool:
    """Whether a platform's booking became known only after its day: it counts, and what was owed
    for it is not the bridge's to ask for."""
    record = inquiry.record
    return not by_hand(row) and record.day(row.created_at) > record.day(row.start_at)


def failed(decision: Decision | None) -> bool:
    """Whether a decision does not hold all that the rules would say."""
    return decision is None or any(r.key == FAILED for r in decision.requirements)
