"""What clients are told: plain words, and self-pay only where it is offered."""

import pytest

from massage_ins_bridge.desk.client_texts import reason_for


@pytest.mark.parametrize("offered", [True, False])
@pytest.mark.parametrize("outcome", ["hold", "block"])
def test_self_pay_is_named_where_it_is_offered(outcome: str, offered: bool) -> None:
    said = reason_for(outcome, self_pay_offered=offered)
    assert "contact the clinic" in said
    assert ("self-pay" in said) is offered
    assert reason_for("allow", self_pay_offered=offered) == ""
