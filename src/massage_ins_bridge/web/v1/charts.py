"""``/v1/charts``: many charts at once, from a file (CSV) with one client a line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from ...desk.chart_columns import COLUMNS, template
from ...desk.charts_taken import FileView, check_file, take_in_file
from ..door.bodies import content_type, read_body
from ..door.given import Clinic, Here
from ..door.problems import ProblemError
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1/charts", tags=["charts"])
CSV = "text/csv"
_FOUND = GIVEN.of(FileView)
_ABOUT = f"a first line with some of these columns: {', '.join(COLUMNS)}"


async def csv_body(request: Request) -> bytes:
    """The file. Raises ``ProblemError``."""
    if content_type(request) != CSV:
        detail = f"The file must be sent with content-type {CSV}."
        raise ProblemError(415, detail, headers={"accept": CSV})
    return await read_body(request, request.app.state.settings.max_body)


File = Annotated[bytes, Depends(csv_body)]
Settled = Annotated[
    list[str],
    Query(
        max_length=2000,
        description="of a line in doubt: its number, `=`, and `new` or a client's id: `17=new`",
    ),
]


def _takes_csv() -> dict[str, Any]:
    made = operation(_FOUND, takes={})
    schema = {"type": "string", "description": _ABOUT}
    made["openapi_extra"]["requestBody"]["content"] = {CSV: {"schema": schema}}
    return made


def _gives_csv() -> dict[str, Any]:
    made = operation(None)
    made["responses"][200] |= {"content": {CSV: {"schema": {"type": "string"}}}}
    return made


@router.get("/template", **_gives_csv())
def get_template(clinic: Clinic) -> Response:
    """An empty file: the line that names the columns."""
    del clinic
    return Response(template(), media_type=CSV)


@router.post("/check", **_takes_csv())
def check_charts(clinic: Clinic, installation: Here, file: File, settled: Settled = []) -> Response:  # noqa: B006 - FastAPI copies it
    """What a file would write, line by line; nothing is written."""
    with installation.read(clinic) as record:
        return answer(check_file(installation, record, file, settled))


@router.post("", **_takes_csv())
def take_in_charts(
    clinic: Clinic,
    installation: Here,
    file: File,
    settled: Settled = [],  # noqa: B006 - FastAPI copies it
    ready_only: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
) -> Response:
    """Take in a file. Where a line is wrong or in doubt nothing is written, unless `ready_only`
    leaves such lines out. What is on file stays; a file only adds to it."""
    with installation.write(clinic) as record:
        found = take_in_file(installation, record, file, settled, ready_only=ready_only)
        return answer(found)
