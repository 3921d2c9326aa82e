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
        problem(shared.api("POST", path, {"name": "Pat", **bad}), 422)
    for nobody in ({}, {"name": ""}):
        problem(shared.api("POST", path, {"same_as": client["id"], **nobody}), 422)
    problem(shared.api("POST", path, {"same_as": doubtful, "name": "Pat"}), 409)
    receipt = shared.api("POST", path, {"same_as": client["id"], "name": "Pat"}).json()
    told = [receipt[key] for key in ("patient", "other", "can_undo", "name")]
    assert told == [client["id"], doubtful, True, "Pat"]
    assert shared.booking("who")["patient"] == client["id"]
    said = problem(shared.api("GET", f"/v1/patients/{doubtful}"), 404)
    assert f"merged into {client['id']}" in said["detail"]
    undo = f"/v1/undo/{receipt['id']}"
    assert shared.api("GET", undo).json()["undone_at"] is None
    problem(shared.api("POST", undo, {}), 422)
    undone = shared.api("POST", undo, {"name": "Kim"}).json()
    assert (undone["undone_at"] is not None, undone["undone_by"]) == (True, "Kim")
    assert shared.booking("who")["patient"] == doubtful


def test_a_booking_is_moved_and_two_clients_are_merged(shared: Site) -> None:
    one, two = (
        shared.api("POST", "/v1/patients", {"name": name}).json()["id"]
        for name in ("Sam Quist", "Samuel Quist")
    )
    shared.send("mv", name="Vera Zoll", email="vera@example.com")
    booking = shared.until_state("mv", "on hold")
    move = f"/v1/bookings/{booking['id']}/move"
    problem(shared.api("POST", move, {"name": "Pat"}), 422)
    problem(shared.api("POST", move, {"patient": "pat_none", "name": "Pat"}), 404)
    moved = shared.api("POST", move, {"patient": two, "name": "Pat"}).json()
    assert (moved["bookings"], moved["name"]) == ([booking["id"]], "Pat")
    assert shared.booking("mv")["patient"] == two
    merge = f"/v1/patients/{one}/merge"
    problem(shared.api("POST", merge, {"patient": "pat_none", "name": "Pat"}), 404)
    merged = shared.api("POST", merge, {"patient": two, "name": "Kim"}).json()
    assert (merged["kind"], merged["name"]) == ("clients-merged", "Kim")
    assert shared.booking("mv")["patient"] == one
    assert shared.api("POST", move, {"patient": None, "name": "Pat"}).status_code == 200
    assert shared.booking("mv")["patient"] not in (one, two)
