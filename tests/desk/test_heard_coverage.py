"""What staff files takes the place of what a client only told, and of nothing else."""

from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.heard_coverage import add_coverage

TOLD = {"payer": "Regence Shield", "position": "primary", "staff_confirmed": False}
FILED = {"payer": "regence", "claim": {"number": "AB1"}, "staff_confirmed": True}


def filed(bridge: Bridge, told: dict[str, Any], data: dict[str, Any]) -> list[dict[str, Any]]:
    bridge.take("b1")
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        record.facts.add(patient, "coverage", told)
        add_coverage(bridge.installation, record, patient, data)
    with bridge.installation.read() as record:
        return [record.facts.data(row) for row in record.facts.list(patient, "coverage")]


def test_the_clients_own_word_becomes_what_staff_found_out(bridge: Bridge) -> None:
    """Two coverages of one payer would hold each other up for good."""
    told = {**TOLD, "claim": {"number": "AB1", "status": "open"}}
    claim = {"number": "AB1", "status": "open"}
    assert filed(bridge, told, FILED) == [{**TOLD, **FILED, "claim": claim}]


@pytest.mark.parametrize(
    "told",
    [
        {**TOLD, "staff_confirmed": True},
        {**TOLD, "payer": "Premera"},
        {**TOLD, "claim": {"number": "ZZ9"}},
    ],
)
def test_another_coverage_stays(bridge: Bridge, told: dict[str, Any]) -> None:
    found = filed(bridge, told, FILED)
    assert [one for one in found if one != told] == [FILED]
    assert told in found
