"""Of all that is said of one key the one requirement that stands."""

from dataclasses import replace
from datetime import date

import pytest

from massage_ins_bridge.api import Answer, Requirement, Source, Waiver
from massage_ins_bridge.domain.answers import Cost, Status, Strength
from massage_ins_bridge.gate.settle import held_at_most, reaches, rest_on_hearsay, settled

TODAY = date(2026, 11, 20)
PA, MN = "prior-authorization", "medical-necessity"


def item(status: Status, effect: Cost, key: str = PA, due: date | None = None) -> Requirement:
    return Requirement(key, status, effect, "R", "a", "m", "r", "p", Source("a test"), due)


def waiver(key: str = PA, strength: Strength = "firm", advice: str = "") -> Waiver:
    return Waiver(key, "W", "b", strength, "why", Source("a test"), advice=advice)


def of(*requirements: Requirement, waivers: tuple[Waiver, ...] = ()) -> list[Requirement]:
    answers = [Answer((one,)) for one in requirements]
    final, _ = settled([*answers, Answer(waivers=waivers)], confirmed=True, today=TODAY)
    turned, _ = settled([Answer(waivers=waivers), *reversed(answers)], confirmed=True, today=TODAY)
    assert final == turned
    return final


def test_of_equal_cost_the_earlier_day_stands() -> None:
    early, late = date(2026, 12, 1), date(2026, 12, 8)
    (found,) = of(item("unmet", "hold", due=late), item("unmet", "hold", due=early))
    assert found.due == early
    (found,) = of(item("unmet", "hold"), item("unmet", "hold", due=late))
    assert found.due == late


@pytest.mark.parametrize(
    ("key", "reached"),
    [
        *(("prescription", True), ("prescription.visits", True), ("prescriptions", False)),
        ("diagnosis.reimbursable", False),
    ],
)
def test_a_waiver_reaches_the_keys_below_its_own(key: str, reached: bool) -> None:
    assert reaches(waiver("prescription"), key) is reached
    (found,) = of(item("unmet", "block", key), waivers=(waiver("prescription"),))
    assert (found.status == "waived") is reached


def test_a_waiver_may_advise_where_something_is_lacking() -> None:
    law = (waiver(MN, advice="Document it."),)
    (lacking,) = of(item("unmet", "block", MN), waivers=law)
    assert (lacking.status, lacking.effect, lacking.remedy) == ("waived", "warn", "Document it.")
    (there,) = of(item("met", "none", MN), waivers=law)
    assert (there.status, there.effect) == ("waived", "none")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("met", "none"), ("unknown", "hold")),
        (("met", "warn"), ("unknown", "hold")),
        (("unmet", "block"), ("unmet", "hold")),
        (("unmet", "warn"), ("unmet", "warn")),
        (("due", "none"), ("due", "none")),
    ],
)
def test_what_a_requirement_on_hearsay_becomes(
    before: tuple[Status, Cost], after: tuple[str, str]
) -> None:
    found = rest_on_hearsay(item(*before))
    assert (found.status, found.effect) == after


def test_what_is_held_at_most_never_speaks_of_a_refusal() -> None:
    refused = item("unmet", "block")
    found = held_at_most(refused, "Who it is is in doubt.")
    assert (found.effect, found.status, found.due) == ("hold", "unmet", refused.due)
    assert found.patient_message != refused.patient_message
    assert found.message.endswith("Who it is is in doubt.")
    hold = item("unmet", "hold")
    assert held_at_most(hold, "why") == replace(hold)
