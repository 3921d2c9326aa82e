"""The OpenAPI document: what the routes say, the schemas that they name, and who may ask."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ...domain.declared import NO_WORDS, Vocabulary
from .declared import declared_schemas
from .schemas import COMPONENTS, OF_TYPE

_KEY = "key"
_OPEN = ("/healthz", "/readyz")


def document(app: FastAPI, words: Vocabulary = NO_WORDS) -> dict[str, Any]:
    """OpenAPI 3.1, made once. ``words`` are those that the installed plugins declare."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        declared = dict(declared_schemas(words, OF_TYPE))
        parts = made.setdefault("components", {})
        parts["schemas"] = dict(sorted({**COMPONENTS, **declared}.items()))
        parts["securitySchemes"] = {
            _KEY: {"type": "http", "scheme": "bearer", "description": "made by `mib key add NAME`"}
        }
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _forget_usual_refusal(operation)
                operation["security"] = [] if path in _OPEN else [{_KEY: []}]
        app.openapi_schema = made
    return app.openapi_schema


def _forget_usual_refusal(operation: dict[str, Any]) -> None:
    """What FastAPI says of every operation with parameters; ours say it themselves."""
    content = operation["responses"].get("422", {}).get("content", {})
    if "application/json" in content:
        del operation["responses"]["422"]
