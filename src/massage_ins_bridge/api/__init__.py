"""Everything that a payer plugin may import from the host, and nothing that does I/O.

A plugin is a module with functions marked ``@hookimpl`` and an entry point in the group
``massage_ins_bridge``: docs/plugins.md walks through one, docs/tutorial-payer.md builds one.
``help`` of any name below tells more, such as ``help(massage_ins_bridge.api.Case)``.

What a plugin announces:
    hookimpl                   marks a function that answers a hook
    Hooks                      every hook, what it is handed and answers, with an example
    load_book                  the rules and payers of the rules.toml beside the module
    RuleBook                   what stands in a rules.toml
    RuleDataError              it cannot be used; the text says where and why
    Rule                       one rule on a day: its numbers, and the answers made from it
    NoRuleError                a rule was asked for that is not there, or not in force
    Source                     where a rule was read
    Payer                      who is billed, and what the shared rules must know of it
    ALL_PAYERS                 what ``payers()`` answers to serve every payer
    PROJECT                    the group of entry points
    API_VERSION                of what plugins may rely on; a plugin's ``requires_api``
    ApiDeprecationWarning      a plugin uses what is about to end

What a hook is handed:
    Case                       one booking, and all that is known of it on the day
    Chart                      the facts that a case is made from
    Booking                    the appointment
    Patient                    the client
    Clinic, NetworkSpan        what the clinic chose for itself; when it is in a network
    Coverage, CostShare        what insures the client; the part that the client pays
    InjuryClaim, ClaimBenefit  a claim of a work or auto injury; what it pays
    Attending                  the provider who attends an injured client
    Prescription, Prescriber   a written order; who wrote it
    Frequency, Duration        how often, and for how long
    Authorization              a payer's answer, or the open question
    Visit, Upcoming            a visit that is done; another booking that stands
    ProgressReport             a report that was sent
    Extra                      values of the fields that plugins declare

What follows from that:
    Entry, Episode             a massage that counts; those that count for a booking's number
    HERE                       the words for this clinic's own care
    is_massage                 whether care counts as massage
    in_force                   whether a coverage is in force on a day
    authorization_state        how a payer's approvals stand for this booking
    authorization_state_after  how they stand once it is done
    AuthorizationState, State  the answer of both; its words
    full, dated, some          what an approval must say: visits and a date, a date, either
    anything                   nothing at all
    covers, fits               whether an approval covers a day; whether it is for this care
    share_category             whether two diagnoses are of one category
    Approval, judge_approval   an approval that the payer asks for; what its lack costs
    cost_of_lateness           what a lack costs on its day: a hold or a block
    last_day_to_ask            the last day on which an answer can still come in time

What a hook answers:
    Answer                     of a booking: requirements, waivers, actions
    Requirement                one thing that a rule asks, and how it stands
    Waiver                     what does not apply
    Action                     work that somebody owes
    UploadAnswer, Finding      of a prescription: what was noticed, what it may cure
    by_cost                    sorts requirements, the costliest last

What many rules need:
    add_days, add_months       a day so many days or months later
    add_duration               the last day of a prescription's duration
    local_day                  the clinic's day of a moment
    in_words                   a day as texts show it
    ordered_visits             how many visits a frequency orders over a duration
    look_up_diagnosis          how an ICD-10-CM code stands on a day
    is_listed, is_mentioned    whether a plan's name is one of a list, or contains one
    normal_name, normal_plan   a payer's or a plan's name, to be compared

Words, as types and as lists:
    Status, Cost, Outcome      how a requirement stands; what that costs; what is decided
    Route, Strength            how it is billed; how sure a waiver is
    AuthorizationKind          what is approved
    AuthorizationStatus        how an approval stands
    REQUIREMENT_KEYS           what may be asked beside a plugin's own
    ACTION_KINDS               what work there is
    AUTHORIZATION_KINDS        what approvals there are
    VOCABULARIES               every list of words, by its name
"""

import sys as _sys
import typing as _typing

from ..domain.answers import ACTION_KINDS as ACTION_KINDS
from ..domain.answers import REQUIREMENT_KEYS as REQUIREMENT_KEYS
from ..domain.answers import Action as Action
from ..domain.answers import Answer as Answer
from ..domain.answers import Cost as Cost
from ..domain.answers import Finding as Finding
from ..domain.answers import Outcome as Outcome
from ..domain.answers import Requirement as Requirement
from ..domain.answers import Route as Route
from ..domain.answers import Status as Status
from ..domain.answers import Strength as Strength
from ..domain.answers import UploadAnswer as UploadAnswer
from ..domain.answers import Waiver as Waiver
from ..domain.clinic import Clinic as Clinic
from ..domain.clinic import NetworkSpan as NetworkSpan
from ..domain.days import add_days as add_days
from ..domain.days import add_duration as add_duration
from ..domain.days import add_months as add_months
from ..domain.days import in_words as in_words
from ..domain.days import local_day as local_day
from ..domain.days import ordered_visits as ordered_visits
from ..domain.declared import AUTHORIZATION_KINDS as AUTHORIZATION_KINDS
from ..domain.extra import Extra as Extra
from ..domain.facts import Attending as Attending
from ..domain.facts import Authorization as Authorization
from ..domain.facts import Booking as Booking
from ..domain.facts import Chart as Chart
from ..domain.facts import ClaimBenefit as ClaimBenefit
from ..domain.facts import CostShare as CostShare
from ..domain.facts import Coverage as Coverage
from ..domain.facts import Duration as Duration
from ..domain.facts import Frequency as Frequency
from ..domain.facts import InjuryClaim as InjuryClaim
from ..domain.facts import Patient as Patient
from ..domain.facts import Prescriber as Prescriber
from ..domain.facts import Prescription as Prescription
from ..domain.facts import ProgressReport as ProgressReport
from ..domain.facts import Upcoming as Upcoming
from ..domain.facts import Visit as Visit
from ..domain.payer import Payer as Payer
from ..domain.payer import is_listed as is_listed
from ..domain.payer import is_mentioned as is_mentioned
from ..domain.payer import normal_name as normal_name
from ..domain.payer import normal_plan as normal_plan
from ..domain.rule import NoRuleError as NoRuleError
from ..domain.rule import Rule as Rule
from ..domain.source import Source as Source
from ..domain.vocabulary import AuthorizationKind as AuthorizationKind
from ..domain.vocabulary import AuthorizationStatus as AuthorizationStatus
from ..gate.answer_days import last_day_to_ask as last_day_to_ask
from ..gate.approval import Approval as Approval
from ..gate.approval import cost_of_lateness as cost_of_lateness
from ..gate.approval import judge_approval as judge_approval
from ..gate.authorizations import AuthorizationState as AuthorizationState
from ..gate.authorizations import State as State
from ..gate.authorizations import anything as anything
from ..gate.authorizations import authorization_state as authorization_state
from ..gate.authorizations import covers as covers
from ..gate.authorizations import dated as dated
from ..gate.authorizations import full as full
from ..gate.authorizations import some as some
from ..gate.authorizations import state_after as _state_after
from ..gate.billed import in_force as in_force
from ..gate.case import Case as Case
from ..gate.counting import HERE as HERE
from ..gate.counting import Entry as Entry
from ..gate.counting import Episode as Episode
from ..gate.counting import is_massage as is_massage
from ..gate.numbers import fits as fits
from ..gate.numbers import share_category as share_category
from ..gate.settle import by_cost as by_cost
from ..rulebook.book import RuleBook as RuleBook
from ..rulebook.book import RuleDataError as RuleDataError
from ..rulebook.book import load_book as load_book
from ..rulebook.icd10 import look_up as _look_up
from ._deprecated import ENDING as _ENDING
from ._deprecated import ApiDeprecationWarning as ApiDeprecationWarning
from ._deprecated import ending as _ending
from ._help import teach as _teach
from ._hooks import PROJECT as PROJECT
from ._hooks import Hooks as Hooks
from ._hooks import hookimpl as hookimpl
from ._vocabularies import VOCABULARIES as VOCABULARIES

#: The version of what plugins may rely on: a new minor adds, a new major may take away.
API_VERSION = "1.0"
ALL_PAYERS = "*"
authorization_state_after = _state_after
look_up_diagnosis = _look_up

# There is no `__all__`: `help` of this module would print every class whole. Each name says by
# `as` that it is for others, and what begins with `_` is not.
_teach(_sys.modules[__name__])

if not _typing.TYPE_CHECKING:  # a type checker is to know no name that is not above

    def __getattr__(name: str) -> _typing.Any:
        return _ending(name, globals(), _ENDING)
