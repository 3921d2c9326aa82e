"""The account's settings."""

from typing import Any

import pytest

from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge_ics.options import SETTINGS, read_options

LINK = "https://platform.example/ical/SECRET.ics"


def test_a_link_for_calendar_programs_is_a_web_address() -> None:
    for link in ("webcal://platform.example/a.ics", " WEBCAL://platform.example/a.ics\n"):
        assert read_options(account(api_key=link)).address == "https://platform.example/a.ics"
    assert read_options(account(api_key=LINK)).address == LINK


def test_a_way_to_write_titles_may_hold_a_comma() -> None:
    """It is asked as one text: a list is written with commas between its items."""
    kinds = {setting.name: setting.kind for setting in SETTINGS}
    assert kinds["options.title"] == "text"
    found = read_options(account(api_key=LINK, options={"title": "{client}, {service}"}))
    assert found.titles.read("Ada Test, Massage").service == "Massage"


def test_the_clinics_zone_is_the_feeds() -> None:
    found = read_options(account(api_key=LINK, timezone="America/New_York"))
    assert found.zone.key == "America/New_York"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"api_key": ""}, "api_key"),
        ({"api_key": "ftp://platform.example/SECRET"}, "api_key"),
        ({"api_key": "https://plat form/SECRET"}, "api_key"),
        ({"options": {"titel": "{client}"}}, "did you mean 'title'"),
        ({"options": {"title": 5}}, "options.title"),
        ({"options": {"title": "Ada"}}, "options.title"),
        ({"options": {"days_ahead": 0}}, "options.days_ahead"),
        ({"options": {"days_ahead": True}}, "options.days_ahead"),
        ({"options": {"days_ahead": "60"}}, "options.days_ahead"),
        ({"options": {"floating_is_local": "yes"}}, "options.floating_is_local"),
        ({"options": {"ends": [1]}}, "options.ends"),
    ],
)
def test_what_cannot_be_used_is_named_without_the_secret(
    changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said) as error:
        read_options(account(**{"api_key": LINK, **changed}))
    assert "SECRET" not in str(error.value)
