"""Who somebody is, through the API."""

from tests.web.conftest import Site, problem


def test_who_somebody_is_is_compared_settled_and_undone(shared: Site) -> None:
    robert = {"name": "Robert Unruh", "phone": "253-555-0171", "email": "robert@example.com"}
    client = shared.api("POST", "/v1/patients", robert).json()
    assert client["identity"] == "sure"
    shared.send("who", name="Bob Unruh", phone="253-555-0171", email="bob@example.com")
    booking = shared.until_state("who", "on hold")
    doubtful = booking["patient"]
    path = f"/v1/patients/{doubtful}/identity"
    found = shared.api("GET", path).json()
    assert (found["identity"], found["person"]["names"]) == ("doubtful", ["Bob Unruh"])
    (candidate,) = found["candidates"]
    assert (candidate["id"], candidate["agrees"]["phone"]) == (client["id"], "same")
    for bad in ({}, {"new": True, "same_as": client["id"]}, {"new": "yes"}, {"who": 1}):
        problem(shared.api("POST", path, bad), 422)
    problem(shared.api("POST", path, {"same_as": doubtful}), 409)
    receipt = shared.api("POST", path, {"same_as": client["id"]}).json()
    assert (receipt["patient"], receipt["other"], receipt["can_undo"]) == (
        client["id"],
        doubtful,
        True,
    )
    assert shared.booking("who")["patient"] == client["id"]
    said = problem(shared.api("GET", f"/v1/patients/{doubtful}"), 404)
    assert f"merged into {client['id']}" in said["detail"]
    undo = f"/v1/undo/{receipt['id']}"
    assert shared.api("GET", undo).json()["undone_at"] is None
    assert shared.api("POST", undo).json()["undone_at"] is not None
    assert shared.booking("who")["patient"] == doubtful


def test_a_booking_is_moved_and_two_clients_are_merged(shared: Site) -> None:
    one, two = (
        shared.api("POST", "/v1/patients", {"name": name}).json()["id"]
        for name in ("Sam Quist", "Samuel Quist")
    )
    shared.send("mv", name="Vera Zoll", email="vera@example.com")
    booking = shared.until_state("mv", "on hold")
    move = f"/v1/bookings/{booking['id']}/move"
    problem(shared.api("POST", move, {}), 422)
    problem(shared.api("POST", move, {"patient": "pat_none"}), 404)
    assert shared.api("POST", move, {"patient": two}).json()["bookings"] == [booking["id"]]
    assert shared.booking("mv")["patient"] == two
    merge = f"/v1/patients/{one}/merge"
    problem(shared.api("POST", merge, {"patient": "pat_none"}), 404)
    assert shared.api("POST", merge, {"patient": two}).json()["kind"] == "clients-merged"
    assert shared.booking("mv")["patient"] == one
    assert shared.api("POST", move, {"patient": None}).status_code == 200
    assert shared.booking("mv")["patient"] not in (one, two)
