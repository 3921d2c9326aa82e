"""What each requirement of a decision rests on."""

from typing import Any

from massage_ins_bridge.cli.rests_on import rests_on
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.requests import authorization, chart_of, request, visits


def found(key: str, payer: str, **changes: Any) -> dict[str, Any]:
    host = installed_host()
    chart = chart_of(request(payer, **changes), host)
    return rests_on(host, chart, host.decide(chart))[key, None]


def test_a_prescription_s_end_rests_on_its_days() -> None:
    told = found("prescription.current", "aetna")
    assert told.keys() >= {
        *("prescriptions[0].signed_on", "prescriptions[0].duration.count"),
        *("prescriptions[0].duration.unit", "prescriptions[0].staff_confirmed"),
    }
    assert told["prescriptions[0].signed_on"] == "2026-10-29"
    assert "patient.intake_received" not in told
    assert not [path for path in told if path.startswith("coverages[0].visit")]


def test_a_count_rests_on_each_visit_and_on_what_is_standing() -> None:
    done = visits("premera", *(f"2026-11-{day}" for day in range(10, 16)))
    told = found("prior-authorization", "premera", visits=done)
    assert {f"visits[{place}]" for place in range(6)} <= told.keys()
    assert told["visits[0]"]["on"] == "2026-11-10"


def test_an_approval_rests_on_its_visits_and_status() -> None:
    facts = {"coverages.0.funding": "self_insured", "authorizations": [authorization("regence")]}
    told = found("prior-authorization", "regence", **facts)
    named = {f"authorizations[0].{name}" for name in ("visits", "status", "kind")}
    assert named <= told.keys()


def test_the_network_rests_on_the_clinic_s_entries() -> None:
    told = found("network", "aetna")
    assert [path for path in told if path.startswith("clinic.network")] == ["clinic.network.aetna"]


def test_that_none_is_on_file_is_a_fact() -> None:
    assert found("prescription", "aetna", prescriptions=[])["prescriptions"] == []
