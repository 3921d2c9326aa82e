"""By what a person is found: whoever may be one person shares a key."""

from datetime import date

import pytest

from massage_ins_bridge.identity.keys import birth_keys, name_keys, person_key, phone_keys
from massage_ins_bridge.identity.person_names import Likeness, compare

NAMES = (
    *("Robert Smith", "Bob Smith", "Smith, Robert", "Jon Smyth", "John Smith", "Robbie Smiht"),
    *("José García López", "Pepe Garcia", "Jose Lopez", "Иван Петров", "Vanya Petrov", "王小明"),
    *("Wang Xiaoming", "Aleksandra Petrova", "Sasha Petrova", "William James Smith", "James Smith"),
    *("Kathryn Jonson", "Catherine Johnson", "Jürgen Müller", "Juergen Mueller", "Mary Ann Lee"),
    *("Ann Lee", "Siobhán O'Brien", "Siobhan OBrien", "Juan de la Cruz", "Juan Delacruz"),
)


def test_names_that_may_be_one_share_a_key() -> None:
    for one in NAMES:
        for other in NAMES:
            if compare(one, other) >= Likeness.CLOSE:
                assert name_keys(one) & name_keys(other), (one, other)


def test_unlike_names_share_none() -> None:
    assert not name_keys("Ann Lee") & name_keys("Victor Meyer")
    assert name_keys(None) == frozenset()


def test_a_changed_family_name_is_found_by_the_day_of_birth() -> None:
    day = date(1980, 2, 3)
    assert birth_keys("Anna Smith", day) & birth_keys("Anne Jones", day)
    assert not birth_keys("Anna Smith", day) & birth_keys("Anna Smith", date(1980, 2, 4))
    assert not birth_keys("Anna Smith", None)


def test_a_number_is_found_without_its_area() -> None:
    assert phone_keys("12065550100") & phone_keys("5550100")


@pytest.mark.parametrize(
    ("name", "email", "phones", "same"),
    [
        ("LEE, Ann", "a@x.org", ("1", "2"), True),
        ("Ann Lee Jr", "a@x.org", ("2", "1"), False),
        ("Anna Lee", "a@x.org", ("2", "1"), False),
        ("Ann Lee", "b@x.org", ("2", "1"), False),
        ("Ann Lee", "a@x.org", ("2",), False),
    ],
)
def test_exactly_one_person(name: str, email: str, phones: tuple[str, ...], same: bool) -> None:
    assert (person_key(name, email, phones) == person_key("Ann Lee", "a@x.org", ("2", "1"))) is same
