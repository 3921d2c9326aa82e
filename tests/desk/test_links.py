"""Links to clients' pages: whom they open, until when, and for nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.pages import come, link_to, page_bridge

from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.links import (
    clinic_of_token,
    is_fresh,
    list_links,
    make_link,
    note_use,
    open_link,
    revoke_link,
)
from massage_ins_bridge.desk.settle_who import merge
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.page_models import LinkRow
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    come(made)
    yield made
    made.close()


def whose(bridge: Bridge, token: str) -> str | None:
    """Whose page a token opens now: the client's id."""
    found = clinic_of_token(bridge.installation, token)
    if found is None:
        return None
    with bridge.installation.read(found[1]) as record:
        row = record.links.get(found[0])
        assert row is not None
        opened = open_link(record, row)
        return opened.patient_id if opened else None


def test_a_token_opens_its_own_page_alone(bridge: Bridge) -> None:
    come(bridge, "b2", name="Ben Carter", email="ben@clients.example")
    first, second = link_to(bridge), link_to(bridge, "b2")
    assert first != second
    assert whose(bridge, first) == bridge.row("b1").patient_id
    assert whose(bridge, second) == bridge.row("b2").patient_id
    assert whose(bridge, first[:-1] + ("A" if first[-1] != "A" else "B")) is None
    assert [whose(bridge, odd) for odd in ("", "x" * 32, first + "A", "é" * 32)] == [None] * 4


def test_the_database_holds_no_token(bridge: Bridge) -> None:
    token = link_to(bridge)
    with bridge.installation.read() as record:
        row = record.session.scalars(select(LinkRow)).one()
        kept = " ".join(str(getattr(row, c.key)) for c in LinkRow.__table__.columns)
    assert token not in kept
    assert "Dana" not in kept


def test_a_booking_s_link_is_good_until_the_day_after_the_visit(bridge: Bridge) -> None:
    token, patient = link_to(bridge), bridge.row("b1").patient_id
    bridge.clock.moment = START + timedelta(hours=37)  # the day after, shortly before midnight
    assert whose(bridge, token) == patient
    bridge.clock.moment = START + timedelta(hours=39)
    assert whose(bridge, token) is None


def test_a_link_goes_with_its_booking_where_that_is_moved(bridge: Bridge) -> None:
    token = link_to(bridge)
    come(bridge, "b2", start=START + timedelta(days=30), previous_ref="b1")
    bridge.clock.moment = START + timedelta(days=20)
    assert whose(bridge, token) == bridge.row("b2").patient_id


def test_a_revoked_link_opens_nothing(bridge: Bridge) -> None:
    token, patient = link_to(bridge), bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        (link,) = list_links(record, patient)
        first = revoke_link(record, link.id)
    bridge.clock.moment += timedelta(hours=1)
    with bridge.installation.write() as record:
        assert revoke_link(record, link.id) == first
    assert (link.good, first.good, whose(bridge, token)) == (True, False, None)


def test_a_client_s_link_is_good_for_its_days(bridge: Bridge) -> None:
    patient = bridge.row("b1").patient_id
    token = link_to(bridge, None, patient=patient, days=2)
    assert whose(bridge, token) == patient
    bridge.clock.moment += timedelta(days=2)
    assert whose(bridge, token) is None


def test_a_link_opens_the_one_whom_its_client_was_merged_into(bridge: Bridge) -> None:
    come(bridge, "b2", name="Sofia R. Reyes", email="other@clients.example", phone="2535550188")
    token = link_to(bridge, "b2")
    keep, gone = bridge.row("b1").patient_id, bridge.row("b2").patient_id
    with bridge.installation.write() as record:
        merge(record, keep, gone, "Dana")
    assert whose(bridge, token) == keep
    with bridge.installation.read() as record:
        assert [link.good for link in list_links(record, keep)] == [True]


def test_a_link_to_a_booking_that_is_another_s_by_now_opens_nothing(bridge: Bridge) -> None:
    token = link_to(bridge)
    come(bridge, "b2", name="Ben Carter", email="ben@clients.example")
    with bridge.installation.write() as record:
        record.bookings.get(bridge.row("b1").id).patient_id = bridge.row("b2").patient_id  # type: ignore[union-attr]
        record.bookings.get(bridge.row("b1").id).arrival = 9  # type: ignore[union-attr]
    assert whose(bridge, token) is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": "Dana"}, "booking"),
        ({"name": "Dana", "booking": "a", "patient": "b"}, "booking"),
        ({"name": "Dana", "patient": "a", "days": 0}, "days"),
        ({"name": "Dana", "patient": "a", "days": 366}, "days"),
        ({"name": " ", "patient": "a"}, "name"),
    ],
)
def test_bad_input_names_its_field(bridge: Bridge, sent: dict[str, object], field: str) -> None:
    with (
        bridge.installation.write() as record,
        pytest.raises(UnusableInputError) as caught,
    ):
        make_link(bridge.installation, record, sent)
    assert [p.path for p in caught.value.problems] == [field]


def test_nobody_s_link(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        for sent in ({"booking": "bkg_0"}, {"patient": "pat_0"}):
            with pytest.raises(NotFoundError):
                make_link(bridge.installation, record, {"name": "Dana", **sent})
        with pytest.raises(NotFoundError):
            revoke_link(record, "lnk_0")
        with pytest.raises(NotFoundError):
            list_links(record, "pat_0")


def test_use_is_noted_once_an_hour(bridge: Bridge) -> None:
    link_to(bridge)
    with bridge.installation.write() as record:
        row = record.session.scalars(select(LinkRow)).one()
        assert is_fresh(record, row)
        note_use(record, row.id)
        assert not is_fresh(record, row)
        note_use(record, "lnk_0")
    bridge.clock.moment += timedelta(hours=1)
    with bridge.installation.read() as record:
        assert is_fresh(record, record.session.scalars(select(LinkRow)).one())
