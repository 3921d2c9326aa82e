"""After a visit the VA is billed, and asked for more before its authorization is used up."""

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    finished,
    host_of,
    request,
    small_host,
    told,
    visits,
)

PA = "prior-authorization"


def owed(*papers: object, **more: object) -> list[tuple[str, str | None]]:
    made = request("va", authorizations=list(papers), **more)
    return finished(made, small_host("government"))


def test_the_va_is_billed_and_nobody_pays_at_the_visit() -> None:
    assert owed(authorization("va")) == [("submit-claim", "2026-12-08")]


def test_more_is_asked_for_after_the_last_visit() -> None:
    last = authorization("va", visits=2)
    kinds = [kind for kind, _ in owed(last, visits=visits("va", "2026-11-20"))]
    assert kinds == ["request-extension", "submit-claim"]


def test_nothing_is_owed_to_who_covers_no_massage() -> None:
    for payer in ("medicare", "apple-health"):
        assert finished(request(payer), small_host("government")) == []


def test_the_days_of_an_answer_are_rule_data() -> None:
    table = {"plugin": "government", "id": "VA-01", "source": "x", "values": {"decision_days": 1}}
    made = request("va", authorizations=[])
    decision = decide_request(made, host_of("government", overrides=[table]))
    names = [PA, f"due {PA}"]
    assert told(decision, names) == {PA: "unmet/hold", f"due {PA}": "2026-12-07"}
