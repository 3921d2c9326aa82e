"""Who signs in, as the owner changes it: in which order, on record, and with a way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk import people
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.domain.reading import UnusableInputError

MIRA = {"name": "Mira Olsen", "email": "mira@example.com", "role": "owner"}
DANA = {"name": "Dana Ruiz", "email": "dana@example.com", "role": "front-desk"}
OWNER = Person("default", "Mira Olsen", "owner")


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, None)
    yield made
    made.close()


def test_nobody_is_let_in_before_an_owner(bridge: Bridge) -> None:
    with pytest.raises(UnusableInputError) as refused, bridge.installation.write() as record:
        people.let_in(record, OWNER, DANA)
    assert [problem.path for problem in refused.value.problems] == ["role"]
    with bridge.installation.write() as record:
        assert record.users.all() == []
        people.let_in(record, OWNER, MIRA)
        assert people.let_in(record, OWNER, DANA).user.role == "front-desk"
        assert not record.users.any()  # nobody has chosen a password


def test_each_change_is_on_record(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        people.let_in(record, OWNER, MIRA)
        dana = people.let_in(record, OWNER, DANA).user.id
        people.give_link(record, OWNER, dana)
        said = [record.acts.act(row).said for row in record.acts.listed()]
        assert sorted(said) == [
            "Dana Ruiz is given a link to choose a password.",
            "Dana Ruiz is let in as front desk.",
            "Mira Olsen is let in as owner.",
        ]
        assert people.change(record, dana, {**DANA, "name": "Dana Rey"}).said == (
            "Dana Rey is changed."
        )
        assert people.sign_out(record, dana).said == "Dana Rey is signed out everywhere."
        assert people.forget(record, dana).said == "Dana Rey signs in without their app."
        assert people.shut_out(record, dana).undo == "user"
        with pytest.raises(ConflictError, match="Let them in again first"):
            people.give_link(record, OWNER, dana)
        assert people.let_back(record, dana).said == "Dana Rey is let in again."
