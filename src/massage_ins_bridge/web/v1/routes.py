"""All routes of ``/v1``."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ...domain.declared import NO_WORDS, Vocabulary
from . import (
    accounts,
    acknowledgements,
    appeals,
    audit,
    bookings,
    calendars,
    charts,
    check,
    documents,
    enforcement,
    facts,
    gate,
    identity,
    links,
    mails,
    notes,
    overview,
    patients,
    plugins,
    prescriptions,
    reports,
    rules,
    setup,
    tasks,
    users,
    worksheets,
    writes,
)
from .document import document


def add_routes(app: FastAPI, words: Vocabulary = NO_WORDS) -> None:
    """Have the application serve ``/v1``, and say so in its OpenAPI document; ``words`` are those
    that the installed plugins declare."""
    first = (accounts, identity, charts, patients, facts, prescriptions, acknowledgements, notes)
    sent = (appeals, worksheets, documents, links, mails, rules, plugins)
    rest = (enforcement, overview, writes, bookings, tasks, check, gate, calendars, reports)
    about = (setup, users, audit)
    for part in (*first, *sent, *rest, *about):
        app.include_router(part.router, generate_unique_id_function=_name)
    app.openapi = lambda: document(app, words)  # type: ignore[method-assign]


def _name(route: APIRoute) -> str:
    """What generated clients call the operation."""
    return route.name
