"""L&I's form goes out in time (LNI-05)."""

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    days,
    finished,
    host_of,
    request,
    shown,
    small_host,
    told,
    visits,
)

PA, FORM = "prior-authorization", "lni-f245-417"
BARE: dict[str, Any] = {"visits": ..., "from_": ..., "to": ...}
SELF_INSURED = {"coverages.0.claim.insurer_kind": "self_insured"}


def done(count: int, **more: Any) -> dict[str, Any]:
    return {"visits": visits("lni", *days(count)), **more}


def paper(kind: str, **more: Any) -> dict[str, Any]:
    return {"authorizations": [authorization("lni", kind, **{**BARE, **more})]}


FORM_IN_TIME: dict[str, tuple[dict[str, Any], bool]] = {
    "visit 4": (done(3), False),
    "visit 5": (done(4), True),
    "visit 6": (done(5), True),
    "visit 6, on file": (done(5, **paper(FORM, status="requested")), False),
    "visit 6, void": (done(5, **paper(FORM, status="void")), True),
    "visit 6, self-insured": (done(5, **SELF_INSURED), False),
    "visit 7": (done(6), False),
}


@pytest.mark.parametrize("text", FORM_IN_TIME)
def test_the_form_goes_out_before_the_sixth_visit(text: str) -> None:
    changes, sent = FORM_IN_TIME[text]
    """Where it is not owed for the booking itself, it is after the visit, for the next one."""
    after = [kind for kind, _ in finished(request("lni", **changes), small_host("lni"))]
    assert ("send-lni-form" in after) == sent


def test_the_numbers_are_rule_data() -> None:
    """A clinic that is told otherwise changes its own file, not the plugin."""
    values = {"form_from_visit": 9, "send_form_from_visit": 7}
    table = {"plugin": "lni", "id": "LNI-05", "source": "x", "values": values}
    host = host_of("lni", overrides=[table])
    for count, stands in ((7, "-"), (8, "unmet/block")):
        decision = decide_request(request("lni", **done(count)), host)
        assert told(decision, [PA]) == {PA: stands}
    made = request("lni", **done(7))
    for where, sent in ((host, True), (small_host("lni"), False)):
        kinds = [kind for kind, _ in finished(made, where)]
        assert ("send-lni-form" in kinds) == sent


def test_the_days_of_an_answer_are_rule_data() -> None:
    table = {"plugin": "lni", "id": "LNI-06", "source": "x", "values": {"decision_days": 3}}
    decision = decide_request(request("lni", **done(6)), host_of("lni", overrides=[table]))
    names = [PA, f"due {PA}"]
    assert told(decision, names) == {PA: "unmet/hold", f"due {PA}": "2026-12-05"}


#: What is on file of the claim manager's leave: why it does not do, and what is to be done.
LEAVE: dict[str, tuple[dict[str, Any], str, str]] = {
    "for other care": ({"codes": ["97110"]}, "is for other care", "request-authorization"),
    "without dates": ({"from_": ..., "to": ...}, "lacks its dates", "request-authorization"),
    "over": ({"to": "2026-12-07"}, "none on file covers the day", "request-authorization"),
    "asked for": ({"status": "requested"}, "not answered yet", "chase-authorization"),
    "denied": ({"status": "denied"}, "was denied by the claim manager", "request-authorization"),
}


@pytest.mark.parametrize("about", LEAVE)
def test_a_leave_that_does_not_do_is_told_with_why(about: str) -> None:
    leave, said, kind = LEAVE[about]
    papers = [authorization("lni", "lni-claim-manager", **{"number": "C1", **leave})]
    made = request("lni", **{"booking.place": "home", "authorizations": papers})
    decision = decide_request(made, small_host("lni"))
    assert said in shown(decision, "message place")
    assert [action["kind"] for action in decision["actions"]] == [kind]
