"""What the client accepted is kept word for word, and shows in their chart."""

from tests.web.conftest import Site, problem

TEXT = "I know that finding out my coverage, visit limit, copay and deductible is up to me."


def patient(site: Site) -> str:
    return str(site.api("POST", "/v1/patients", {"name": "Ann Lee"}).json()["id"])


def test_text_and_time_are_kept_and_the_day_is_in_the_chart(shared: Site) -> None:
    path = f"/v1/patients/{patient(shared)}"
    made = shared.api("POST", f"{path}/acknowledgements", {"text": TEXT})
    assert made.status_code == 201
    kept = shared.api("GET", f"{path}/acknowledgements").json()["acknowledgements"]
    assert (kept, kept[0]["text"]) == ([made.json()], TEXT)
    assert shared.api("GET", path).json()["acknowledged_on"]


def test_what_cannot_be_kept_is_refused(shared: Site) -> None:
    path = f"/v1/patients/{patient(shared)}/acknowledgements"
    for bad in ({}, {"text": ""}, {"text": 7}, {"text": TEXT, "at": "2020-01-01T00:00:00Z"}):
        assert problem(shared.api("POST", path, bad), 422)["errors"]
    assert shared.api("GET", path).json() == {"acknowledgements": []}
    problem(shared.api("POST", "/v1/patients/nobody/acknowledgements", {"text": TEXT}), 404)
