"""Speaking with the two processes: the clinic's desk through the bridge's API, the client through
the platform's controls."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import httpx

from ..settings import StartError
from ..testing.installation import ACCOUNT
from .processes import Addresses
from .story import AcceptByHand, Fact, LetStand, Said, SayWho, Segment, StopRefusal, Word
from .verdict import OnRecord

NOT_MODIFIED = 304


class RefusedError(StartError):
    """One of the two processes answered that it would not."""


class Desk:
    """The clinic's desk: facts go in through ``/v1``, the clock is moved."""

    def __init__(self, addresses: Addresses) -> None:
        headers = {"authorization": f"Bearer {addresses.key}"}
        self._http = _client(addresses.bridge, headers)
        self._tag: dict[str, str] = {}
        self._page: dict[str, dict[str, Any]] = {}

    def file(self, name: str, email: str, phone: str) -> str:
        """A new client whose intake form is there; their id."""
        body = {"name": name, "email": email, "phone": phone, "birth_date": "1980-02-03"}
        more = {"intake_received": True, "acknowledged_on": "2026-11-02"}
        return str(self._call("POST", "/v1/patients", {**body, **more})["id"])

    def learn(self, patient: str, segment: Segment, fact: Fact) -> None:
        self._call("POST", f"/v1/patients/{patient}/{segment}", fact)

    def correct(self, patient: str, segment: Segment, change: Fact) -> None:
        """Change the last fact of this kind."""
        path = f"/v1/patients/{patient}/{segment}"
        last = self._call("GET", path)[segment][-1]["record"]
        self._call("PATCH", f"{path}/{last}", change)

    def note(self, ref: str, change: Fact) -> None:
        """Change what staff says of a booking."""
        self._call("PATCH", f"/v1/bookings/{self._booking(ref)}", change)

    def complete(self, ref: str) -> None:
        self._call("POST", f"/v1/bookings/{self._booking(ref)}/completed")

    def let_stand(self, ref: str, name: str, reason: str) -> None:
        """An override: the booking may stand, whatever the rules say."""
        body = {"outcome": "allow", "name": name, "reason": reason}
        self._call("POST", f"/v1/bookings/{self._booking(ref)}/override", body)

    def stop_refusal(self, ref: str, name: str, reason: str) -> None:
        path = f"/v1/bookings/{self._booking(ref)}/refusal/stop"
        self._call("POST", path, {"name": name, "reason": reason})

    def say_who(self, ref: str, name: str) -> None:
        """Whoever made a booking is the client on file who is likest to them."""
        patient = self._call("GET", f"/v1/bookings/{self._booking(ref)}")["patient"]
        likest = self._call("GET", f"/v1/patients/{patient}/identity")["candidates"][:1]
        if not likest:
            raise RefusedError("the bridge names nobody on file who they may be")
        same = {"same_as": likest[0]["id"], "name": name}
        self._call("POST", f"/v1/patients/{patient}/identity", same)

    def refusals(self) -> dict[str, datetime]:
        """When each refusal that waits is carried out, by the bridge's id."""
        found = self._call("GET", "/v1/refusals")["refusals"]
        return {r["booking"]: datetime.fromisoformat(r["at"]) for r in found}

    def records(self, refs: Iterable[str]) -> dict[str, OnRecord]:
        """What the bridge has on record of these bookings, of those that it knows."""
        found = {}
        for ref in refs:
            with contextlib.suppress(RefusedError):
                found[ref] = self._on_record(self._booking(ref))
        return found

    def _on_record(self, booking: str) -> OnRecord:
        found = self._call("GET", f"/v1/bookings/{booking}")
        tasks = self._call("GET", f"/v1/tasks?booking={booking}")["tasks"]
        decision = found["decisions"][-1]["decision"] if found["decisions"] else {}
        words = [w for w in found["words"] if w["ended_at"] is None]
        return OnRecord(
            booking=booking,
            patient=found["patient"],
            outcome=found["outcome"],
            rules=decision.get("outcome"),
            accepted_by=found["accepted_by"],
            said=tuple(Said(w["kind"], w["name"], w["reason"]) for w in words),
            visit=decision.get("visit_number"),
            tasks=tuple(sorted({t["kind"] for t in tasks})),
            moved_to=found["replaced_by"],
        )

    def set_clock(self, moment: str) -> None:
        self._call("POST", "/demo/clock", {"now": moment})

    def bookings(self) -> dict[str, str]:
        """The bridge's own id by the platform's."""
        found = self._call("GET", f"/v1/bookings?account={ACCOUNT}&limit=500")["bookings"]
        return {b["ref"]: b["id"] for b in found}

    def overview(self) -> dict[str, dict[str, Any]]:
        """What staff is shown, by the bridge's id."""
        answer = _asked(self._http, "GET", "/v1/overview", None, self._tag)
        if answer.status_code != NOT_MODIFIED:
            self._tag = {"if-none-match": answer.headers["etag"]}
            self._page = {b["id"]: b for b in answer.json()["bookings"]}
        return self._page

    def close(self) -> None:
        self._http.close()

    def _booking(self, ref: str) -> str:
        """The bridge's own id."""
        found = self._call("GET", f"/v1/bookings?account={ACCOUNT}&ref={ref}")["bookings"]
        if not found:
            raise RefusedError(f"the bridge knows no booking {ref}")
        return str(found[0]["id"])

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return _json(self._http, method, path, body)


class Platform:
    """The simulated platform: its controls and its journal."""

    def __init__(self, addresses: Addresses) -> None:
        self._http = _client(addresses.platform, {})
        self._call("POST", "settings", {"webhook_url": f"{addresses.bridge}/webhooks/{ACCOUNT}"})

    def book(self, body: Fact) -> str:
        """The new booking's uid."""
        return str(self._call("POST", "bookings", body)["uid"])

    def move(self, ref: str, start: str) -> str:
        """The uid of the booking that takes its place."""
        return str(self._call("POST", f"bookings/{ref}/reschedule", {"start": start})["uid"])

    def accept(self, ref: str) -> None:
        """The owner accepts the booking in the platform's own dashboard."""
        self._call("POST", f"bookings/{ref}/accept", {})

    def changes(self, since: int) -> list[dict[str, Any]]:
        """The journal's changes of bookings after its entry number ``since``."""
        found: list[dict[str, Any]] = self._call("GET", f"journal?since={since}&kind=change")
        return found

    def length(self) -> int:
        """The number of the journal's last entry."""
        found = self._call("GET", "journal")
        return int(found[-1]["seq"]) if found else 0

    def reasons(self) -> dict[str, str]:
        """What each client was told with a refusal."""
        found = self._call("GET", "bookings")
        return {b["uid"]: b["cancellationReason"] for b in found}

    def on_the_way(self) -> int:
        """Webhooks that have not been delivered yet."""
        return int(self._call("GET", "webhooks")["pending"])

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return _json(self._http, method, f"/_standin/{path}", body)


def _client(base: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=base, headers=headers, timeout=30, trust_env=False)


def _json(http: httpx.Client, method: str, path: str, body: Any) -> Any:
    return _asked(http, method, path, body).json()


def _asked(
    http: httpx.Client, method: str, path: str, body: Any, headers: dict[str, str] | None = None
) -> httpx.Response:
    try:
        answer = http.request(method, path, json=body, headers=headers)
    except httpx.HTTPError as error:
        where = path.partition("?")[0]
        raise StartError(f"{method} {where}: no answer ({type(error).__name__})") from None
    if not (answer.is_success or answer.status_code == NOT_MODIFIED):
        where = path.partition("?")[0]
        raise RefusedError(f"{method} {where}: answered {answer.status_code}: {answer.text[:300]}")
    return answer


def speak(step: Word | SayWho, ref: str, desk: Desk, platform: Platform) -> None:
    """Have a person say of a booking, or do with it, what a story tells. Raises
    ``RefusedError``."""
    match step:
        case AcceptByHand():
            platform.accept(ref)
        case LetStand():
            desk.let_stand(ref, step.name, step.reason)
        case StopRefusal():
            desk.stop_refusal(ref, step.name, step.reason)
        case SayWho():
            desk.say_who(ref, step.name)
