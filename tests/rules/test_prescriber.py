"""Credentials as people write them, and the check digit of an NPI."""

import random

import pytest

from massage_ins_bridge.rules.prescriber import accepted_credential, npi_valid
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, shown, small_host

ACCEPTED = ["MD", "DO", "PA", "ARNP", "PT"]
SAME_AS = {"NP": "ARNP", "DPT": "PT", "PAC": "PA"}
PREFIX = "80840"


@pytest.mark.parametrize(
    "text",
    [
        *("MD", "md", "M.D.", "MD, PhD", "PhD, MD", "PhD MD", "MD/PhD", "MD (ret.)", "MD;FACS"),
        *("PA-C", "P.A.-C.", "PAC", "PA", "N.P.", "np", "DPT", "ARNP-BC", "PT, DPT"),
    ],
)
def test_an_accepted_credential(text: str) -> None:
    assert accepted_credential(text, ACCEPTED, SAME_AS)


@pytest.mark.parametrize(
    "text", ["", " ", "MDX", "AMD", "M", "LMT", "PhD", "RN", "P A", "-", "PTA"]
)
def test_no_accepted_credential(text: str) -> None:
    assert not accepted_credential(text, ACCEPTED, SAME_AS)


def test_the_check_digit_by_example() -> None:
    assert npi_valid("1234567893", PREFIX)
    assert npi_valid("1245319599", PREFIX)
    assert not npi_valid("1234567890", PREFIX)


@pytest.mark.parametrize(
    "npi",
    ["", "123456789", "12345678931", "3234567893", "0234567893", "123456789X", "1234567893\n"],
)
def test_the_wrong_form(npi: str) -> None:
    assert not npi_valid(npi, PREFIX)


@pytest.mark.parametrize(
    ("npi", "said"),
    [
        *(("123-456-7893", "not ten digits"), ("1234 567 893", "not ten digits")),
        *(("12345", "not ten digits"), ("1234567890", "fails its check digit")),
    ],
)
def test_form_and_check_digit_are_two_faults(npi: str, said: str) -> None:
    made = request("cigna", **{"prescriptions.0.prescriber.npi": npi})
    found = decide_request(made, small_host("out-of-network"))
    assert said in shown(found, "message prescription.prescriber")


def test_one_digit_in_ten_fits() -> None:
    """Every nine digits have exactly one check digit, and any single slip is found."""
    rng = random.Random(1)
    for _ in range(200):
        nine = rng.choice("12") + "".join(rng.choice("0123456789") for _ in range(8))
        fits = [nine + digit for digit in "0123456789" if npi_valid(nine + digit, PREFIX)]
        assert len(fits) == 1
        place = rng.randrange(1, 10)
        other = rng.choice([d for d in "0123456789" if d != fits[0][place]])
        assert not npi_valid(fits[0][:place] + other + fits[0][place + 1 :], PREFIX)
