"""Forms that are kept speak as their pages do."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from massage_ins_bridge.desk.kept_form import KeptForm
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.domain.declared import Vocabulary
from massage_ins_bridge.web.staff.kept_words import in_words

NOBODY = SimpleNamespace(get=lambda *_, **__: None, who_is=lambda _: None)
RECORD: Any = SimpleNamespace(
    vocabulary=Vocabulary(), today=date(2026, 12, 1), bookings=NOBODY, clients=NOBODY
)
DANA = Person("default", "Dana Ruiz", "owner")


@pytest.mark.parametrize(
    ("path", "name", "text", "label", "said"),
    [
        ("/clients/new", "birth_date", "1984-02-28", "Born", "Tue, Feb 28, 1984"),
        ("/clients/pat_1/edit", "language", "es", "Language", "Spanish"),
        ("/clients/pat_1/coverages/new", "massage_benefit", "no", "Massage is a benefit", "No"),
        ("/clients/pat_1/ask/regence", "decided_on", "2026-12-02", "Answered on", "Wed, Dec 2"),
        ("/clients/pat_1/ask/regence", "fields.start_of_care", "soon", "Start of care", "soon"),
        ("/clients/pat_1/note", "note", "2026-13-45", "Note", "2026-13-45"),
        ("/bookings/bkg_1/stand", "reason", "they said yes", "Why", "they said yes"),
        ("/bookings/bkg_1/do", "do", "no-show", "What was pressed", "No show"),
        ("/bookings/new", "time", "10:00", "Start", "10:00"),
        ("/rules/core/RX-07/change", "v-lead_days", "4", "Lead days", "4"),
    ],
)
def test_each_field_by_its_name(path: str, name: str, text: str, label: str, said: str) -> None:
    form = KeptForm(path, (("once", "x"), (name, text)))
    assert in_words(RECORD, DANA, form) == ((label, said),)
