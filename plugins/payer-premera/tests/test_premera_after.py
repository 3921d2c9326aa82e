"""After a visit: the bill or the superbill, and the review that the next visit needs."""

import pytest

from massage_ins_bridge.testing.requests import (
    Json,
    authorization,
    days,
    finished,
    request,
    small_host,
    visits,
)

PAYERS = ("premera", "lifewise")


def kinds(made: Json) -> set[str]:
    return {kind for kind, _ in finished(made, small_host("premera"))}


@pytest.mark.parametrize("payer", PAYERS)
def test_who_is_sent_what(payer: str) -> None:
    """NET-05, NET-07."""
    assert kinds(request(payer)) == {"submit-claim"}
    out = request(payer, **{f"clinic.network.{payer}": [{"status": "out"}]})
    assert kinds(out) == {"collect-payment", "give-superbill"}


@pytest.mark.parametrize("payer", PAYERS)
@pytest.mark.parametrize(
    ("before", "approved", "asked"),
    [
        (4, None, set()),
        (5, None, {"request-authorization"}),
        (5, 30, set()),
        (6, 7, {"request-extension"}),
    ],
)
def test_the_next_visits_review_is_asked_for(
    payer: str, before: int, approved: int | None, asked: set[str]
) -> None:
    papers = [authorization(payer, visits=approved)] if approved else []
    made = request(payer, visits=visits(payer, *days(before)), authorizations=papers)
    assert kinds(made) - {"submit-claim"} == asked


def test_an_answer_that_is_open_is_chased() -> None:
    asked = authorization("premera", status="requested", visits=..., from_=..., to=...)
    made = request("premera", visits=visits("premera", *days(6)), authorizations=[asked])
    assert "chase-authorization" in kinds(made)
