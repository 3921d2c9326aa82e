"""Which names can be one person's."""

import pytest

from massage_ins_bridge.store.person_names import compare


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        *(("Anna Smith", "anna  SMITH", "same"), ("Anna Smith", "Smith, Anna", "same")),
        *(("Anna Smith", "Smith Anna", "same"), ("José Muñoz", "Jose Munoz", "same")),
        ("Jose\u0301 Muñoz", "JOSÉ MUNOZ", "same"),
        ("Siobhán O\u2019Brien", "Siobhan OBrien", "same"),
        *(("Anne-Marie Lee", "Anne Marie Lee", "same"), ("Anna Smith", "Anna Marie Smith", "same")),
        ("Anna M Smith", "Anna Marie Smith", "same"),
        *(("Smith, Anna M.", "Anna Marie Smith", "same"), ("Dr. Anna Smith", "Anna Smith", "same")),
        *(("John Smith, Jr.", "Smith, John, Junior", "same"), ("김민수", "김민수", "same")),
        ("Junior Smith", "junior smith", "same"),
        ("Maria Garcia", "Maria Garcia Lopez", "similar"),
        *(("Anna Smith", "Anna Jones", "changed"), ("Anna Smith", "A. Smith", "changed")),
        *(("Anna Smith", "Anna", "changed"), ("Mary Ann Lee", "Ann Lee", "changed")),
        *(("Anna Smith", None, "changed"), ("Anna Smith", " . ", "changed")),
        *(("Anna Smith", "Bob Smith", "other"), ("Anna Smith", "B Smith", "other")),
        *(("Anna Smith", "Smith", "other"), ("Mrs. Smith", "Mr. Smith", "other")),
        ("Anna Smith", "Bob Jones", "other"),
        ("Maria Elena Garcia", "Maria Luisa Garcia", "other"),
        ("Maria E. Garcia", "Maria Luisa Garcia", "other"),
        *(("John Smith", "John Smith Jr.", "other"), ("John Smith II", "John Smith III", "other")),
        *(("김민수", "김지수", "other"), ("か", "が", "other")),
    ],
)
def test_how_alike(one: str, other: str | None, likeness: str) -> None:
    assert compare(one, other) == likeness
    assert compare(other, one) == likeness
