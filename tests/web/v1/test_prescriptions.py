"""``/v1``: what the rules find of a prescription, on file or not, and the letter about it."""

from collections.abc import Iterator

import pytest
from tests.desk.pages import CLINIC, PAGE
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.testing import installed_host


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With the rules as they are."""
    more = {"clinic": CLINIC, "client_page": PAGE, "host": installed_host()}
    yield from open_site(tmp_path_factory.mktemp("ruled"), **more)


def test_one_on_file_is_looked_at_for_each_booking(ruled: Site) -> None:
    ruled.send("b0", name="Ann Lee", email="ann@clients.example", answers={"payer": "Regence"})
    booking = ruled.until_state("b0", "on hold")
    base = f"/v1/patients/{booking['patient']}/prescriptions"
    record = ruled.api("POST", base, {"signed_on": "2026-11-20"}).json()["record"]
    (found,) = ruled.api("GET", f"{base}/{record}/findings").json()["bookings"]
    assert (found["booking"], found["failed_plugins"]) == (booking["id"], [])
    assert "prescription.orders" in found["may_cure"]
    assert "prescription.duration" in {finding["field"] for finding in found["findings"]}
    problem(ruled.api("GET", f"{base}/prx_none/findings"), 404)


def test_one_that_is_not_on_file_is_looked_at_for_each_payer(ruled: Site) -> None:
    ruled.send("b1", name="Maya Patel", email="m@clients.example", answers={"payer": "Regence"})
    booking = ruled.until_state("b1", "on hold")
    patient = booking["patient"]
    ruled.api("POST", f"/v1/patients/{patient}/coverages", {"payer": "Premera"})
    base = f"/v1/patients/{patient}/prescriptions"
    paper = {"signed_on": "2026-11-20", "received_on": "2026-11-21", "diagnoses": ["M54.2"]}
    found = ruled.api("POST", f"/v1/patients/{patient}/check-prescription", paper).json()["payers"]
    assert [(one["payer"], one["booking"]) for one in found] == [
        ("regence", booking["id"]),
        ("premera", None),
    ]
    fields = [{f["field"]: f["status"] for f in one["findings"]} for one in found]
    assert fields[0]["prescription.lead-time"] == "met"
    assert "prescription.lead-time" not in fields[1]  # nobody booked anything
    assert [one["prescription.duration"] for one in fields] == ["unmet", "unmet"]
    assert ruled.api("GET", base).json() == {"prescriptions": []}
    said = problem(
        ruled.api("POST", f"/v1/patients/{patient}/check-prescription", {"signed_on": "soon"}), 422
    )
    assert said["errors"][0]["path"] == "signed_on"
    problem(ruled.api("POST", "/v1/patients/pat_0/check-prescription", paper), 404)

    record = ruled.api("POST", base, paper).json()["record"]
    letter = ruled.api("GET", f"{base}/{record}/letter").json()
    assert letter["to"] == "the prescriber"
    assert "the prescriber's signature" in letter["asks"]
    assert "- the prescriber's signature" in letter["text"]
    file = ruled.api("GET", f"{base}/{record}/letter.pdf")
    assert (file.headers["content-type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    problem(ruled.api("GET", f"{base}/prx_none/letter"), 404)
