"""Which time a written time is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.calendars.test_vtimezone import PACIFIC, STANDARD

from massage_ins_bridge.calendars.model import Stamp
from massage_ins_bridge.calendars.zones import Zones, plus

HERE = ZoneInfo("America/Los_Angeles")
TEN = datetime(2026, 12, 1, 10)  # noqa: DTZ001 - a wall has no zone


def named(name: str) -> bytes:
    """The Pacific zone's definition under that name."""
    return PACIFIC.replace("TZID:Here", f"TZID:{name}").encode()


@pytest.mark.parametrize(
    ("tzid", "hour"),
    [
        ("UTC", 10),
        ("America/Los_Angeles", 18),
        ("america/los_angeles", 18),
        ("Pacific Standard Time", 18),
        ("(UTC-08:00) Pacific Time (US & Canada)", 18),
        ("Pacific Time (US & Canada)", 18),
        ("Eastern Standard Time", 15),
        ("US/Pacific", 18),
        ("Etc/GMT+8", 18),
        ('"America/New_York"', 15),
        ("/America/New_York", 15),
        ("/freeassociation.sourceforge.net/America/New_York", 15),
        ("/citadel.org/20260101_1/America/Argentina/Buenos_Aires", 13),
    ],
)
def test_names_that_are_known(tzid: str, hour: int) -> None:
    told = Zones(HERE).tell(Stamp(TEN, tzid))
    assert told.at.astimezone(UTC) == datetime(2026, 12, 1, hour, tzinfo=UTC)
    assert told.doubt is None


@pytest.mark.parametrize(
    "tzid", ["Customized Time Zone", "PST", "EST", "MST", "Los_Angeles", "../x", "/x/UTC", "\0", ""]
)
def test_names_that_are_not_are_read_here_and_doubted(tzid: str) -> None:
    told = Zones(HERE).tell(Stamp(TEN, tzid))
    assert told.at == TEN.replace(tzinfo=HERE)
    assert told.doubt is not None


def test_a_calendar_may_define_a_zone_of_its_own() -> None:
    zones = Zones(ZoneInfo("Europe/Berlin"), parts=[named("Customized Time Zone")])
    told = zones.tell(Stamp(TEN, "Customized Time Zone"))
    assert told.at.astimezone(UTC) == datetime(2026, 12, 1, 18, tzinfo=UTC)
    assert told.doubt is None


def test_one_calendars_definition_is_not_anothers() -> None:
    Zones(HERE, parts=[named("Ours")]).tell(Stamp(TEN, "Ours"))
    assert Zones(HERE).tell(Stamp(TEN, "Ours")).doubt is not None


def test_two_definitions_of_one_name_must_agree() -> None:
    other = named("Ours").replace(b"-0800", b"-0500").replace(b"-0700", b"-0400")
    agreed = Zones(HERE, parts=[named("Ours"), named("Ours")])
    assert agreed.tell(Stamp(TEN, "Ours")).doubt is None
    assert Zones(HERE, parts=[named("Ours"), other]).tell(Stamp(TEN, "Ours")).doubt is not None


def test_a_definition_that_disagrees_with_its_name_is_doubted_where_it_does() -> None:
    """One that never changes the clock, as some programs write it."""
    fixed = b"TZID:America/Los_Angeles\n" + STANDARD.format("19700101", "X-A:1").encode()
    zones = Zones(HERE, parts=[fixed])
    assert zones.tell(Stamp(TEN, "America/Los_Angeles")).doubt is None
    summer = zones.tell(Stamp(TEN.replace(month=7), "America/Los_Angeles"))
    assert summer.at.utcoffset() == timedelta(hours=-7)
    assert summer.doubt is not None


@pytest.mark.parametrize("name", ["America/Los_Angeles", "Pacific Standard Time"])
def test_a_definition_that_agrees_or_cannot_be_read(name: str) -> None:
    assert Zones(HERE, parts=[named(name)]).tell(Stamp(TEN, name)).doubt is None
    broken = f"TZID:{name}\n{STANDARD.format('20071104', 'RRULE:FREQ=DAILY')}".encode()
    assert Zones(HERE, parts=[broken]).tell(Stamp(TEN, name)).doubt is not None


@pytest.mark.parametrize(
    ("x_wr", "hour", "sure"),
    [
        (None, 18, False),
        ("America/Los_Angeles", 18, True),
        ("Pacific Standard Time", 18, True),
        ("America/New_York", 15, False),
        ("UTC", 10, False),
        ("Nowhere", 18, False),
    ],
)
def test_times_without_a_zone(x_wr: str | None, hour: int, *, sure: bool) -> None:
    """They are in the calendar's zone, which is sure where the clinic's says the same."""
    zones = Zones(HERE, [f"X-WR-TIMEZONE:{x_wr}".encode()] if x_wr else [])
    told = zones.tell(Stamp(TEN))
    assert told.at.astimezone(UTC) == datetime(2026, 12, 1, hour, tzinfo=UTC)
    assert (told.doubt is None) is sure


def test_the_clinic_may_say_that_such_times_are_its_own() -> None:
    assert Zones(HERE, floating_is_local=True).tell(Stamp(TEN)).doubt is None


@pytest.mark.parametrize(
    "head", [[b"X-WR-TIMEZONE:UTC", b"X-WR-TIMEZONE:Europe/Berlin"], [b"X-WR-TIMEZONE;X:UTC"]]
)
def test_calendars_that_contradict_each_other_have_no_zone(head: list[bytes]) -> None:
    zones = Zones(HERE, head)
    assert zones.named is None
    assert zones.tell(Stamp(TEN)).at.tzinfo == HERE


@pytest.mark.parametrize(
    ("wall", "utc"),
    [("2026-03-08T02:30", "2026-03-08T10:30Z"), ("2026-11-01T01:30", "2026-11-01T08:30Z")],
)
def test_hours_that_the_clock_leaves_out_or_shows_twice_are_doubted(wall: str, utc: str) -> None:
    written = datetime.fromisoformat(wall)
    for tzid, zones in (
        ("America/Los_Angeles", Zones(HERE)),
        ("Own", Zones(HERE, parts=[named("Own")])),
    ):
        assert zones.tell(Stamp(written, tzid)).doubt is not None
    exact = Zones(HERE).tell(Stamp(written, "America/Los_Angeles"))
    assert exact.at.astimezone(UTC) == datetime.fromisoformat(utc)


def test_a_day_is_the_clinics() -> None:
    told = Zones(HERE).tell(Stamp(date(2026, 12, 1)))
    assert told.at == datetime(2026, 12, 1, tzinfo=HERE)
    assert Zones(HERE).zone_of("UTC") == UTC


def test_lengths_in_days_go_by_the_clock_and_in_hours_by_time() -> None:
    before = datetime(2026, 10, 31, 10, tzinfo=HERE)
    assert plus(before, timedelta(days=1)) == datetime(2026, 11, 1, 10, tzinfo=HERE)
    assert plus(before, timedelta(hours=23)) == datetime(2026, 11, 1, 8, tzinfo=HERE)
    assert plus(before, timedelta(days=1, hours=1)) == datetime(2026, 11, 1, 11, tzinfo=HERE)
