"""A platform asks before it books: it hears what the booking would be decided as, and has the visit
reserved; nobody learns who is a client here."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.ask_before import ask_before
from massage_ins_bridge.desk.client_texts import HOLD
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.first_look import look_anew
from massage_ins_bridge.desk.gate_words import GateAnswer
from massage_ins_bridge.desk.reservations import forget_questions, give_back
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.models import BookingRow, PatientRow
from massage_ins_bridge.testing.bookings import NOW, START

ANN = {"name": "Ann Lee", "email": "ann@example.com"}
DAY = timedelta(days=1)


def question(key: str = "q1", **values: Any) -> dict[str, Any]:
    start = values.pop("start", START + DAY)
    asked = {
        "account": "desk",
        "key": key,
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "service": "1",
        "client": ANN,
        "form": {"payer": "regence"},
    }
    return {**asked, **values}


def ask(bridge: Bridge, key: str = "q1", **values: Any) -> GateAnswer:
    with bridge.installation.write(urgent=True) as record:
        return ask_before(bridge.installation, record, question(key, **values))


def ann_is_known(bridge: Bridge) -> None:
    """Ann Lee had a booking, and staff has confirmed her coverage."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.take("b1", "cancelled", status="cancelled", version="9")
    assert bridge.tasks() == []


def number_of_clients(bridge: Bridge) -> int:
    with bridge.installation.store.read() as session:
        return sum(
            session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (BookingRow, PatientRow)
        )


def test_a_known_client_is_let_through_and_a_visit_is_reserved(bridge: Bridge) -> None:
    ann_is_known(bridge)
    answer = ask(bridge)
    assert (answer.outcome, answer.text, answer.decided) == ("allow", "", "allow")
    assert answer.reservation is not None
    assert answer.until == bridge.clock.moment + timedelta(minutes=10)


def test_nothing_is_filed_and_nobody_learns_who_is_a_client(bridge: Bridge) -> None:
    ann_is_known(bridge)
    before = number_of_clients(bridge)
    unknown = ask(bridge, "q1", client={"name": "Bo Doe", "email": "bo@example.com"})
    doubtful = ask(bridge, "q2", client={"name": "Ann Lee", "email": "other@example.com"})
    assert (unknown.outcome, unknown.text) == ("hold", HOLD)
    hidden = {"reservation": None, "until": None}
    shapes = [{n: getattr(a, n) for n in GateAnswer.__slots__} for a in (unknown, doubtful)]
    assert {**shapes[0], **hidden} == {**shapes[1], **hidden}
    assert unknown.until == doubtful.until
    assert unknown.reservation is not None
    assert doubtful.reservation is not None
    assert number_of_clients(bridge) == before
    assert bridge.tasks() == []


def test_an_unknown_client_is_held_though_it_is_too_late(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    assert ask(bridge, client={"name": "Bo Doe"}).outcome == "hold"
    bridge.knobs.visits = 9
    assert ask(bridge, "q2", client={"name": "Bo Doe"}, form={"payer": "x"}).outcome == "hold"


def test_self_pay_is_let_through_for_anybody(bridge: Bridge) -> None:
    assert ask(bridge, service="2", client={"name": "Bo Doe"}).outcome == "allow"


def test_a_service_that_nobody_named_is_staffs_to_look_at(bridge: Bridge) -> None:
    answer = ask(bridge, service="9")
    assert (answer.outcome, answer.text, answer.reservation) == ("hold", HOLD, None)
    assert bridge.tasks() == ["unknown-service"]


def test_the_same_question_has_the_same_answer(bridge: Bridge) -> None:
    ann_is_known(bridge)
    first = ask(bridge)
    bridge.knobs.visits = 0
    assert ask(bridge) == first
    with pytest.raises(ConflictError, match="another question"):
        ask(bridge, start=START)


def test_what_cannot_be_meant_is_named(bridge: Bridge) -> None:
    def paths(**values: Any) -> list[str]:
        with pytest.raises(UnusableInputError) as caught:
            ask(bridge, **values)
        return [problem.path for problem in caught.value.problems]

    assert paths(account="dask") == ["account"]
    assert paths(start=NOW - DAY) == ["start"]
    assert paths(end=START.isoformat()) == ["end"]
    assert paths(client={"name": " "}) == ["client.name"]
    assert paths(ref="x" * 256) == ["ref"]
    assert paths(form={"member": "1"}) == ["form.member"]


def test_who_asks_second_for_the_last_visit_is_held(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 1
    assert ask(bridge, "q1").outcome == "allow"
    for key, start in (("q2", START + DAY), ("q3", START + 2 * DAY), ("q4", START)):
        second = ask(bridge, key, start=start)
        assert (second.outcome, second.text, second.reservation) == ("hold", HOLD, None), key


def test_without_a_reservation_it_is_refused_as_a_booking_would_be(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 0
    answer = ask(bridge)
    assert (answer.outcome, answer.reservation) == ("block", None)
    assert "cannot accept" in answer.text


def test_a_reservation_is_over_after_minutes_and_is_forgotten(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 1
    ask(bridge, "q1")
    bridge.clock.moment += timedelta(minutes=10)
    assert ask(bridge, "q2").outcome == "allow"
    bridge.clock.moment += DAY + timedelta(minutes=1)
    forget_questions(bridge.installation)
    with bridge.installation.read() as record:
        assert record.reservations.by_key("desk", "q2") is None


def test_a_reservation_that_is_given_back_is_over(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 1
    kept = ask(bridge, "q1").reservation
    assert kept is not None
    for _ in range(2):
        with bridge.installation.write() as record:
            give_back(record, kept)
    assert ask(bridge, "q2").outcome == "allow"
    with bridge.installation.write() as record, pytest.raises(NotFoundError):
        give_back(record, "rsv_none")


def test_the_booking_that_is_moved_does_not_count_beside_itself(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    assert ask(bridge, "q1").outcome == "block"
    assert ask(bridge, "q2", previous="b1", client={"name": "Annie"}).outcome == "allow"


def test_one_that_observes_lets_everything_be_booked(observer: Bridge) -> None:
    observer.knobs.visits = 0
    answer = ask(observer, client={"name": "Bo Doe"})
    assert (answer.outcome, answer.text) == ("allow", "")
    assert (answer.decided, answer.enforcement) == ("hold", "observe")


def test_before_all_bookings_are_known_insurance_is_held(bridge: Bridge) -> None:
    ann_is_known(bridge)
    with bridge.installation.write() as record:
        look_anew(record, bridge.installation.accounts["desk"])
    assert ask(bridge, "q1").outcome == "hold"
    assert ask(bridge, "q2", service="2").outcome == "allow"


def test_a_fault_holds(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    ann_is_known(bridge)

    def fail(*_given: object) -> None:
        raise RuntimeError("Ann Lee has a secret")

    monkeypatch.setattr(type(bridge.installation.host), "case", fail)
    assert ask(bridge).outcome == "hold"


def test_of_many_at_once_only_one_gets_the_last_visit(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 2
    answers: list[GateAnswer] = []
    go = threading.Barrier(8)

    def caller(number: int) -> None:
        go.wait()
        answers.append(ask(bridge, f"q{number}", start=START + (number * 5 % 8) * DAY))

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.outcome for a in answers) == ["allow"] * 2 + ["hold"] * 6


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(visits=st.integers(0, 3), days=st.lists(st.integers(0, 9), max_size=6, unique=True))
def test_as_many_are_let_through_as_there_are_visits(
    tmp_path_factory: pytest.TempPathFactory, visits: int, days: list[int]
) -> None:
    bridge = make_bridge(tmp_path_factory.mktemp("drawn"), None)
    try:
        ann_is_known(bridge)
        bridge.knobs.visits = visits
        told = [ask(bridge, f"q{day}", start=START + day * DAY).outcome for day in days]
        assert told.count("allow") == min(visits, len(days))
        assert set(told) - {"allow"} <= {"hold" if visits else "block"}
    finally:
        bridge.close()
