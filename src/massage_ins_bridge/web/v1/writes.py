"""``/v1/writes``: what was written to platforms, each try at it, and sending it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from ...desk import delivery_log
from ..door.given import Clinic, Here
from .filters import Limit, Moment, Plain
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1", tags=["writes"])


class WritesPage(BaseModel):
    """Parameters of the list of writes."""

    model_config = ConfigDict(extra="forbid")
    account: Plain | None = None
    booking: Plain | None = None
    state: delivery_log.State | None = None
    since: Moment | None = None
    limit: Limit = 100

    @property
    def wanted(self) -> delivery_log.LogWanted:
        return delivery_log.LogWanted(**self.model_dump(exclude={"limit"}))


@router.get("/writes", **operation(GIVEN.of(delivery_log.Log), 422))
def list_writes(
    clinic: Clinic, installation: Here, page: Annotated[WritesPage, Query()]
) -> Response:
    """The newest writes first, with the tries at those of platforms that are told."""
    with installation.read(clinic) as record:
        return answer(delivery_log.read_log(record, page.wanted, page.limit))


@router.post("/writes/{write_id}/replay", **operation(GIVEN.of(delivery_log.Replayed), 404, 409))
def replay_write(write_id: str, clinic: Clinic, installation: Here) -> Response:
    """Send one again, under its own id and signed anew. 409 where a later decision took its place,
    or it is on its way."""
    with installation.write(clinic) as record:
        return answer(delivery_log.replay(installation, record, write_id))


@router.post("/accounts/{name}/replay", **operation(GIVEN.of(delivery_log.Replayed), 404, 422))
def replay_account(
    name: str,
    clinic: Clinic,
    installation: Here,
    since: Annotated[Moment, Query(description="what was wanted from this time on")],
) -> Response:
    """Send everything again that was taken or given up since then and still stands, as after a
    receiver has lost what it had."""
    with installation.write(clinic) as record:
        return answer(delivery_log.replay_since(installation, record, name, since))
