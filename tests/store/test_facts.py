"""Facts and visits: read before they are kept."""

from datetime import datetime

import pytest
from tests.store.conftest import opened

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.database import Store


def test_facts_are_read_before_they_are_kept(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        patient = record.clients.create({}, Contact())
        for kind, data in (
            ("coverage", {"payr": "regence"}),
            ("authorization", {"from": "2026-12-02", "to": "2026-12-01"}),
            ("prescription", {"signed_on": "9999-01-01"}),
        ):
            with pytest.raises(UnusableInputError):
                record.facts.add(patient.id, kind, data)
        with pytest.raises(UnusableInputError):
            record.visits.file(patient.id, {"on": "2026-02-30"}, [])
        assert record.visits.list(patient.id) == []
