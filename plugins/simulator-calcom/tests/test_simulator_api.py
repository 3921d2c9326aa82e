"""What the API answers beside bookings, and what the controls do to all of it."""

import pytest

from massage_ins_bridge_calcom_simulator.testing import Mailbox, Simulator

CONFIRM, INSTANT, NEAR = 30412, 30413, 30415
#: The version of the API that shows event types.
TYPES = "2024-06-14"
KINDS = (
    *("--event-type", "30412:medical:60:confirm", "--event-type", "30413:relaxation:60:instant"),
    *("--event-type", "30415:near:60:confirm-within-48h"),
)


def play(*options: str) -> Simulator:
    return Simulator("--api-key", "cal_test", "--secret", "whsec", *KINDS, *options)


def test_the_clock_can_be_set_forward_and_back() -> None:
    with play() as at:
        for year in ("2030", "2020"):
            at.control("POST", "settings", now=f"{year}-05-05T10:00:00+00:00")
            assert f"May {year}" in at.api("GET", "me").headers["date"]
            assert at.booking(at.book())["createdAt"].startswith(f"{year}-05-05T10:00")


def test_of_a_deleted_event_type_nothing_is_queued() -> None:
    with play() as at, Mailbox(at) as box:
        at.control("POST", "settings", holding=True)
        uid = at.book()
        at.control("DELETE", f"event-types/{CONFIRM}")
        at.control("POST", "webhooks/release", uid=uid)
        at.settle()
        assert not box.arrived


def test_the_doctors_questions_are_answered() -> None:
    with play("--webhook-url", "http://127.0.0.1:9/webhooks/front-desk") as at:
        at.control("POST", "settings", triggers=["BOOKING_CREATED"])
        [webhook] = at.api("GET", "webhooks").json()["data"]
        kinds = at.look("event-types", TYPES).json()["data"]
        alone = at.look(f"event-types/{NEAR}", TYPES).json()["data"]
        unknown = at.look("event-types/1", TYPES).status_code
    assert (webhook["triggers"], webhook["active"]) == (["BOOKING_CREATED"], True)
    policies = {kind["id"]: kind["confirmationPolicy"].get("type") for kind in kinds}
    assert (policies[CONFIRM], policies[INSTANT], policies[NEAR]) == ("always", None, "time")
    assert (alone, unknown) == (next(k for k in kinds if k["id"] == NEAR), 404)


def test_webhooks_are_made_mended_and_taken_away() -> None:
    """One for each address, and each gets what it is told of, under its own secret."""
    with play("--unlike", "webhook-public") as at, Mailbox(at) as box:
        url = box.url.replace("127.0.0.1", "localhost")
        wanted = {"subscriberUrl": url, "active": True, "triggers": ["BOOKING_REQUESTED"]}
        made = at.api("POST", "webhooks", secret="another", **wanted)
        ref = made.json()["data"]["id"]
        again = at.api("POST", "webhooks", **wanted)
        assert (made.status_code, again.status_code) == (201, 409)
        uid = at.book()
        box.wait_for("BOOKING_REQUESTED", uid)
        at.settle()
        requested = [one for one in box.arrived if one.speaks_of("BOOKING_REQUESTED", uid)]
        assert len({one.headers["x-cal-signature-256"] for one in requested}) == 2
        changed = at.api("PATCH", f"webhooks/{ref}", active=False, triggers=["MEETING_ENDED"])
        assert changed.json()["data"]["active"] is False
        assert at.api("PATCH", f"webhooks/{ref}", triggers=["NONE"]).status_code == 400
        assert at.api("POST", "webhooks", subscriberUrl="https://x.example").status_code == 400
        assert at.api("DELETE", f"webhooks/{ref}").json()["data"]["subscriberUrl"] == url
        assert at.api("GET", f"webhooks/{ref}").status_code == 404
        assert len(at.api("GET", "webhooks").json()["data"]) == 1


@pytest.mark.parametrize(("options", "members"), [((), 0), (("--team-admin",), 2)])
def test_an_admin_sees_the_team(options: tuple[str, ...], members: int) -> None:
    with play(*options) as at:
        at.control("POST", "settings", event_type=50, slug="team-massage", team=True)
        teams = at.api("GET", "teams").json()["data"]
        seen = at.api("GET", "teams/40/memberships")
        kinds = at.look("teams/40/event-types", TYPES)
        own = at.look("event-types", TYPES).json()["data"]
    assert 50 not in [kind["id"] for kind in own]
    if not members:
        assert (teams, seen.status_code, kinds.status_code) == ([], 403, 403)
    else:
        assert [one["userId"] for one in seen.json()["data"]] == [5, 6]
        [kind] = kinds.json()["data"]
        assert (kind["id"], [host["userId"] for host in kind["hosts"]]) == (50, [5, 6])
