"""Keys, bodies, and errors as problem documents: what holds at every door."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from tests.web.conftest import Site, problem

from massage_ins_bridge.store.keys import add_key, revoke_key


def test_a_key_is_needed(shared: Site) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic abc"}):
        answer = shared.http.get("/v1/bookings", headers=headers)
        assert problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(shared: Site) -> None:
    store, now = shared.installation.store, datetime.now(UTC)
    key = add_key(store, "default", "gone", now)
    headers = {"authorization": f"Bearer {key}"}
    assert shared.http.get("/v1/tasks", headers=headers).status_code == 200
    revoke_key(store, "default", "gone", now)
    assert shared.http.get("/v1/tasks", headers=headers).status_code == 401


def test_another_clinics_key_sees_nothing(shared: Site) -> None:
    patient = shared.api("POST", "/v1/patients", {"name": "Ann Lee"}).json()["id"]
    key = add_key(shared.installation.store, "elsewhere", "theirs", datetime.now(UTC))
    headers = {"authorization": f"Bearer {key}"}
    assert shared.http.get(f"/v1/patients/{patient}", headers=headers).status_code == 404
    nobody: dict[str, Any] = {"patients": [], "next": None}
    assert shared.http.get("/v1/patients", headers=headers).json() == nobody
    assert shared.http.get("/v1/bookings", headers=headers).json()["bookings"] == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"x" * 2_000_000, "application/json", 413),
        (b'{"nam": "x"}', "application/json; charset=utf-8", 422),
        (b'{"name": "x"}', "text/plain", 415),
        (b'{"name": "x"}', "", 415),
    ],
)
def test_bad_bodies(shared: Site, body: bytes, kind: str, status: int) -> None:
    headers = {"authorization": f"Bearer {shared.key}", "content-type": kind}
    problem(shared.http.post("/v1/patients", content=body, headers=headers), status)


@pytest.mark.parametrize("key", ["\\ud800", "\\u0000", "a\\nb", "x" * 500])
def test_odd_keys_are_named_so_that_they_can_be_shown(shared: Site, key: str) -> None:
    headers = {"authorization": f"Bearer {shared.key}", "content-type": "application/json"}
    answer = shared.http.post("/v1/patients", content=f'{{"{key}": 1}}'.encode(), headers=headers)
    path = problem(answer, 422)["errors"][0]["path"]
    assert (path.isprintable(), len(path) <= 120) == (True, True)


def test_a_key_that_is_there_twice_is_refused(shared: Site) -> None:
    headers = {"authorization": f"Bearer {shared.key}", "content-type": "application/json"}
    body = b'{"name": "Ann Lee", "name": "Bea Cho"}'
    said = problem(shared.http.post("/v1/patients", content=body, headers=headers), 400)
    assert said["detail"] == "The body has the key 'name' twice in one object; send it once."


def test_an_address_with_a_character_that_no_id_has(shared: Site) -> None:
    for path in ("/v1/patients/%00", "/v1/bookings/a%00b", "/v1/tasks/%00/done"):
        answer = shared.api("POST" if path.endswith("done") else "GET", path)
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (404, "nosniff")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("OPTIONS", "/v1/patients/p/coverages/c", "GET, PUT, PATCH, DELETE"),
        ("PUT", "/v1/patients/p", "GET, PATCH, DELETE"),
        ("PUT", "/v1/bookings", "GET, POST"),
        ("GET", "/v1/check", "POST"),
        ("POST", "/", "GET"),
    ],
)
def test_what_an_address_allows_is_told_whole(
    shared: Site, method: str, path: str, allow: str
) -> None:
    answer = shared.api(method, path)
    assert (problem(answer, 405)["status"], answer.headers["allow"]) == (405, allow)


def test_unknown_paths_are_problems(shared: Site) -> None:
    problem(shared.http.get("/v1/nothing"), 404)


def test_a_database_that_is_down_is_no_fault_of_the_request(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = {
        OperationalError("SELECT", {}, Exception("Ann Lee")): 503,
        PoolTimeoutError("no connection"): 503,
        IntegrityError("INSERT", {}, Exception("Ann Lee")): 500,
    }
    for error, status in errors.items():
        monkeypatch.setattr(shared.installation.store, "read", Mock(side_effect=error))
        answer = shared.api("GET", "/v1/patients")
        monkeypatch.undo()
        assert "Ann Lee" not in str(problem(answer, status))
    assert shared.api("GET", "/v1/patients").status_code == 200
