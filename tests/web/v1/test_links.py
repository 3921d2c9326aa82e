"""``/v1``: links and the words of e-mails, as programs see them."""

import pytest
from tests.web.conftest import Site, problem


def token_of(answer: dict[str, str]) -> str:
    return answer["url"].rpartition("/")[2]


def test_a_link_is_made_listed_and_revoked(paged: Site, sofia: dict[str, str]) -> None:
    made = paged.api("POST", "/v1/links", {"name": "Dana", "booking": sofia["id"]})
    assert made.status_code == 201
    assert made.json()["url"].startswith("https://mib.example/p/")
    link, path = made.json()["link"], f"/p/{token_of(made.json())}"
    assert paged.http.get(path).status_code == 200
    listed = paged.api("GET", f"/v1/patients/{sofia['patient']}/links").json()
    assert [(one["id"], one["good"], one["made_by"]) for one in listed] == [
        (link["id"], True, "Dana")
    ]
    assert listed[0]["used_at"] is not None
    assert "url" not in listed[0]
    revoked = paged.api("POST", f"/v1/links/{link['id']}/revoke").json()
    assert (revoked["good"], revoked["revoked_at"] is None) == (False, False)
    assert paged.http.get(path).status_code == 404


def test_the_words_of_mails(paged: Site, sofia: dict[str, str]) -> None:
    assert len(paged.api("GET", "/v1/mails").json()) == 13
    own = {"subject": "Hi {first}", "body": "{link} {clinic}", "by": "Mira"}
    put = paged.api("PUT", "/v1/mails/hold/en", own)
    assert (put.status_code, put.json()["own"]) == (200, True)
    tried = paged.api("POST", "/v1/mails/hold/en/preview", {"booking": sofia["id"]})
    assert tried.json()["subject"] == "Hi Sofia"
    said = problem(paged.api("PUT", "/v1/mails/hold/en", {**own, "body": "{clinic}"}), 422)
    assert said["errors"][0]["path"] == "body"
    assert paged.api("DELETE", "/v1/mails/hold/en").json()["own"] is False


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "/v1/links", {"name": "Dana", "booking": "bkg_0"}),
        ("POST", "/v1/links/lnk_0/revoke", None),
        ("GET", "/v1/patients/pat_0/links", None),
        ("PUT", "/v1/mails/odd/en", {"subject": "s", "body": "b", "by": "m"}),
        ("DELETE", "/v1/mails/hold/fr", None),
    ],
)
def test_what_there_is_not(paged: Site, method: str, path: str, data: object) -> None:
    problem(paged.api(method, path, data), 404)


def test_without_a_key(paged: Site) -> None:
    for path in ("/v1/mails", "/v1/patients/pat_0/links"):
        assert paged.http.get(path).status_code == 401
