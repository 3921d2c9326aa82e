"""What a title says, and what it hides."""

import pytest

from massage_ins_bridge_ics.titles import APPOINTMENT, Said, Titles, told


@pytest.mark.parametrize(
    ("pattern", "title", "said"),
    [
        ("{client} - {service}", "Ada Test - Massage 60", Said("Massage 60", "Ada Test")),
        ("{client} - {service}", "Ada Test — Massage", Said("Massage", "Ada Test")),
        ("{client} - {service}", "ADA TEST  -  Massage", Said("Massage", "ADA TEST")),
        ("{client} - {service}", "Busy", Said(APPOINTMENT)),
        ("{client} - {service}", "Busy - Massage", Said("Massage")),
        ("{service} with {client}", "Massage WITH Ada Test", Said("Massage", "Ada Test")),
        ("{client} ({any})", "Ada Test (new)", Said(APPOINTMENT, "Ada Test")),
        ("{service}", "Deep Tissue", Said("Deep Tissue")),
        ("{client}", "Ada Test-Example", Said(APPOINTMENT, "Ada Test-Example")),
        ("{client}: {service}", "Test, Ada: Massage", Said("Massage", "Test, Ada")),
    ],
)
def test_a_title_is_read_as_the_clinic_says_that_it_is_written(
    pattern: str, title: str, said: Said
) -> None:
    assert Titles([pattern]).read(title) == said


def test_without_a_word_of_the_clinic_no_title_names_anybody() -> None:
    assert Titles().read("Ada Test") == Said(APPOINTMENT)


def test_the_first_way_that_fits_counts() -> None:
    titles = Titles(["{client} - {service}", "{client}"])
    assert titles.read("Ada Test") == Said(APPOINTMENT, "Ada Test")
    assert titles.read("Ada Test - Massage") == Said("Massage", "Ada Test")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Test", "Ada Test"),
        ("Ada", "Ada"),
        ("A. T.", "AT"),
        ("A.T.", "AT"),
        ("Ada T.", "Ada"),
        ("T., Ada", "Ada"),
        ("A. Test", "Test"),
        ("A. Test-Example", "TestExample"),
        ("Test, Ada B.", "Test, Ada B."),
        ("李小龍", "李小龍"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("Busy", None),
        ("Busy time", None),
        ("Private appointment", None),
        ("Client 4711", None),
        ("#4711", None),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_what_hides_a_name_is_none(name: str | None, shown: str | None) -> None:
    assert told(name) == shown


def test_titles_of_what_was_called_off_and_of_what_is_none() -> None:
    titles = Titles(["{client} - {service}"], ["Cancelled:"], ["Lunch", "Out  of office"])
    assert titles.is_ended("CANCELLED: Ada Test - Massage")
    assert titles.read("Cancelled: Ada Test - Massage") == Said("Massage", "Ada Test")
    assert not titles.is_ended("Ada Test - Massage")
    assert not Titles().is_ended("")
    assert titles.is_none("out of Office")
    assert not titles.is_none("Ada Test - Massage")


@pytest.mark.parametrize(
    "pattern",
    ["Ada", "{any}", "{client} {client}", "{client}{service}", "{name} - {client}", "{client} {"],
)
def test_a_way_to_write_titles_that_cannot_be_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"options\.title"):
        Titles([pattern])


def test_a_long_title_takes_no_time() -> None:
    Titles(["{client} - {service} - {any} - x"]).read("a - " * 100_000)
