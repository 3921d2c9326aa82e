"""Everything that a payer plugin may import from the host, and nothing that does I/O.

A plugin is a module (or object) with hook implementations marked ``@hookimpl`` and an entry
point in the group ``massage_ins_bridge``. See ``docs/plugins.md`` for a walk through one.
"""

from __future__ import annotations

import pluggy

from ..domain.answers import (
    Action,
    Answer,
    Cost,
    Finding,
    Requirement,
    Status,
    UploadAnswer,
    Waiver,
)
from ..domain.days import add_days, add_duration, add_months, local_day, ordered_visits
from ..domain.facts import (
    Authorization,
    Booking,
    Chart,
    Clinic,
    CostShare,
    Coverage,
    InjuryClaim,
    Patient,
    Prescriber,
    Prescription,
    ProgressReport,
    Upcoming,
    Visit,
)
from ..domain.payer import Payer, normal_name, normal_plan
from ..domain.rule import Rule
from ..gate.authorizations import (
    AuthorizationState,
    authorization_state,
    full,
)
from ..gate.authorizations import state_after as authorization_state_after
from ..gate.case import Case
from ..gate.combine import by_cost, rest_on_hearsay
from ..gate.counting import Entry, Episode
from ..rulebook.book import RuleBook, load_book
from ..rulebook.icd10 import look_up as look_up_diagnosis

PROJECT = "massage_ins_bridge"
ALL_PAYERS = "*"
hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = [
    "ALL_PAYERS",
    "PROJECT",
    "Action",
    "Answer",
    "Authorization",
    "AuthorizationState",
    "Booking",
    "Case",
    "Chart",
    "Clinic",
    "Cost",
    "CostShare",
    "Coverage",
    "Entry",
    "Episode",
    "Finding",
    "InjuryClaim",
    "Patient",
    "Payer",
    "Prescriber",
    "Prescription",
    "ProgressReport",
    "Requirement",
    "Rule",
    "RuleBook",
    "Status",
    "Upcoming",
    "UploadAnswer",
    "Visit",
    "Waiver",
    "add_days",
    "add_duration",
    "add_months",
    "authorization_state",
    "authorization_state_after",
    "by_cost",
    "full",
    "hookimpl",
    "load_book",
    "local_day",
    "look_up_diagnosis",
    "normal_name",
    "normal_plan",
    "ordered_visits",
    "rest_on_hearsay",
]
