"""All routes of ``/v1``."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ...domain.declared import NO_WORDS, Vocabulary
from . import (
    accounts,
    acknowledgements,
    bookings,
    check,
    enforcement,
    facts,
    identity,
    patients,
    tasks,
)
from .document import document


def add_routes(app: FastAPI, words: Vocabulary = NO_WORDS) -> None:
    """Have the application serve ``/v1``, and say so in its OpenAPI document; ``words`` are those
    that the installed plugins declare."""
    first = (accounts, identity, patients, facts, acknowledgements)
    for part in (*first, enforcement, bookings, tasks, check):
        app.include_router(part.router, generate_unique_id_function=_name)
    app.openapi = lambda: document(app, words)  # type: ignore[method-assign]


def _name(route: APIRoute) -> str:
    """What generated clients call the operation."""
    return route.name
