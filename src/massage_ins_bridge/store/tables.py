"""All tables there are. Whoever goes through them (which keys are in use, what refers to a client)
asks here: the tables of a module that nobody imported are known to nobody."""

from __future__ import annotations

from sqlalchemy import Table

from . import (  # noqa: F401 - each makes its tables known
    calendar_models,
    chart_files,
    doubt_models,
    known_plugins,
    look_rows,
    page_models,
    reservation_models,
    task_models,
    tries,
    user_models,
)
from .models import Base


def all_tables() -> list[Table]:
    """Every table, after those that it refers to."""
    return Base.metadata.sorted_tables
