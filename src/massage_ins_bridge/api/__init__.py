"""Everything that a payer plugin may import from the host, and nothing that does I/O.

A plugin is a module (or object) with hook implementations marked ``@hookimpl`` and an entry
point in the group ``massage_ins_bridge``. See ``docs/plugins.md`` for a walk through one.
"""

from __future__ import annotations

import pluggy

from ..domain.answers import (
    ACTION_KINDS,
    REQUIREMENT_KEYS,
    Action,
    Answer,
    Cost,
    Finding,
    Outcome,
    Requirement,
    Route,
    Status,
    Strength,
    UploadAnswer,
    Waiver,
)
from ..domain.clinic import Clinic, NetworkSpan
from ..domain.days import add_days, add_duration, add_months, in_words, local_day, ordered_visits
from ..domain.declared import AUTHORIZATION_KINDS
from ..domain.extra import Extra
from ..domain.facts import (
    Attending,
    Authorization,
    Booking,
    Chart,
    ClaimBenefit,
    CostShare,
    Coverage,
    Duration,
    Frequency,
    InjuryClaim,
    Patient,
    Prescriber,
    Prescription,
    ProgressReport,
    Upcoming,
    Visit,
)
from ..domain.payer import Payer, is_listed, is_mentioned, normal_name, normal_plan
from ..domain.rule import NoRuleError, Rule
from ..domain.source import Source
from ..domain.vocabulary import AuthorizationKind, AuthorizationStatus
from ..gate.answer_days import last_day_to_ask
from ..gate.approval import Approval, cost_of_lateness, judge_approval
from ..gate.authorizations import (
    AuthorizationState,
    State,
    anything,
    authorization_state,
    covers,
    dated,
    full,
    some,
)
from ..gate.authorizations import state_after as authorization_state_after
from ..gate.billed import in_force
from ..gate.case import Case
from ..gate.counting import HERE, Entry, Episode, is_massage
from ..gate.numbers import categories, fits
from ..gate.settle import by_cost
from ..rulebook.book import RuleBook, RuleDataError, load_book
from ..rulebook.icd10 import look_up as look_up_diagnosis
from .vocabularies import VOCABULARIES

PROJECT = "massage_ins_bridge"
ALL_PAYERS = "*"
hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = [
    "ACTION_KINDS",
    "ALL_PAYERS",
    "AUTHORIZATION_KINDS",
    "HERE",
    "PROJECT",
    "REQUIREMENT_KEYS",
    "VOCABULARIES",
    "Action",
    "Answer",
    "Approval",
    "Attending",
    "Authorization",
    "AuthorizationKind",
    "AuthorizationState",
    "AuthorizationStatus",
    "Booking",
    "Case",
    "Chart",
    "ClaimBenefit",
    "Clinic",
    "Cost",
    "CostShare",
    "Coverage",
    "Duration",
    "Entry",
    "Episode",
    "Extra",
    "Finding",
    "Frequency",
    "InjuryClaim",
    "NetworkSpan",
    "NoRuleError",
    "Outcome",
    "Patient",
    "Payer",
    "Prescriber",
    "Prescription",
    "ProgressReport",
    "Requirement",
    "Route",
    "Rule",
    "RuleBook",
    "RuleDataError",
    "Source",
    "State",
    "Status",
    "Strength",
    "Upcoming",
    "UploadAnswer",
    "Visit",
    "Waiver",
    "add_days",
    "add_duration",
    "add_months",
    "anything",
    "authorization_state",
    "authorization_state_after",
    "by_cost",
    "categories",
    "cost_of_lateness",
    "covers",
    "dated",
    "fits",
    "full",
    "hookimpl",
    "in_force",
    "in_words",
    "is_listed",
    "is_massage",
    "is_mentioned",
    "judge_approval",
    "last_day_to_ask",
    "load_book",
    "local_day",
    "look_up_diagnosis",
    "normal_name",
    "normal_plan",
    "ordered_visits",
    "some",
]
