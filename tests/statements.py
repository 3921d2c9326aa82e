"""What tests that open a database each share: statements that are compiled already.

An engine keeps what it has compiled for itself, and finds it by its dialect's identity. Each test
has an engine of its own, so that it compiled again what thousands before it had: half of the time
that it took."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect

from massage_ins_bridge.store import database

_COMPILED: dict[Any, Any] = {}


def share_statements() -> None:
    """Let every engine of this process that is one of its database's usual kind use what the others
    have compiled."""
    make = database.make_engine

    def make_engine(url: str) -> Engine:
        engine = make(url)
        _alike(type(engine.dialect))
        engine.update_execution_options(compiled_cache=_COMPILED)
        return engine

    database.make_engine = make_engine


def _alike(kind: type[Dialect]) -> None:
    """Dialects of a kind write the same SQL: here all are on one release of one database."""
    kind.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
    kind.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
