"""Plugins that were here before, over several starts of the service."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.owed.looking import open_tasks
from tests.hooks.doubles import NAME, host_with
from tests.hooks.test_remembered import trial_point

from massage_ins_bridge.api import Case
from massage_ins_bridge.desk.chart import add_fact, change_fact, get_fact
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.fact_forms import fields_of, typed
from massage_ins_bridge.desk.fact_forms import shown as as_shown
from massage_ins_bridge.desk.known_plugins import forget_plugin, remember_plugins
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.store.models import FactRow
from massage_ins_bridge.testing.bookings import START

TIER = {"extra": {NAME: {"tier": "gold"}}}


def silent(case: Case) -> None:
    return None


def with_trial(**settings: Any) -> Host:
    return host_with(trial_point(on_booking=silent), only=["regence"], **settings)


def start(bridge: Bridge, host: Host) -> None:
    """The service starts with this host."""
    bridge.installation.host = host
    bridge.installation.recall()
    remember_plugins(bridge.installation)


@pytest.fixture
def trial(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    """A clinic with a plugin that serves Evergreen, and a client of it."""
    made = make_bridge(tmp_path, database_url, host=with_trial())
    start(made, with_trial())
    made.take("b1", answers={"payer": "Evergreen Co-op"})
    made.add_fact("b1", "coverage", {"payer": "evergreen", "staff_confirmed": True, **TIER})
    yield made
    made.close()


def look(bridge: Bridge) -> None:
    """The day after a start is looked at: every client is woken."""
    with bridge.installation.write() as record:
        record.wake(bridge.row("b1").patient_id, "day")
    bridge.work()


def test_a_plugin_that_goes_holds_its_bookings_with_a_task_until_it_is_back(trial: Bridge) -> None:
    assert open_tasks(trial, "no-rules") == []
    for host, why in (
        (host_with(only=["regence"]), "the plugin 'trial' is not installed any more"),
        (with_trial(disabled=[NAME]), "the plugin 'trial' is switched off"),
    ):
        start(trial, host)
        look(trial)
        assert trial.outcome("b1") == "hold"
        (task,) = open_tasks(trial, "no-rules")
        assert task.message.startswith(f"Nobody here can say what Evergreen Health asks for: {why}")
        assert task.due is not None
    start(trial, with_trial())
    look(trial)
    assert open_tasks(trial, "no-rules") == []


def test_what_it_declared_stays_readable_and_is_not_lost_by_a_change(trial: Bridge) -> None:
    start(trial, host_with(only=["regence"]))
    patient = trial.row("b1").patient_id
    with trial.installation.write() as record:
        row = next(r for r in _coverages(record, patient) if "extra" in record.facts.data(r))
        fact = get_fact(record, patient, "coverage", row.id)
        fields = fields_of("coverages", record.vocabulary, fact.data)
        (tier,) = [f for f in fields if f.path == "extra.trial.tier"]
        assert (tier.label, tier.group) == ("Tier", "For trial, which is off or gone")
        values = {**as_shown(fields, fact.data), "plan": "Gold"}
        where = (patient, "coverage", row.id)
        after = change_fact(record, where, typed(fields, values), merge=True)
        assert (after.data["plan"], after.data["extra"]) == ("Gold", TIER["extra"])
        kept = change_fact(record, where, {"extra": None}, merge=True)
        assert kept.data["extra"] == TIER["extra"]
        assert "extra.trial.tier" not in [f.path for f in fields_of("coverages", record.vocabulary)]


def test_its_fields_stand_on_every_booking_that_it_is_asked_about(trial: Bridge) -> None:
    """On the client's others, on those that the desk looks ahead to, and on a visit that no booking
    was: a plugin that reads them must not fail for their sake."""
    seen: list[Case] = []

    def noted(case: Case) -> None:
        seen.append(case)

    point = trial_point(on_booking=noted, on_visit_complete=noted)
    start(trial, host_with(point, only=["regence"]))
    trial.choose("b1", extra={NAME: {"units": 3}})
    trial.take("b2", answers={"payer": "Evergreen Co-op"}, start=START + timedelta(days=7))
    trial.add_fact("b1", "visit", {"on": "2026-11-03", "payer": "evergreen"})
    others = [other for case in seen for other in case.upcoming or ()]
    extras = [case.booking.extra for case in seen] + [other.extra for other in others]
    assert {extra[NAME]["units"] for extra in extras} == {3, None}
    assert any(other.extra[NAME]["units"] == 3 and other.end is not None for other in others)
    assert any(case.booking.end is None for case in seen)  # the visit that no booking was


def test_a_kind_of_authorization_of_it_is_offered_where_it_stands_alone(trial: Bridge) -> None:
    start(trial, with_trial(disabled=[NAME]))
    kind = "trial.care-plan"
    with trial.installation.write() as record:
        patient = trial.row("b1").patient_id
        add_fact(record, patient, "authorization", {"payer": "evergreen", "kind": kind})
        words = record.vocabulary
    for data, offered in ((None, False), ({"kind": kind}, True)):
        (field,) = [f for f in fields_of("authorizations", words, data) if f.path == "kind"]
        assert (kind in dict(field.options)) is offered


def test_a_plugin_is_forgotten_only_when_it_is_not_in_use(trial: Bridge) -> None:
    with (
        trial.installation.write() as record,
        pytest.raises(ConflictError, match="'trial' is in use"),
    ):
        forget_plugin(record, trial.installation.host, NAME)
    start(trial, host_with(only=["regence"]))
    with trial.installation.write() as record:
        forget_plugin(record, trial.installation.host, NAME)
        with pytest.raises(NotFoundError):
            forget_plugin(record, trial.installation.host, NAME)
    start(trial, host_with(only=["regence"]))
    assert trial.installation.host.payers.find("Evergreen Co-op") is None
    with trial.installation.write() as record, pytest.raises(UnusableInputError):
        add_fact(record, trial.row("b1").patient_id, "coverage", {"payer": "evergreen", **TIER})


def test_what_a_plugin_says_next_is_remembered_in_the_place_of_it(trial: Bridge) -> None:
    with trial.installation.read() as record:
        before = dict(record.known_plugins.all())
    assert before.keys() == {NAME, "regence"}
    remember_plugins(trial.installation)
    with trial.installation.read() as record:
        assert record.known_plugins.all() == before


def _coverages(record: Any, patient: str) -> list[FactRow]:
    found: list[FactRow] = record.facts.list(patient, "coverage")
    return found
