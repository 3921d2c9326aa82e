"""What a therapist may see and do: what is their own."""

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.own import must_be_own, own_booking, own_client, seen_booking
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.store.acts import About


def test_a_booking_of_nobody_is_no_therapists(bridge: Bridge) -> None:
    bridge.take("b1")
    row = bridge.row("b1")
    for practitioner in (None, "mira"):
        person = Person("default", "Mira", "therapist", "usr_1", practitioner)
        with bridge.installation.write() as record:
            for refused in (
                lambda: own_booking(record, person, row.id),  # noqa: B023 - called at once
                lambda: seen_booking(record, person, row.id),  # noqa: B023
                lambda: own_client(record, person, row.patient_id),  # noqa: B023
                lambda: must_be_own(record, person, About(row.patient_id)),  # noqa: B023
                lambda: must_be_own(record, person, About()),  # noqa: B023
            ):
                with pytest.raises(NotFoundError):
                    refused()
    owner = Person("default", "Ola", "owner")
    with bridge.installation.write() as record:
        assert own_booking(record, owner, row.id).id == row.id
        must_be_own(record, owner, About())
