"""What clients are told: plain words, and self-pay only where and as it is offered."""

import pytest

from massage_ins_bridge.desk.client_texts import reason_for


@pytest.mark.parametrize("outcome", ["hold", "block"])
def test_self_pay_is_named_where_it_is_offered(outcome: str) -> None:
    free, signed, none = (reason_for(outcome, terms) for terms in ("free", "signed-before", None))
    assert "contact the clinic" in free
    assert free == f"{none} You may book as self-pay."
    assert signed == f"{none} For self-pay, we both sign an agreement before the visit."
    assert "self-pay" not in none


@pytest.mark.parametrize("outcome", ["hold", "block"])
def test_nothing_is_said_of_insurance_to_who_pays_without(outcome: str) -> None:
    assert "insurance" in reason_for(outcome, None)
    assert "insurance" not in reason_for(outcome, None, self_pay=True)


@pytest.mark.parametrize("outcome", ["allow", None])
def test_nothing_is_said_where_nothing_is_held(outcome: str | None) -> None:
    assert reason_for(outcome, "free") == ""
