"""What is pressed on a booking, once, with the line that tells of it and its way back."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk import booking_words
from massage_ins_bridge.desk.acts import Done, note, note_look, take_back
from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.chart import change_client
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.roles import ForbiddenError, Person
from massage_ins_bridge.desk.row_acts import ACTS, press
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.acts import About
from massage_ins_bridge.store.user_models import ActRow
from massage_ins_bridge.testing.bookings import NOW, START

DANA = Person("default", "Dana Ruiz", "front-desk")


def pressed(bridge: Bridge, ref: str, what: str, person: Person = DANA) -> str | None:
    """The id of the act; ``None`` where there was nothing to do."""
    with bridge.installation.write() as record:
        done = press(bridge.installation, record, person, bridge.row(ref).id, what)
        act = note(record, person, done).id if done is not None else None
    bridge.work()
    return act


def said(bridge: Bridge, do: Any, *given: Any) -> str:
    with bridge.installation.write() as record:
        done: Done = do(record, DANA, *given)
        act = note(record, DANA, done).id
    bridge.work()
    return act


def let_stand(bridge: Bridge) -> Any:
    return partial(booking_words.let_stand, bridge.installation)


def undo(bridge: Bridge, act: str | None) -> ActRow:
    assert act is not None
    with bridge.installation.write() as record:
        row = take_back(bridge.installation, record, DANA, act)
    bridge.work()
    return row


def test_every_act_that_has_a_way_back_leaves_nothing_behind(bridge: Bridge) -> None:
    bridge.take("b1")
    act = pressed(bridge, "b1", "arrived")
    assert bridge.row("b1").arrived_at is not None
    assert pressed(bridge, "b1", "arrived") is None
    undo(bridge, act)
    assert bridge.row("b1").arrived_at is None
    bridge.pass_time(START + timedelta(hours=2))
    for what, status in (("completed", "completed"), ("no-show", "no-show")):
        before = bridge.row("b1").platform_status
        act = pressed(bridge, "b1", what)
        assert bridge.row("b1").platform_status == status
        undo(bridge, act)
        assert bridge.row("b1").platform_status == before


def test_an_act_is_taken_back_once(bridge: Bridge) -> None:
    bridge.take("b1")
    act = pressed(bridge, "b1", "arrived")
    undo(bridge, act)
    with pytest.raises(ConflictError, match="Already undone by Dana Ruiz"):
        undo(bridge, act)
    with pytest.raises(NotFoundError):
        undo(bridge, "act_none")


def test_confirming_the_payer_cures_and_its_undo_holds_again(bridge: Bridge) -> None:
    bridge.take("b1")
    before = bridge.outcome("b1")
    act = pressed(bridge, "b1", "confirm-payer")
    assert bridge.outcome("b1") == "allow"
    undo(bridge, act)
    assert bridge.outcome("b1") == before


def test_where_several_could_be_meant_the_desk_says_which(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.add_fact("b1", "coverage", {"payer": "Regence", "plan": "PPO"})
    with pytest.raises(ConflictError, match="Say which insurance"):
        pressed(bridge, "b1", "confirm-payer")


def test_what_was_changed_since_is_not_undone(bridge: Bridge) -> None:
    bridge.take("b1")
    act = pressed(bridge, "b1", "confirm-payer")
    with bridge.installation.write() as record:
        patient = bridge.row("b1").patient_id
        (row,) = record.facts.list(patient, "coverage")
        record.facts.replace(row, {"payer": "Regence", "staff_confirmed": True, "plan": "PPO"})
    with pytest.raises(ConflictError, match="changed since"):
        undo(bridge, act)


def test_a_persons_word_lets_it_stand_and_is_taken_back(bridge: Bridge) -> None:
    bridge.take("b1")
    booking = bridge.row("b1").id
    with pytest.raises(UnusableInputError):
        said(bridge, let_stand(bridge), booking, None)
    act = said(bridge, let_stand(bridge), booking, "the plan said yes")
    assert bridge.outcome("b1") == "allow"
    undo(bridge, act)
    assert bridge.outcome("b1") != "allow"
    said(bridge, partial(booking_words.refuse, bridge.installation), booking, "told by phone")
    assert bridge.row("b1").platform_status in ("rejected", "cancelled")


def test_the_client_pays_only_where_that_is_offered(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    booking = bridge.row("b1").id
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="may not"):
        booking_words.pays_alone(record, DANA, booking, signed=True)


def test_another_payer_is_billed_and_the_former_again(bridge: Bridge) -> None:
    bridge.take("b1")
    before = bridge.details("b1").payer
    act = said(bridge, booking_words.bill, bridge.row("b1").id, "Premera")
    assert bridge.details("b1").payer == "Premera"
    undo(bridge, act)
    assert bridge.details("b1").payer == before


def test_a_therapist_sees_and_presses_their_own_alone(bridge: Bridge) -> None:
    bridge.take("b1")
    mira = Person("default", "Mira", "therapist", practitioner="mira")
    with pytest.raises(NotFoundError):
        pressed(bridge, "b1", "arrived", mira)
    reader = Person("default", "Ann", "read-only")
    for what in ACTS:
        with pytest.raises(ForbiddenError):
            pressed(bridge, "b1", what, reader)
    with pytest.raises(NotFoundError, match="button"):
        pressed(bridge, "b1", "no such thing")


def test_a_look_is_on_record_once_in_a_while(bridge: Bridge) -> None:
    bridge.take("b1")
    patient = bridge.row("b1").patient_id

    def look() -> int:
        note_look(bridge.installation, DANA, About(None, bridge.row("b1").id))
        note_look(bridge.installation, DANA, About(patient))
        with bridge.installation.read() as record:
            return len(record.acts.listed(patient_id=patient))

    assert [look(), look()] == [1, 1]
    bridge.clock.moment += timedelta(minutes=31)
    assert look() == 2


def test_names_in_acts_are_sealed(bridge: Bridge) -> None:
    bridge.take("b1", name="Ann Lee")
    act = pressed(bridge, "b1", "arrived")
    with bridge.installation.read() as record:
        row = record.acts.get(act or "")
        assert row is not None
        assert b"Ann Lee" not in row.act_sealed
        assert record.acts.act(row).said == "Ann Lee is here."


def test_undo_does_not_take_back_what_somebody_said_since(bridge: Bridge) -> None:
    bridge.take("b1")
    row = bridge.row("b1")
    first = said(bridge, let_stand(bridge), row.id, "the plan said yes")
    pressed(bridge, "b1", "unsay")
    said(
        bridge,
        let_stand(bridge),
        row.id,
        "they pay if it is refused",
    )
    with pytest.raises(ConflictError, match="changed since"):
        undo(bridge, first)
    assert bridge.outcome("b1") == "allow"


def test_undo_leaves_how_a_visit_ended_by_a_later_word(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.pass_time(START + timedelta(hours=2))
    first = pressed(bridge, "b1", "completed")
    pressed(bridge, "b1", "no-show")
    with pytest.raises(ConflictError, match="changed since"):
        undo(bridge, first)
    assert bridge.row("b1").platform_status == "no-show"


def test_undo_leaves_who_is_billed_by_a_later_word(bridge: Bridge) -> None:
    bridge.take("b1")
    row = bridge.row("b1")
    first = said(bridge, booking_words.bill, row.id, "Premera")
    second = said(bridge, booking_words.bill, row.id, "Kaiser")
    with pytest.raises(ConflictError, match="changed since"):
        undo(bridge, first)
    undo(bridge, second)
    undo(bridge, first)


def test_undo_leaves_what_is_known_of_a_client_since(bridge: Bridge) -> None:
    bridge.take("b1")
    first = pressed(bridge, "b1", "consent-in")
    assert pressed(bridge, "b1", "consent-in") is None
    with bridge.installation.write() as record:
        change_client(record, bridge.row("b1").patient_id, {"guardian_consent": False})
    with pytest.raises(ConflictError, match="changed since"):
        undo(bridge, first)


@pytest.mark.parametrize(
    ("enforcement", "minutes", "ahead", "said_of_it"),
    [
        ("enforce", 15, timedelta(hours=2), "is told at 10:15 AM, unless somebody stops it."),
        ("enforce", 0, timedelta(days=15), "is told now."),
        ("enforce", 15, timedelta(minutes=9), "can be told: tell the client."),
        ("observe", 15, timedelta(hours=2), "this account only watches."),
    ],
)
def test_a_refusal_says_when_and_whether_the_platform_is_told(
    tmp_path: Path, enforcement: str, minutes: int, ahead: timedelta, said_of_it: str
) -> None:
    account = {"refuse_after_minutes": minutes}
    bridge = make_bridge(tmp_path, None, enforcement, account=account)
    row = bridge.take("b1", start=NOW + ahead)
    with bridge.installation.write() as record:
        done = booking_words.refuse(bridge.installation, record, DANA, row.id, "asked to")
    assert "is to be refused." in done.said
    assert done.said.endswith(said_of_it)
    bridge.close()


def test_whom_a_refusal_of_a_booking_made_by_hand_is_left_to(bridge: Bridge) -> None:
    sent = {"start": START.isoformat(), "client": {"name": "Ann Lee"}, "self_pay": True}
    with bridge.installation.write() as record:
        booking = book(bridge.installation, record, sent).id
        done = booking_words.refuse(bridge.installation, record, DANA, booking, "asked to")
    assert done.said.endswith("Tell the client, then mark it as cancelled.")
