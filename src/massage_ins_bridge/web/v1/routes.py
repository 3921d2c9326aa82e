"""All routes of ``/v1``."""

from __future__ import annotations

from fastapi import FastAPI

from . import acknowledgements, bookings, check, facts, patients, tasks
from .document import document


def add_routes(app: FastAPI) -> None:
    """Have the application serve ``/v1``, and say so in its OpenAPI document."""
    for part in (patients, facts, acknowledgements, bookings, tasks, check):
        app.include_router(part.router)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
