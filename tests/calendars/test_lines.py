"""Lines of a part."""

import pytest

from massage_ins_bridge.calendars.lines import MOST_TEXT, lines_of
from massage_ins_bridge.calendars.model import EventError

WANTED = frozenset({"SUMMARY", "UID", "RRULE", "ATTENDEE"})


def values(part: str) -> list[tuple[str, str]]:
    return [(line.name, line.value) for line in lines_of(part.encode(), WANTED)]


def test_lines_are_unfolded_and_unescaped() -> None:
    assert values("summary:Long\n er\\, and\\n\n \tnew\nUID:1\n") == [
        ("SUMMARY", "Longer, and\n\tnew"),
        ("UID", "1"),
    ]


def test_a_fold_within_a_letter_harms_no_letter() -> None:
    folded = "SUMMARY:Zoë".encode().replace(b"\xab", b"\n \xab")
    assert [line.value for line in lines_of(folded, WANTED)] == ["Zoë"]


def test_an_event_within_an_event_is_an_error() -> None:
    with pytest.raises(EventError, match="another event"):
        values("UID:1\nBegin:vevent\nUID:2\nend:VEVENT\n")


def test_parameters_are_read_with_their_quotes() -> None:
    (line,) = lines_of(b'ATTENDEE;cn="Doe, Jo^\'";PARTSTAT=ACCEPTED:mailto:jo@example.com', WANTED)
    assert line.params == {"CN": 'Doe, Jo"', "PARTSTAT": "ACCEPTED"}


def test_lines_of_an_alarm_are_not_those_of_its_event() -> None:
    assert values("UID:1\nBEGIN:VALARM\nUID:alarm\nEND:VALARM\nSUMMARY:x\n") == [
        ("UID", "1"),
        ("SUMMARY", "x"),
    ]


@pytest.mark.parametrize(
    "part",
    [
        "UID;X:1",
        'SUMMARY;CN="open:x',
        "BEGIN:VALARM\nTRIGGER:1\n",
        "RRULE:" + "1" * MOST_TEXT,
    ],
)
def test_what_cannot_be_read_is_an_error(part: str) -> None:
    with pytest.raises(EventError):
        values(part)


def test_lines_that_nobody_wants_may_be_anything() -> None:
    assert values('X-ODD;;:1\nno line\n"X":2\nUID:1') == [("UID", "1")]


def test_a_text_without_end_is_cut() -> None:
    ((_, value),) = values("SUMMARY:" + "é" * MOST_TEXT * 3)
    assert len(value) <= MOST_TEXT
