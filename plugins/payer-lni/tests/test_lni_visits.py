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
    small_host,
    told,
    visits,
)

PA, FORM = "prior-authorization", "lni-f245-417"
BARE: dict[str, Any] = {"visits": ..., "from_": ..., "to": ...}


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
}


@pytest.mark.parametrize("text", FORM_IN_TIME)
def test_the_form_goes_out_before_the_sixth_visit(text: str) -> None:
    changes, sent = FORM_IN_TIME[text]
    decision = decide_request(request("lni", **changes), small_host("lni"))
    assert ("send-lni-form" in [action["kind"] for action in decision["actions"]]) == sent
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
    decision = decide_request(request("lni", **done(7)), host)
    (form,) = [item for item in decision["actions"] if item["kind"] == "send-lni-form"]
    assert "visits 7-12" not in form["message"]
