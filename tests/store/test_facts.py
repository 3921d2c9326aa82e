"""Facts and visits: read before they are kept."""

from datetime import datetime

import pytest
from tests.store.conftest import opened

from massage_ins_bridge.domain.declared import NO_WORDS, Declared, DeclaredFact, vocabulary_of
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


OURS = vocabulary_of([Declared((DeclaredFact("va", "coverage", "ccn", "text", "CCN"),))])


def test_fields_of_plugins_are_kept_and_outlive_their_plugin(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        record.vocabulary = OURS
        client = record.clients.create({}, Contact()).id
        with pytest.raises(UnusableInputError, match="did you mean 'ccn'"):
            record.facts.add(client, "coverage", {"extra": {"va": {"cnc": "7"}}})
        row = record.facts.add(client, "coverage", {"extra": {"va": {"ccn": "7"}}})
        (kept,) = record.facts.known(client)["coverage"]
        assert kept.extra["va"]["ccn"] == "7"
        record.vocabulary = NO_WORDS
        (kept,) = record.facts.known(client)["coverage"]
        assert dict(kept.extra) == {}
        record.facts.replace(row, {**record.facts.data(row), "position": "primary"})
        with pytest.raises(UnusableInputError, match="no installed plugin"):
            record.facts.add(client, "coverage", {"extra": {"va": {"ccn": "7"}}})
