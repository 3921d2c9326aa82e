"""A booking platform in memory with its connector, and a host with one simple rule."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BadPayloadError,
    BadSignatureError,
    Delivery,
    Gone,
    Hint,
    Outcome,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformPerson,
)
from massage_ins_bridge.domain.answers import (
    Action,
    Decision,
    Finding,
    Requirement,
    UploadAnswer,
)
from massage_ins_bridge.domain.days import local_day
from massage_ins_bridge.domain.facts import Chart
from massage_ins_bridge.domain.payer import normal_name

ZONE = "America/Los_Angeles"
START = datetime(2026, 12, 8, 18, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


class Platform:
    """Bookings by ref, and every change of state that was made through the connector."""

    def __init__(self) -> None:
        self.bookings: dict[str, PlatformBooking] = {}
        self.changes: list[tuple[str, str, str]] = []
        self.reasons: list[str] = []
        self.faults: list[Exception] = []
        self.fetched = 0
        self.lock = threading.Lock()
        self.after_change: Callable[[], None] = lambda: None

    def put(self, ref: str, **values: Any) -> PlatformBooking:
        known = self.bookings.get(ref)
        made = replace(known, **values) if known else booking(ref, **values)
        self.bookings[ref] = made
        return made

    def fault(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


def booking(ref: str, **values: Any) -> PlatformBooking:
    """A pending insurance booking, unless told otherwise."""
    email = values.pop("email", "ann@example.com")
    given: dict[str, Any] = {
        "status": "pending",
        "start": START,
        "end": None,
        "service_ref": "1",
        "person": PlatformPerson(None, values.pop("name", "Ann Lee"), email, None),
        "version": NOW,
        "answers": {"payer": "regence"},
    }
    made = PlatformBooking(ref=ref, **{**given, **values})
    if made.end is None and made.start.year < 9999:
        return replace(made, end=made.start + timedelta(hours=1))
    return made


#: By the account's option ``platform``: how a test reaches what the connector talks to.
PLATFORMS: dict[str, Platform] = {}


class FakeConnector:
    """Speaks with a ``Platform``. A delivery is JSON: ref, kind, and whether it is thin."""

    name = "fake"
    capabilities = frozenset({"fetch", "hold", "confirm", "reject", "cancel", "changes"})

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        self.platform = PLATFORMS[account.options["platform"]]

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        if headers.get("x-fake") != "good":
            raise BadSignatureError("not signed")
        return Delivery(hashlib.sha256(raw).hexdigest())

    def parse(self, raw: bytes) -> list[Hint]:
        try:
            data = json.loads(raw)
            kind, ref = data["kind"], data["ref"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadPayloadError("this is not what the platform sends") from None
        if kind == "crash":
            raise RuntimeError("the connector is broken")
        if data.get("thin"):
            return [Hint(ref, kind)]
        version = datetime.fromisoformat(data["version"])
        told = booking(
            ref,
            version=version,
            status=data.get("status", "pending"),
            start=datetime.fromisoformat(data["start"]),
            **data.get("more", {}),
        )
        return [Hint(ref, kind, version, told, data.get("previous"))]

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        self.platform.fault()
        self.platform.fetched += 1
        return self.platform.bookings.get(ref) or Gone(ref)

    def hold(self, ref: str, reason: str, idem_key: str) -> Outcome:
        return Outcome("manual")

    def confirm(self, ref: str, idem_key: str) -> Outcome:
        return self._change(ref, "accepted", "", idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> Outcome:
        return self._change(ref, "rejected", reason, idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> Outcome:
        return self._change(ref, "cancelled", reason, idem_key)

    def changes(self, since: datetime) -> list[PlatformBooking]:
        self.platform.fault()
        return [
            b for b in self.platform.bookings.values() if b.version is None or b.version >= since
        ]

    def _change(self, ref: str, status: Any, reason: str, idem_key: str) -> Outcome:
        self.platform.fault()
        with self.platform.lock:
            known = self.platform.bookings.get(ref)
            if known is None:
                raise PlatformError("no such booking", permanent=True)
            if known.status == status:
                return Outcome("already")
            self.platform.bookings[ref] = replace(known, status=status)
            self.platform.changes.append((ref, status, idem_key))
            self.platform.reasons.append(reason)
        self.platform.after_change()
        return Outcome("native")


def delivery(ref: str, kind: str = "requested", **values: Any) -> bytes:
    data = {
        "ref": ref,
        "kind": kind,
        "version": values.pop("version", NOW).isoformat(),
        "start": values.pop("start", START).isoformat(),
        **values,
    }
    return json.dumps(data).encode()


@dataclass
class FakeHost:
    """Allows so many visits, counting as the rules count; holds without a confirmed coverage until
    a day, then blocks."""

    visits: int = 100
    broken: bool = False
    plugins: tuple[Any, ...] = ()
    connectors: Mapping[str, tuple[type, ...]] = field(default_factory=dict)
    seen: list[Chart] = field(default_factory=list)
    payers: Any = field(
        default_factory=lambda: SimpleNamespace(key_of=_key_of, find=lambda _name: None)
    )

    def case(self, chart: Chart) -> Any:
        return SimpleNamespace(coverage=chart.coverages[0] if chart.coverages else None)

    def decide(self, chart: Chart) -> Decision:
        if self.broken:
            raise RuntimeError("Ann Lee has a secret")
        self.seen.append(chart)
        if chart.booking.self_pay:
            return decision("allow", "self-pay", "none")
        before = [u for u in chart.upcoming or () if u.start and u.start <= chart.booking.start]
        number = len(chart.visits or ()) + len(before) + 1
        if number > self.visits:
            return decision("block", f"visit {number} of {self.visits}", "block", number=number)
        if not any(c.staff_confirmed for c in chart.coverages or ()):
            due = local_day(chart.booking.start, ZONE) - timedelta(days=4)
            late = local_day(chart.as_of, ZONE) > due
            effect = "block" if late else "hold"
            return decision(effect, "coverage not confirmed", effect, due=due, number=number)
        return decision("allow", "all is well", "none", number=number)

    def prescription_upload(self, case: Any, paper: Any) -> tuple[UploadAnswer, tuple[Any, ...]]:
        finding = Finding("signed_on", "met", "T-1", "test", "It is signed.", "", "test")
        return UploadAnswer((finding,), ("prescription",)), ()

    def visit_complete(
        self, case: Any, decision: Decision
    ) -> tuple[tuple[Action, ...], tuple[Any, ...]]:
        return (Action("submit-claim", "T-1", "Submit the claim."),), ()


def _key_of(name: str | None) -> str | None:
    return normal_name(name) if name else None


def decision(
    outcome: Any, message: str, effect: Any, *, due: date | None = None, number: int = 1
) -> Decision:
    requirement = Requirement(
        key="coverage",
        status="met" if effect == "none" else "unmet",
        effect=effect,
        rule="T-1",
        plugin="test",
        message=message,
        remedy="",
        patient_message="",
        source="test",
        due=due,
    )
    return Decision(
        outcome=outcome,
        payer="regence",
        route="claim",
        payment_at_visit=False,
        visit_number=number,
        requirements=(requirement,),
        waivers=(),
        actions=(),
        self_pay_offered=outcome != "allow",
        rules_as_of=START.date(),
        ruleset={"test": "1"},
    )
