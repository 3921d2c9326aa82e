"""Characters that are not shown reach no page, by whatever door a text comes in."""

from __future__ import annotations

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.chart import change_client, client_row
from massage_ins_bridge.desk.views import client

ODD = "Ann \u202eeeL\u0000\n"


def test_what_a_platform_sends_is_cleaned(bridge: Bridge) -> None:
    row = bridge.take("b1", name=ODD, answers={"payer": "re\u2066gence", "plan": "\u202e"})
    with bridge.installation.read() as record:
        shown = client(record, client_row(record, row.patient_id))
    assert shown["name"] == "Ann  eeL  "
    assert bridge.details("b1").answers == {"payer": "re gence"}


def test_what_is_on_file_already_hinders_no_change_of_the_rest(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        row = client_row(record, patient)
        record.clients.update(row, {"name": ODD}, record.clients.contact(row))
    with bridge.installation.write() as record:
        change_client(record, patient, {"phone": "206-555-0111"})
    with bridge.installation.read() as record:
        assert client(record, client_row(record, patient))["name"] == ODD
