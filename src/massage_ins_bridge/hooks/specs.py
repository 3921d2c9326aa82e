"""The hooks. Results are collected from every plugin that serves the payer; each plugin is called
apart, in order of name, within a time limit. One that raises, hangs or gives an invalid answer is
recorded as failed and holds the booking. All hooks must be free of side effects and of I/O:
the same case must give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pluggy

from ..api import PROJECT, Action, Answer, Case, Payer, Prescription, RuleBook, UploadAnswer

hookspec = pluggy.HookspecMarker(PROJECT)


class Hooks:
    """Signatures and meanings. A plugin may leave out hooks, and arguments that it does not use."""

    @hookspec
    def payers(self) -> Iterable[Payer | str]:  # type: ignore[empty-body]
        """Which payers the plugin serves; called once, when the host starts.

        A ``Payer`` defines one (with its names and what the shared rules must know of it), a
        ``str`` is the key of a payer that another plugin defines, ``ALL_PAYERS`` means every
        one. A plugin that answers ``on_booking`` without this hook serves all payers.
        """

    @hookspec
    def rules(self) -> RuleBook:  # type: ignore[empty-body]
        """The plugin's rule data; called once, when the host starts."""

    @hookspec
    def connectors(self) -> Sequence[type]:  # type: ignore[empty-body]
        """The connector classes that it brings; see ``massage_ins_bridge.api.connectors``."""

    @hookspec
    def on_booking(self, case: Case) -> Answer | None:
        """What this payer's rules ask of a booking, how it stands, and what is waived.

        Called for each decision on a booking billed to a payer that the plugin serves. ``None``
        means that the plugin has nothing to say.
        """

    @hookspec
    def on_visit_complete(self, case: Case) -> Sequence[Action] | None:
        """What is owed now that the visit ``case.booking`` is done: authorization requests and
        extensions with their days, progress reports, claims or superbills, reminders."""

    @hookspec
    def on_prescription_upload(self, case: Case, prescription: Prescription) -> UploadAnswer | None:
        """Findings on one prescription document, field by field, in view of the standing booking
        ``case.booking``, and which of its requirements the document may cure."""
