"""Parameters of lists. A parameter that is not known is refused: a list that ignores one shows
what nobody asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ...desk.odd_characters import ODD
from ...domain.answers import Outcome
from ...store.lists import BookingsWanted, State, TasksWanted
from .schemas import DATE, MOMENT

_PERSONAL = ("email", "phone", "member_id", "claim_number")
_SEARCH = "stands in logs of addresses; search with POST /v1/patients/search and a JSON body"


_EXAMPLE = "such as 2026-12-08T10:00:00Z"


def _moment(value: Any) -> Any:
    """ISO 8601 alone: neither a number of seconds nor a bare day says what was meant."""
    try:
        found = datetime.fromisoformat(value if "T" in value else "")
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"must be a time with its offset from UTC, {_EXAMPLE}") from None


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value if len(value) == 10 else "")
    except ValueError:
        raise ValueError("must be a day such as 2026-12-08") from None


Plain = Annotated[str, Field(max_length=255, pattern=f"^[^{ODD}]*$")]
Moment = Annotated[datetime, BeforeValidator(_moment), Field(json_schema_extra=MOMENT)]
Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra=DATE)]
Limit = Annotated[int, Field(ge=1, le=500, description="at most so many")]
Cursor = Annotated[
    str | None, Field(max_length=400, description="`next` of the piece before; none begins")
]


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cursor: Cursor = None
    limit: Limit = 100


class ClientsPage(_Page):
    """Parameters of the list of clients."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_personal(cls, given: Any) -> Any:
        """What finds a person does not belong into an address."""
        for name in _PERSONAL:
            if name in given:
                raise ValueError(f"{name} {_SEARCH}")
        return given


class BookingsPage(_Page):
    """Parameters of the list of bookings."""

    outcome: Outcome | None = None
    state: State | None = None
    patient: Plain | None = None
    account: Plain | None = None
    ref: Plain | None = None
    starts_from: Moment | None = None
    starts_before: Moment | None = None

    @property
    def wanted(self) -> BookingsWanted:
        return BookingsWanted(**self.model_dump(exclude={"cursor", "limit"}))


class TasksPage(_Page):
    """Parameters of the list of tasks."""

    state: Literal["open", "done", "all"] = "open"
    kind: Plain | None = None
    booking: Plain | None = None
    patient: Plain | None = None
    due_before: Day | None = None

    @property
    def wanted(self) -> TasksWanted:
        return TasksWanted(**self.model_dump(exclude={"cursor", "limit"}))
