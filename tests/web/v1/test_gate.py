"""``/v1/gate``: a platform asks before it books."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.desk.test_ask_before import question
from tests.web.conftest import Site, problem

from massage_ins_bridge.desk.client_texts import HOLD


def test_a_stranger_is_held_and_gives_the_reservation_back(shared: Site) -> None:
    answer = shared.api("POST", "/v1/gate", question("k1"))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["outcome"], said["decided"], said["text"]) == ("hold", "hold", HOLD)
    assert shared.api("POST", "/v1/gate", question("k1")).json() == said
    path = f"/v1/gate/{said['reservation']}"
    assert [shared.api("DELETE", path).status_code for _ in range(2)] == [204, 204]
    problem(shared.api("DELETE", "/v1/gate/rsv_none"), 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"account": "other"}, 422), ({"service": "2"}, 409), ({"when": "now"}, 422)],
)
def test_what_cannot_be_answered_is_said(shared: Site, change: Any, status: int) -> None:
    shared.api("POST", "/v1/gate", question("k2"))
    problem(shared.api("POST", "/v1/gate", {**question("k2"), **change}), status)


def test_a_key_is_needed(shared: Site) -> None:
    problem(shared.http.post("/v1/gate", json=question("k3")), 401)


def test_what_was_answered_is_counted(shared: Site) -> None:
    shared.api("POST", "/v1/gate", question("k4"))
    figures = shared.api("GET", "/metrics").text
    assert 'mib_gate_answers_total{outcome="hold"}' in figures


def test_the_page_says_what_is_sent_and_answered(shared: Site) -> None:
    page = Path(__file__).parents[3].joinpath("docs", "gate.md").read_text(encoding="utf-8")
    asked, told = map(
        json.loads, re.findall(r"^```json\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    )
    answer = shared.api("POST", "/v1/gate", {**asked, "account": "desk", "service": "1"}).json()
    ours = {"reservation": answer["reservation"], "until": answer["until"]}
    assert answer == {**told, **ours}
    assert all(answer[name] for name in ours)
