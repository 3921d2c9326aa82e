"""Every text that a decision says, over many bookings of every payer: how it is said, and that it
says no more than the decision does."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.second_reading.generate import PAYERS, cases

from massage_ins_bridge.api import Action
from massage_ins_bridge.domain.answers import Decision
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.conformance.texts import (
    CLIENTS_WORDS,
    REFUSED,
    Text,
    faults,
    grade,
    syllables,
)
from massage_ins_bridge.testing.requests import (
    Json,
)
from massage_ins_bridge.testing.rulings import read_rulings

ROOT = Path(__file__).parents[2]
SEED, COUNT, SHOWN = 20261126, 300, 12


def rulings() -> list[Path]:
    found = [*ROOT.glob("tests/rules/*.toml"), *ROOT.glob("plugins/payer-*/tests/*.toml")]
    return sorted(path for path in found if ".rulings." in path.read_text(encoding="utf-8"))


def of_decision(decision: Decision, today: date) -> Iterator[Text]:
    terms = decision.self_pay_terms
    for item in decision.requirements:
        stands = (item.effect, item.source.sure, decision.outcome, terms, item.due)
        yield Text(item.message, "staff, why", today, *stands)
        yield Text(item.remedy, "staff, cure", today, *stands)
        yield Text(item.patient_message, "client", today, *stands)
    for waiver in decision.waivers:
        effect = "none" if waiver.strength == "firm" else "hold"
        yield Text(waiver.reason, "staff, why", today, effect, waiver.source.sure)
    yield from of_work(decision.actions, today)


def of_work(actions: tuple[Action, ...], today: date) -> Iterator[Text]:
    yield from (Text(item.message, "staff, work", today) for item in actions)


def texts_of(made: Json) -> Iterator[Text]:
    """Every text that is said of a booking: of the decision, after the visit, and of its papers."""
    host = installed_host()
    case = host.case(read_request(made, datetime.now(UTC), words=host.words))
    decision = host.decide_case(case)
    yield from of_decision(decision, case.today)
    owed, failed = host.visit_complete(case, decision)
    yield from of_work(owed, case.today)
    assert not failed
    for paper in case.prescriptions or ():
        answer, failed = host.prescription_upload(case, paper)
        assert not failed
        for item in answer.findings:
            yield Text(item.message, "staff, why", case.today)
            yield Text(item.remedy, "staff, cure", case.today)


def complaints(made: Iterator[Json]) -> list[str]:
    said = {text for one in made for text in texts_of(one)}
    assert len(said) > 10
    found = {f"{fault}: {item.whom}: {item.text}" for item in said for fault in faults(item)}
    return sorted(found)


@pytest.mark.parametrize("payer", PAYERS)
def test_texts_of_generated_bookings(payer: str) -> None:
    found = complaints(cases(payer, COUNT, SEED))
    assert not found, f"{len(found)} complaints:\n" + "\n".join(found[:SHOWN])


@pytest.mark.parametrize("file", rulings(), ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_texts_of_rulings(file: Path) -> None:
    found = complaints(ruling.request for ruling in read_rulings(file))
    assert not found, f"{len(found)} complaints:\n" + "\n".join(found[:SHOWN])


BAD = {
    "word " * 26 + ".": "a sentence of 27 words",
    "Interdepartmental authorities institutionalized responsibilities.": "reading grade",
    "See REG-03.": "a rule's id",
    "The prior-authorization is missing.": "an internal code",
    "See rules.toml.": "a file's name",
    "It came on 2026-11-02.": "a day that is not in words",
    "She may come.": "a person's sex",
    "The approval is None.": "a hole",
    "All 1 visits are used.": "one of many",
    "Ask by November 30, 2026.": "a deadline that has passed",
    "Offer self-pay.": "paying oneself, where it is not offered",
    "Ask the plan": "no full stop",
}


@pytest.mark.parametrize("text", BAD)
def test_the_checks_find(text: str) -> None:
    found = list(faults(Text(text, "staff, cure", date(2026, 12, 1))))
    assert any(fault.startswith(BAD[text]) for fault in found), found


@pytest.mark.parametrize(
    ("text", "whom", "stands", "fault"),
    [
        ("", "client", ("hold", "ours", "hold"), "the client is told nothing"),
        ("", "staff, cure", ("hold", "ours", "hold"), "staff is not told what to do"),
        ("", "staff, why", ("none", "ours", "allow"), "staff is told nothing"),
        ("It lacks.", "staff, why", ("hold", "unsure", "hold"), "a rule that is not sure"),
        ("It lacks.", "client", ("block", "ours", "block"), "the refusal is said where"),
        (f"{REFUSED} We will tell you.", "client", ("block", "ours", "block"), "a promise"),
        (REFUSED, "client", ("block", "ours", "block"), "it is not said what the client can"),
        (REFUSED, "client", ("block", "unsure", "block"), "a rule that is not sure"),
        ("Please send it.", "client", ("hold", "ours", "block"), "something is asked"),
        ("It lacks.", "client", ("hold", "ours", "hold"), "it is not said what is awaited"),
        ("Ask eviCore.", "client", ("hold", "ours", "hold"), "a word that clients"),
        ("Please pay.", "client", ("hold", "ours", "hold"), "a client who may not be billed"),
    ],
)
def test_the_checks_find_what_does_not_fit_the_decision(
    text: str, whom: str, stands: Any, fault: str
) -> None:
    found = list(faults(Text(text, whom, date(2026, 12, 1), *stands)))
    assert any(one.startswith(fault) for one in found), found


def test_syllables_and_grades() -> None:
    words = {"massage": 2, "authorization": 5, "approved": 2, "needed": 2, "visits": 2, "the": 1}
    assert {word: syllables(word) for word in words} == words
    easy, hard = "Please send it to us.", "Utilization determinations necessitate documentation."
    assert grade(easy, CLIENTS_WORDS) < 2
    assert grade(hard, CLIENTS_WORDS) > 20
