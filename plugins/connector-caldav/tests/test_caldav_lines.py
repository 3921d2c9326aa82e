"""One event is changed, and every other byte stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.testing.calendar_servers import event
from massage_ins_bridge_caldav.lines import Event, NotAloneError, is_series, text
from massage_ins_bridge_caldav.writes import CONFIRM, HOLD, REOPEN, changed, refusal

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
RICH = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-CALNAME:Mira\r
BEGIN:VTIMEZONE\r
TZID:Somewhere\r
BEGIN:STANDARD\r
DTSTART:20201101T020000\r
TZOFFSETFROM:-0700\r
TZOFFSETTO:-0800\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:a\r
SUMMARY;LANGUAGE=en:Medical\r
  massage\r
X-ODD;X-P="a:b;c":\xc3\xa9\xc3\r
 \xa9 folded within a character\r
STATUS;X-A=1:CONFIRMED\r
SEQUENCE:4\r
DTSTART;TZID=Somewhere:20261208T100000\r
DTEND;TZID=Somewhere:20261208T110000\r
BEGIN:VALARM\r
ACTION:DISPLAY\r
STATUS:CONFIRMED\r
SUMMARY:an alarm has one too\r
SEQUENCE:9\r
TRIGGER:-PT15M\r
END:VALARM\r
END:VEVENT\r
X-AFTER:all\r
END:VCALENDAR\r
"""


def test_only_the_state_changes() -> None:
    body = changed(Event(RICH), HOLD, "wrt_1", None)
    marked = b"X-MASSAGE-INS-BRIDGE:TENTATIVE wrt_1\r\n"
    assert body == RICH.replace(b"STATUS;X-A=1:CONFIRMED", b"STATUS:TENTATIVE").replace(
        b"BEGIN:VALARM", marked + b"BEGIN:VALARM", 1
    )


def test_a_refusal_counts_up_and_says_why() -> None:
    body = changed(Event(RICH), refusal(("pending",), "Please call us, soon; thanks"), "w", NOW)
    assert b"\r\nSTATUS:CANCELLED\r\nSEQUENCE:5\r\n" in body
    assert rb"COMMENT;X-MASSAGE-INS-BRIDGE=1:Please call us\, soon\; thanks" in body
    assert b"DTSTAMP:20261122T180000Z" in body
    assert b"SEQUENCE:9\r\n" in body
    again = changed(Event(body), REOPEN, "w2", NOW)
    assert b"\r\nSTATUS:CONFIRMED\r\nSEQUENCE:6\r\n" in again
    assert b"COMMENT" not in again
    assert again.count(b"X-MASSAGE-INS-BRIDGE:") == 1


def test_a_comment_of_somebody_else_stays() -> None:
    body = RICH.replace(b"SEQUENCE:4", b"COMMENT:mine\r\nSEQUENCE:4")
    ended = changed(Event(body), refusal(("pending",), "x" * 200), "w", NOW)
    assert all(len(line) <= 75 for line in ended.split(b"\r\n") if b"xx" in line)
    assert b"COMMENT:mine\r\n" in changed(Event(ended), REOPEN, "w", NOW)


@pytest.mark.parametrize(
    "body",
    [
        event("a", more="RRULE:FREQ=DAILY\n"),
        event("a", more="RDATE:20261209T180000Z\n"),
        event("a", more="rrule:FREQ=DAILY\n"),
        event("a", more="RECURRENCE-ID:20261208T180000Z\n"),
        event("a") + event("b"),
        event("a", more="END:VEVENT\nBEGIN:VEVENT\nUID:b\n"),
        event("a", more="BEGIN:VALARM\n"),
        event("a", more="END:VALARM\n"),
        event("a").replace(b"VEVENT", b"VTODO"),
        b"",
        b"\xff\xfe",
        b"BEGIN:VEVENT\r\n",
    ],
)
def test_what_is_not_one_event_alone_is_left(body: bytes) -> None:
    assert is_series(body)
    with pytest.raises(NotAloneError):
        Event(body)


def test_a_word_within_a_text_is_no_property() -> None:
    body = event("a", description=r"note\nRRULE:FREQ=DAILY", more="X-NOTE:a\n RRULE:b\n")
    assert not is_series(body)


LINES = st.lists(
    st.one_of(
        st.binary(max_size=90).map(
            lambda raw: b"X-B:" + raw.replace(b"\n", b"").replace(b"\r", b"")
        ),
        st.text(max_size=60).map(lambda t: b"X-T:" + t.replace("\n", "").encode("utf-8", "ignore")),
        st.sampled_from([b" a fold", b"\ta fold", b"", b"STATUS:NEEDS-ACTION", b'X;Y="BEGIN:Z":1']),
    ),
    max_size=12,
)


@given(before=LINES, after=LINES, ending=st.sampled_from([b"\n", b"\r\n"]))
def test_whatever_else_is_in_the_object_stays(
    before: list[bytes], after: list[bytes], ending: bytes
) -> None:
    """Apart from the lines of what is put, and of its folds, the object is the same."""
    lines = [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"UID:1", *before, b"BEGIN:VALARM", *after]
    body = b"".join(
        line + ending for line in [*lines, b"END:VALARM", b"END:VEVENT", b"END:VCALENDAR"]
    )
    found = Event(body)
    assert found.body() == body
    found.put("X-NEW", "1")
    assert found.body().replace(b"X-NEW:1" + ending, b"", 1) == body
    found = Event(changed(Event(body), CONFIRM, "w", None))
    assert found.value("STATUS") == "CONFIRMED"
    kept = [line for line in before if line.startswith(b"X-")]
    assert all(line in found.body() for line in kept)
    assert b"".join(line + ending for line in [b"BEGIN:VALARM", *after]) in found.body()


@given(value=st.text(max_size=300))
def test_any_text_is_one_property(value: str) -> None:
    found = Event(event("a"))
    found.put("COMMENT", text(value))
    body = found.body()
    assert Event(body).value("COMMENT") == text(value).strip()
    assert len(body.split(b"\r\n")) >= len(event("a").split(b"\r\n"))
    assert max(map(len, body.split(b"\r\n"))) <= 75
