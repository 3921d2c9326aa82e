"""The hooks that a plugin may answer, each with an example, and the mark of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pluggy

from ..domain.answers import Action, Answer, UploadAnswer
from ..domain.facts import Prescription
from ..domain.payer import Payer
from ..domain.told import Told
from ..gate.case import Case
from ..rulebook.book import RuleBook

PROJECT = "massage_ins_bridge"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class Hooks(metaclass=Told):
    """What a plugin may answer: functions of its module (or methods of an object), each marked with
    ``@hookimpl``. A plugin may leave out hooks, and arguments that it does not use.

    Results are collected from every plugin that serves the payer; each plugin is called apart, in
    order of name, within a time limit. One that raises, hangs or gives an invalid answer is
    recorded as failed and holds the booking. All hooks must be free of side effects and of I/O:
    the same case must give the same answer.
    """

    @_hookspec
    def payers(self) -> Iterable[Payer | str]:  # type: ignore[empty-body]
        """Which payers the plugin serves; called once, when the host starts.

        A ``Payer`` defines one (with its names and what the shared rules must know of it), a
        ``str`` is the key of a payer that another plugin defines, ``ALL_PAYERS`` means every
        one. A plugin that answers ``on_booking`` without this hook serves all payers.

        Example:

            @hookimpl
            def payers() -> Sequence[Payer]:
                return load_book(__name__).payers
        """

    @_hookspec
    def rules(self) -> RuleBook:  # type: ignore[empty-body]
        """The plugin's rule data; called once, when the host starts.

        Example:

            @hookimpl
            def rules() -> RuleBook:
                return load_book(__name__)  # the rules.toml beside this module
        """

    @_hookspec
    def connectors(self) -> Sequence[type]:  # type: ignore[empty-body]
        """The connector classes that it brings; see ``massage_ins_bridge.api.connectors``.

        Example:

            @hookimpl
            def connectors() -> Sequence[type]:
                from .connector import Sundial  # loaded where it is asked for alone

                return [Sundial]
        """

    @_hookspec
    def on_booking(self, case: Case) -> Answer | None:
        """What this payer's rules ask of a booking, how it stands, and what is waived.

        Called for each decision on a booking billed to a payer that the plugin serves. ``None``
        means that the plugin has nothing to say.

        Example:

            @hookimpl
            def on_booking(case: Case) -> Answer:
                rule = case.rules["EVG-01"]
                if case.visit_number is None:
                    why, cure = "The visits so far are not known.", "Record them."
                    return Answer((rule.unknown("referral", why, cure, "We are checking it."),))
                why = f"Visit {case.visit_number} needs no referral."
                return Answer((rule.met("referral", why),))
        """

    @_hookspec
    def on_visit_complete(self, case: Case) -> Sequence[Action] | None:
        """What is owed now that the visit ``case.booking`` is done: authorization requests and
        extensions with their days, progress reports, claims or superbills, reminders.

        Example:

            @hookimpl
            def on_visit_complete(case: Case) -> Sequence[Action]:
                rule = case.rules["EVG-01"]
                last = add_months(case.date_of_service, 12)
                return [rule.action("submit-claim", "Send the claim for this visit.", last)]
        """

    @_hookspec
    def on_prescription_upload(self, case: Case, prescription: Prescription) -> UploadAnswer | None:
        """Findings on one prescription document, field by field, in view of the standing booking
        ``case.booking``, and which of its requirements the document may cure.

        Example:

            @hookimpl
            def on_prescription_upload(case: Case, prescription: Prescription) -> UploadAnswer:
                rule = case.rules["EVG-01"]
                if prescription.visits is None:
                    why, cure = "It does not say how many visits.", "Ask for the number of visits."
                    return UploadAnswer((rule.finding("visits", "unmet", why, cure),))
                return UploadAnswer(may_cure=("prescription.visits",))
        """
