"""The benchmarks still run, and compare like with like. How fast is no test's matter."""

import importlib.util
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from benchmarks import deliveries, load
from benchmarks.facts import variants
from benchmarks.rounds import Report, Sample, Spread, compare, in_turn

from massage_ins_bridge.domain.request import read_request

CONNECTOR = importlib.util.find_spec("massage_ins_bridge_calcom")


@pytest.mark.parametrize("name", variants())
def test_every_variant_is_a_request_without_fault(name: str) -> None:
    chart = read_request(variants()[name], datetime.now(UTC))
    assert chart.booking.payer == "regence"


def test_the_parts_of_a_decision_are_taken_apart() -> None:
    from benchmarks import decide

    report = decide.run(rounds=1)
    assert report.ratios["third visit"].median > 0
    assert {"part: build the case", "part: plugin core", "part: gate"} <= set(report.times)


@pytest.mark.skipif(CONNECTOR is None, reason="the connector is not installed")
def test_the_deliveries_are_what_the_connector_takes() -> None:
    from massage_ins_bridge_calcom.deliveries import SIGNATURE, check_signature, hints

    now = datetime(2026, 12, 1, 17, tzinfo=UTC)
    raw = deliveries.body("uid1", 3, now)
    check_signature({SIGNATURE: deliveries.signature("s3cret", raw)}, raw, "s3cret")
    (hint,) = hints(raw, {})
    assert (hint.booking_ref, hint.kind, hint.sent_at) == ("uid1", "requested", now)
    assert hint.booking is not None
    assert hint.booking.service_ref == str(deliveries.RELAXATION)


def test_the_platform_has_what_is_told_of_it() -> None:
    """A delivery of a booking that its platform does not know waits for a second look."""
    now = datetime(2026, 12, 1, 17, tzinfo=UTC)
    told = json.loads(deliveries.body("uid1", 3, now, deliveries.MEDICAL))["payload"]
    head, _, wished = deliveries.booking("uid1", 3, now, deliveries.MEDICAL).partition(b"\r\n\r\n")
    wish = json.loads(wished)
    assert load._length(head) == len(wished)
    assert (wish["uid"], wish["event_type"]) == (told["uid"], told["eventTypeId"])
    assert datetime.fromisoformat(wish["start"]) == datetime.fromisoformat(told["startTime"])
    assert {"name": wish["name"], "email": wish["email"]}.items() <= told["attendees"][0].items()


def test_the_load_is_distinct_and_whole() -> None:
    requests = load.prepare("/webhooks/front-desk", "s3cret", 20, deliveries.MEDICAL, "stem")
    bodies = [request.partition(b"\r\n\r\n")[2] for request in requests]
    uids = {json.loads(body)["payload"]["uid"] for body in bodies}
    assert uids == {load.uid("stem", n) for n in range(20)}
    assert len(uids) == 20
    assert all(
        load._length(r.partition(b"\r\n\r\n")[0]) == len(b)
        for r, b in zip(requests, bodies, strict=True)
    )


def test_a_spread_names_its_quarters() -> None:
    assert Spread.of([5, 1, 3, 2, 4]) == Spread(3, 1, 2, 4, 5)


def test_contenders_take_turns_and_are_compared_round_by_round() -> None:
    order: list[str] = []
    found = in_turn({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 4, 1)
    assert "".join(order) == "abbaabba"
    assert {name: len(values) for name, values in found.items()} == {"a": 4, "b": 4}
    report = Report("any", "what it is", "none")
    samples = {"a": [Sample(1, 3), Sample(6, 3)], "b": [Sample(2, 1), Sample(3, 1)]}
    compare(report, "both", samples, "a", "b")
    assert report.ratios["both"].median == 1.25
    assert report.ratios["both, processor time"].median == 3


def test_a_report_speaks_to_people_and_to_scripts() -> None:
    report = Report("decide", "what it is", "at most 1")
    report.ratios["all"] = Spread.of([0.5])
    report.times["bridge"] = (Spread.of([12.0]), "µs")
    data: dict[str, Any] = json.loads(json.dumps(report.to_dict()))
    assert data["ratios"]["all"]["median"] == 0.5
    assert data["figures"]["bridge"]["unit"] == "µs"
    assert "goal: at most 1" in report.text()
    assert "0.5" in report.text()


def test_a_feed_changes_where_it_is_said_to() -> None:
    from benchmarks import feeds

    reader = feeds.Reader(feeds.calendar(events=400))
    assert reader.look(feeds.calendar(events=400)) > 200
    assert reader.look(feeds.calendar(feeds.CHANGED, events=400)) == feeds.CHANGED
    assert reader.look(feeds.calendar(feeds.CHANGED, "20261102T000000Z", 400)) == 0


def test_a_look_at_a_calendar_takes_one_request_and_little_more() -> None:
    from benchmarks import caldav

    figures = caldav.run(rounds=1, events=40).times
    assert figures["bridge, nothing new, requests"][0].high == 1
    assert figures["bridge, nothing new, down"][0].high < 2048
    assert figures["bridge, changed, requests"][0].high <= 2
