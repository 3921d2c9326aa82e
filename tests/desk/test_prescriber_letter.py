"""The letter asks for exactly what is missing: what the rules of the client's payers ask of the
paper, and the prescriber alone can mend."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import come, insured, page_bridge, prescribed

from massage_ins_bridge.desk.chart import list_facts
from massage_ins_bridge.desk.prescriber_letter import PrescriberLetter, prescriber_letter


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = page_bridge(tmp_path)
    come(made, payer=None)
    yield made
    made.close()


def letter(bridge: Bridge) -> PrescriberLetter:
    patient = bridge.row("b1").patient_id
    with bridge.installation.read() as record:
        fact = list_facts(record, patient, "prescription")[-1].record
        return prescriber_letter(bridge.installation, record, patient, fact)


def test_a_letter_names_the_paper_and_who_asks(bridge: Bridge) -> None:
    insured(bridge)
    prescribed(
        bridge, duration=None, prescriber={"name": "Aaron Feld", "credential": "MD", "state": "WA"}
    )
    made = letter(bridge)
    assert made.to == "Aaron Feld, MD"
    assert made.asks == (
        "the prescriber's NPI, of 10 digits",
        "for how long, for example “6 weeks”",
    )
    assert made.text == (
        "Alder Street Massage\n418 Alder St, Tacoma\n(253) 555-0142 · fax (253) 555-0143\n\n"
        "November 22, 2026\n\n"
        "To Aaron Feld, MD\nPatient: Sofia Reyes\nYour prescription of November 20, 2026\n\n"
        "Thank you for the prescription. The insurer asks that it also shows:\n\n"
        "- the prescriber's NPI, of 10 digits\n- for how long, for example “6 weeks”\n\n"
        "Please add this if it applies, sign and date the prescription again, and send the whole "
        "page back to us. Our fax is (253) 555-0143.\n\n"
        "This is all that we ask of you. Thank you.\n\n"
        "________________________________\nTomás Ortega, LMT\nAlder Street Massage\n"
    )


def test_a_paper_that_does_needs_no_letter(bridge: Bridge) -> None:
    insured(bridge)
    prescribed(bridge)
    assert (letter(bridge).asks, letter(bridge).text) == ((), "")


@pytest.mark.parametrize(
    ("payer", "lacks", "asks"),
    [
        ("regence", {"pain": None}, ["whether there is pain"]),
        ("premera", {"pain": None}, []),  # asks for the function alone
        ("premera", {"loss_of_function": None}, ["what the patient cannot do"]),
        ("premera", {"loss_of_function": False}, ["what the patient cannot do"]),
        ("premera", {"visits": None}, ["the number of visits"]),
        ("regence", {"visits": None}, []),
        ("regence", {"diagnoses": None}, ["the diagnosis, as an ICD-10-CM code"]),
        ("regence", {"diagnoses": ["M54.5"]}, ["the diagnosis as a complete"]),
        ("regence", {"frequency": {"per": "week"}, "visits": None}, ["how often"]),
        ("regence", {"orders": ["physical-therapy"]}, ["an order for massage therapy"]),
        ("regence", {"purpose": None}, ["what the treatment is for"]),
        ("regence", {"signed": None}, ["the prescriber's signature"]),
        ("regence", {"signed_on": None}, ["the day on which it was signed"]),
        ("regence", {"signed_on": "2026-06-01"}, ["a new prescription"]),
        (
            "regence",
            {"prescriber": {"credential": "MD", "npi": "1234567890", "state": "WA"}},
            ["an order by a prescriber licensed in Washington"],
        ),
        ("regence", {"staff_confirmed": None}, []),  # that is for staff to do
    ],
)
def test_it_asks_for_what_the_payer_asks_and_no_more(
    bridge: Bridge, payer: str, lacks: dict[str, Any], asks: list[str]
) -> None:
    insured(bridge, payer=payer)
    prescribed(bridge, **lacks)
    found = letter(bridge).asks
    assert len(found) == len(asks), found
    assert all(one.startswith(words) for one, words in zip(found, asks, strict=True)), found
