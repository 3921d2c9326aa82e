"""Addresses and numbers in the form in which they are compared."""

import pytest

from massage_ins_bridge.identity.addresses import (
    made_up,
    normal_email,
    normal_phones,
    same_phone,
)

HERE = "12065550100"


@pytest.mark.parametrize(
    ("given", "mailbox"),
    [
        *((" Ann@Example.COM ", "ann@example.com"), ("kay+cal@x.org", "kay@x.org")),
        *(("a.n.n+x@googlemail.com", "ann@gmail.com"), ("a.n@x.org", "a.n@x.org")),
        *(("ann@mac.com", "ann@icloud.com"), ("<mailto:a@x.org>", "a@x.org")),
        *(("no address", None), ("@x.org", None), ("a b@x.org", None), (None, None)),
    ],
)
def test_a_mailbox(given: str | None, mailbox: str | None) -> None:
    assert normal_email(given) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        *("206-555-0100", "+1 (206) 555-0100", "001 206 555 0100", "12065550100", "(206)555.0100"),
        *("206-555-0100 ext. 3", "2065550100x12", "+12065550100,,3", "tel:+1-206-555-0100;ext=3"),
        *("206/555-0100", "206.555.0100 (cell)", "cell: 206 555 0100"),
        "206 555 0100".translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    ],
)
def test_one_number_in_many_forms(text: str) -> None:
    assert normal_phones(text) == (HERE,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("206 555 0100 or 253-555-0111", (HERE, "12535550111")),
        ("2065550100, 2535550111", (HERE, "12535550111")),
        *(("011 44 20 7946 0958", ("442079460958",)), ("+44 (0)20 7946 0958", ("442079460958",))),
        *(("+52 1 55 1234 5678", ("525512345678",)), ("+52 55 1234 5678", ("525512345678",))),
        *(("555-0100", ("5550100",)), ("12", ()), ("call me", ()), (None, ())),
    ],
)
def test_other_numbers(text: str | None, numbers: tuple[str, ...]) -> None:
    assert normal_phones(text) == numbers


def test_a_number_without_its_area_may_be_any_that_ends_so() -> None:
    assert same_phone(HERE, "5550100")
    assert not same_phone(HERE, "12535550100")


def test_an_address_that_the_platform_made() -> None:
    patterns = ("*@sms.cal.com", "booked-with-sms@cal.com")
    assert made_up("+12065550100@SMS.cal.com", patterns)
    assert made_up("booked-with-sms@cal.com", patterns)
    assert not made_up("ann@cal.com", patterns)
    assert not made_up(None, patterns)
