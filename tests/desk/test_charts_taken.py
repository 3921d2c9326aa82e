"""A file of charts is taken in as a whole: it adds to what is on file, and can be taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.pages import come, page_bridge

from massage_ins_bridge.desk import acts
from massage_ins_bridge.desk.chart import (
    add_fact,
    change_client,
    change_fact,
    list_facts,
    whole_client,
)
from massage_ins_bridge.desk.charts_found import FoundLine, look_over
from massage_ins_bridge.desk.charts_taken import (
    check_file,
    may_take_in,
    read_settled,
    take_in,
    take_in_file,
)
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.roles import ForbiddenError, Person, Role
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.acts import About
from massage_ins_bridge.store.chart_files import forget_chart_files
from massage_ins_bridge.store.models import FactRow, PatientRow
from massage_ins_bridge.store.record import Record
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.store.user_models import ActRow

DANA = Person("default", "Dana", "owner")
FILE = """name,born,phone,email,payer,member id,prescriber,signed on,diagnoses
Ann Lee,1980-02-03,206 555 0101,ann@example.com,Regence,ZZZ1,Dr Example,2026-11-20,M54.50
Bo Stone,1975-06-07,206 555 0102,bo@example.com,Premera,PPP1,,,
Bo Stone,1975-06-07,206 555 0102,bo@example.com,L&I,,,,
"""


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = page_bridge(tmp_path)
    yield made
    made.close()


def found(bridge: Bridge, text: str = FILE, **settled: str) -> list[FoundLine]:
    with bridge.installation.read() as record:
        said = {int(key.removeprefix("line")): value for key, value in settled.items()}
        return look_over(bridge.installation, record, text.encode(), said)


def taken(bridge: Bridge, text: str = FILE, **settled: str) -> str:
    """Taken in at the desk: the id of the act."""
    lines = found(bridge, text, **settled)

    def do(record: Record) -> acts.Done:
        return take_in(record, DANA, lines)

    act = acts.carry_out(bridge.installation, DANA, "a-form", do)
    assert act is not None
    return act


def charts(bridge: Bridge) -> dict[str, Any]:
    """By name, everybody on file."""
    with bridge.installation.read() as record:
        rows = list(record.session.scalars(select(PatientRow)))
        return {str(whole["name"]): whole for row in rows for whole in [whole_client(record, row)]}


def undo(bridge: Bridge, act: str) -> None:
    with bridge.installation.write() as record:
        acts.take_back(bridge.installation, record, DANA, act)


def test_new_clients_come_with_all_that_the_file_tells(bridge: Bridge) -> None:
    assert [(one.state, one.earlier) for one in found(bridge)] == [
        ("new", 0),
        ("new", 0),
        ("same", 3),
    ]
    act = taken(bridge)
    known = charts(bridge)
    assert set(known) == {"Ann Lee", "Bo Stone"}
    assert {fact["payer"] for fact in known["Bo Stone"]["coverages"]} == {"Premera", "L&I"}
    (paper,) = known["Ann Lee"]["prescriptions"]
    assert (paper["signed_on"], paper["prescriber"]) == ("2026-11-20", {"name": "Dr Example"})
    with bridge.installation.read() as record:
        row = record.acts.get(act)
        assert row is not None
        assert record.acts.act(row).said == "From the file: 2 clients are on file now."
        history = record.acts.of_clients([known["Ann Lee"]["id"]], looks=False)
        said = [record.acts.act(one).said for one in history]
        assert said == ["On file now, from a file of clients."]
    assert {one.state for one in found(bridge)} == {"known"}
    with pytest.raises(ConflictError, match="nothing left to take in"):
        take_in(record, DANA, found(bridge))


def test_a_client_on_file_is_told_more_and_nothing_of_theirs_is_changed(bridge: Bridge) -> None:
    come(bridge)  # Sofia books, and says that Regence insures her
    text = (
        "name,born,phone,email,payer,member id,plan\n"
        "Sofia Reyes,1990-01-02,,sofia@clients.example,Regence,ZZZ7,Regence Innova\n"
    )
    (line,) = found(bridge, text)
    assert (line.state, line.patient) == ("fills", bridge.row("b1").patient_id)
    act = taken(bridge, text)
    known = charts(bridge)["Sofia Reyes"]
    assert known["birth_date"] == "1990-01-02"
    (coverage,) = known["coverages"]
    assert (coverage["member_id"], coverage["plan"]) == ("ZZZ7", "Regence Innova")
    (line,) = found(bridge, text.replace("1990-01-02", "").replace("Innova", "Other"))
    assert (line.state, line.differs) == ("known", ("plan",))
    undo(bridge, act)
    known = charts(bridge)["Sofia Reyes"]
    assert "birth_date" not in known
    assert "member_id" not in known["coverages"][0]


def test_who_may_be_a_client_on_file_is_asked_first(bridge: Bridge) -> None:
    come(bridge)
    sofia, text = bridge.row("b1").patient_id, "name,phone\nSofia Reyes,206 555 0107\nAnn Lee,\n"
    first, _ = found(bridge, text)
    assert (first.state, first.like) == ("doubt", ((sofia, "Sofia Reyes"),))
    with bridge.installation.write() as record, pytest.raises(UnusableInputError) as caught:
        take_in_file(bridge.installation, record, text.encode(), (), ready_only=False)
    assert str(caught.value).startswith(f"line 2: may be the client {sofia}; settle it")
    assert set(charts(bridge)) == {"Sofia Reyes"}
    assert found(bridge, text, line2="pat_none")[0].state == "wrong"
    assert found(bridge, text, line2="new")[0].state == "new"
    taken(bridge, text, line2=sofia)
    known = charts(bridge)
    assert (known["Sofia Reyes"]["phone"], len(known)) == ("206 555 0107", 2)


def test_nothing_is_done_where_one_line_is_wrong_unless_it_is_left_out(bridge: Bridge) -> None:
    text = FILE + "Cy Hart,,,,Regense,,,,\nDi Moss,2099-01-01,,,,,,,\nEd Ford,,,,,,,2026-11-20,\n"
    with bridge.installation.write() as record, pytest.raises(UnusableInputError) as caught:
        take_in_file(bridge.installation, record, text.encode(), (), ready_only=False)
    assert [problem.path for problem in caught.value.problems] == ["line 5, payer", "line 6, born"]
    assert charts(bridge) == {}
    with bridge.installation.write() as record:
        view = take_in_file(bridge.installation, record, text.encode(), (), ready_only=True)
    assert (view.ready, view.left) == (4, 2)
    assert set(charts(bridge)) == {"Ann Lee", "Bo Stone", "Ed Ford"}
    with bridge.installation.read() as record:
        again = check_file(bridge.installation, record, text.encode(), ())
    assert (again.ready, again.known, again.left) == (0, 4, 2)


def test_a_file_confirms_what_a_client_told_and_nothing_that_it_contradicts(bridge: Bridge) -> None:
    taken(bridge)
    ann = charts(bridge)["Ann Lee"]["id"]

    def sent(**cells: str) -> FoundLine:
        columns = {"name": "Ann Lee", "born": "1980-02-03", "phone": "206 555 0101", **cells}
        (line,) = found(bridge, f"{','.join(columns)}\n{','.join(columns.values())}\n")
        assert line.patient == ann
        return line

    told = {"payer": "Regence", "member id": "ZZZ1"}
    with bridge.installation.write() as record:
        (fact,) = list_facts(record, ann, "coverage")
        client_told = {"staff_confirmed": False, "plan": "Innova"}
        change_fact(record, (ann, "coverage", fact.record), client_told, merge=True)
    (step,) = sent(**told, **{"insurance confirmed": "yes"}).steps
    assert (step.data, step.record) == ({"staff_confirmed": True}, fact.record)
    other = sent(**told, **{"insurance confirmed": "yes", "plan": "Engage"})
    assert (other.state, set(other.differs)) == ("known", {"insurance confirmed", "plan"})
    assert sent(**told, **{"insurance confirmed": "no"}).state == "known"
    spelled = sent(**told, phone="+1 (206) 555-0101")
    assert (spelled.state, spelled.differs) == ("known", ())


def test_it_is_taken_back_as_a_whole_also_where_somebody_looked(bridge: Bridge) -> None:
    act = taken(bridge)
    bridge.work()
    ann = charts(bridge)["Ann Lee"]["id"]
    acts.note_look(bridge.installation, DANA, About(ann))
    undo(bridge, act)
    assert charts(bridge) == {}
    with bridge.installation.read() as record:
        assert record.session.scalar(select(FactRow.id)) is None
        assert record.session.scalar(select(TaskRow.id)) is None
        looked = record.session.scalars(select(ActRow).where(ActRow.kind == "saw-client")).one()
        assert looked.patient_id is None
        assert "taken out again" in record.acts.act(looked).said
    taken_again = [one.state for one in found(bridge)]
    assert taken_again == ["new", "new", "same"]


@pytest.mark.parametrize("how", ["changed", "booked", "fact", "note"])
def test_what_somebody_built_upon_is_not_taken_back(bridge: Bridge, how: str) -> None:
    act = taken(bridge)
    ann = charts(bridge)["Ann Lee"]["id"]
    if how == "booked":
        come(bridge, name="Ann Lee", email="ann@example.com", phone="206 555 0101")
        assert bridge.row("b1").patient_id == ann
    else:
        with bridge.installation.write() as record:
            if how == "changed":
                change_client(record, ann, {"language": "es"})
            elif how == "fact":
                add_fact(record, ann, "coverage", {"payer": "Aetna"})
            else:
                done = acts.Done("note", "Ann called.", About(ann), "note")
                acts.note(record, DANA, done)
    with pytest.raises(ConflictError, match="Nothing was taken back"):
        undo(bridge, act)
    known = charts(bridge)
    assert len(known["Bo Stone"]["coverages"]) == 2
    with bridge.installation.read() as record:
        assert list_facts(record, ann, "prescription")


def test_what_staff_says_of_a_line_is_read() -> None:
    assert read_settled(["17=new", " 3 = pat_1"]) == {17: "new", 3: "pat_1"}
    for bad in ("17", "x=new", "17=", "1234567=new"):
        with pytest.raises(UnusableInputError, match="such as 17=new"):
            read_settled([bad])


@pytest.mark.parametrize("role", ["therapist", "read-only"])
def test_a_file_is_for_those_who_see_all_clients(role: Role) -> None:
    with pytest.raises(ForbiddenError):
        may_take_in(Person("default", "Mira", role))


def test_a_file_is_kept_sealed_one_at_a_time_and_not_for_long(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        record.chart_files.put("old.csv", b"name\nAnn Lee\n")
        record.chart_files.put("new.csv", b"name\nBo Stone\n")
    with bridge.installation.read() as record:
        row = record.chart_files.current()
        assert row is not None
        assert (record.chart_files.name(row), b"Bo" in row.content_sealed) == ("new.csv", False)
        assert record.chart_files.content(row) == b"name\nBo Stone\n"
    bridge.clock.moment += timedelta(days=8)
    with bridge.installation.read() as record:
        assert record.chart_files.current() is None
    with bridge.installation.store.write() as session:
        forget_chart_files(session, bridge.clock.moment)
        assert session.scalar(select(type(row).id)) is None
