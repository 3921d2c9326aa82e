"""Which names can be one person's."""

import pytest

from massage_ins_bridge.identity.person_names import Likeness, compare, says_who

OTHER, PART, CLOSE, FULLER, SAME = Likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        *(("Anna Smith", "anna  SMITH", SAME), ("Anna Smith", "Smith, Anna", SAME)),
        *(("Anna Smith", "Smith Anna", SAME), ("José Muñoz", "Jose Munoz", SAME)),
        *(
            ("Jose\u0301 Muñoz", "JOSÉ MUNOZ", SAME),
            ("Siobhán O\u2019Brien", "Siobhan OBrien", SAME),
        ),
        *(("Anne-Marie Lee", "Anne Marie Lee", SAME), ("Anne-Marie Lee", "Annemarie Lee", SAME)),
        *(("Jürgen Müller", "Juergen Mueller", SAME), ("Jürgen Müller", "Jurgen Muller", SAME)),
        *(("Juan de la Cruz", "Juan Delacruz", SAME), ("Anna M Smith", "Anna Marie Smith", SAME)),
        *(("Dr. Anna Smith", "Anna Smith", SAME), ("Smith, Anna, RN", "Anna Smith", SAME)),
        *(("John Smith, Jr.", "Smith, John, Junior", SAME), ("Junior Smith", "junior smith", SAME)),
        *(("김민수", "김민수", SAME), ("Smith, Anna M.", "Anna Marie Smith", SAME)),
        *(
            ("Anna Smith", "Anna Marie Smith", FULLER),
            ("Anna Jones (née Smith)", "Anna Smith", FULLER),
        ),
        *(("Bob Smith", "Robert Smith", CLOSE), ("Sam Novak", "Samuel Novak", CLOSE)),
        *(
            ("Pepe García", "José García López", CLOSE),
            ("Maria Garcia", "Maria Garcia Lopez", CLOSE),
        ),
        *(("Sasha Petrova", "Aleksandra Petrova", CLOSE), ("Иван Петров", "Ivan Petrov", CLOSE)),
        *(("Vanya Petrov", "Иван Петров", CLOSE), ("王小明", "Wang Xiaoming", CLOSE)),
        *(("김민수", "Kim Min-su", CLOSE), ("Nguyễn Văn Minh", "Minh Nguyen", CLOSE)),
        *(("Jon Smyth", "John Smith", CLOSE), ("Kathryn Jonson", "Catherine Johnson", CLOSE)),
        *(("Robert Smiht", "Robert Smith", CLOSE), ("Anna Smith-Jones", "Anna Smith", CLOSE)),
        *(("William James Smith", "James Smith", CLOSE), ("Mary Ann Lee", "Ann Lee", CLOSE)),
        *(('Robert "Bob" Smith', "Bob Smith", CLOSE), ("John Smith", "John Smith Jr.", CLOSE)),
        *(("John Smith II", "John Smith III", CLOSE), ("Client 00001", "Client 00002", PART)),
        *(("Anna Smith", "Anna Jones", PART), ("Anna Smith", "A. Smith", PART)),
        *(("Anna Smith", "Anna", PART), ("Bob Smith", "Robert Jones", PART)),
        *(("Anna Smith", None, PART), ("Anna Smith", " . ", PART)),
        *(("Anna Smith", "Bob Smith", OTHER), ("Anna Smith", "B Smith", OTHER)),
        *(("Anna Smith", "Bob Jones", OTHER), ("Mrs. Smith", "Mr. Smith", OTHER)),
        *(("Albert Smith", "Alexander Smith", OTHER), ("David Cho", "Daniel Cho", OTHER)),
        *(
            ("Maria Elena Garcia", "Maria Luisa Garcia", OTHER),
            ("Kevin Wang", "Xiaoming Wang", OTHER),
        ),
        *(("Maria E. Garcia", "Maria Luisa Garcia", OTHER), ("김민수", "김지수", OTHER)),
    ],
)
def test_how_alike(one: str, other: str | None, likeness: Likeness) -> None:
    assert compare(one, other) is likeness
    assert compare(other, one) is likeness


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Ann Lee", True),
        ("김민수", True),
        ("Ann", False),
        ("A.", False),
        ("か", False),
        (None, False),
    ],
)
def test_a_name_says_who_somebody_is(name: str | None, full: bool) -> None:
    assert says_who(name) is full
