"""Platform bookings, clients, hints and accounts for tests: sound ones, changed field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from ..api.connectors import (
    AccountConfig,
    Hint,
    HintKind,
    PlatformBooking,
    PlatformPerson,
    ServiceMeaning,
)

#: When a booking begins, and when it is looked at, unless a test says otherwise.
START = datetime(2026, 12, 8, 18, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
SECRET = "whsec_of_a_test"  # noqa: S105 - it opens nothing


def person(**values: Any) -> PlatformPerson:
    """Ann Lee, unless told otherwise."""
    given: dict[str, Any] = {"name": "Ann Lee", "email": "ann@example.com"}
    return PlatformPerson(**{**given, **values})


def booking(ref: str = "b1", **values: Any) -> PlatformBooking:
    """A pending booking of an hour with an insurer named in its form. ``name``, ``email`` and
    ``phone`` change the client; any other value is a field of ``PlatformBooking``."""
    about = {key: values.pop(key) for key in ("name", "email", "phone") if key in values}
    given: dict[str, Any] = {
        "status": "pending",
        "start": START,
        "end": None,
        "service_ref": "1",
        "person": person(**about),
        "version": "1",
        "answers": {"payer": "regence"},
    }
    made = PlatformBooking(ref=ref, **{**given, **values})
    if "end" in values or not isinstance(made.start, datetime):
        return made
    try:
        return replace(made, end=made.start + timedelta(hours=1))
    except OverflowError:
        return made


def hint(ref: str = "b1", kind: str = "requested", **values: Any) -> Hint:
    """A hint that carries no booking, unless told otherwise."""
    return Hint(ref, cast(HintKind, kind), **{"sent_at": NOW, **values})


def account(**values: Any) -> AccountConfig:
    """An account with a secret, one insurance service (``1``) and one of self-pay (``2``)."""
    given: dict[str, Any] = {
        "name": "desk",
        "base_url": "https://platform.example",
        "api_key": "key_of_a_test",
        "webhook_secret": SECRET,
        "services": {
            "1": ServiceMeaning("medical-massage", self_pay=False),
            "2": ServiceMeaning("relaxation", self_pay=True),
        },
        "form_fields": {"insurance": "payer", "member": "member_id"},
    }
    return AccountConfig(**{**given, **values})
