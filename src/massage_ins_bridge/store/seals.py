"""Whether the keys at hand are those that the database was sealed with.

A second key made over sealed rows would go unnoticed until someone asks for an old one, and
whatever was found by keyed hash would no longer be.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from ..settings import StartError
from .models import BookingRow, DeliveryRow, PatientRow, TaskRow
from .vault import KEY_FILE, MissingKeyError, SealError, Vault


def refuse_lost_key(engine: Engine, data_dir: Path) -> None:
    """Raises ``StartError`` where the key file is gone that the database was sealed with: a new
    one would open nothing."""
    path = data_dir / KEY_FILE
    if path.exists():
        return
    with Session(engine) as session:
        if any(True for _ in _samples(session)):
            raise StartError(
                f"{path}: is not there, and the database holds values sealed with a key; put the "
                "former key file back, or give its key as secret_key"
            )


def refuse_other_key(engine: Engine, vault: Vault) -> None:
    """Raises ``StartError`` where a value was sealed with a key that is not at hand. One that was
    altered is no reason to receive nothing any more: ``doctor`` tells of it."""
    try:
        try_keys(engine, vault)
    except MissingKeyError as error:
        raise StartError(f"secret_key: {error}") from None
    except SealError:
        return


def try_keys(engine: Engine, vault: Vault) -> None:
    """Open some sealed values of the database. Raises ``SealError``."""
    with Session(engine) as session:
        for box, place in _samples(session):
            vault.open_bytes(box, place)


def _samples(session: Session) -> Iterator[tuple[bytes, str]]:
    """Of each table that is filled first, the oldest and the newest sealed value, with its place:
    a key that was changed in between does not open both."""
    there = set(inspect(session.connection()).get_table_names())
    for row, column, moment, place in _COLUMNS:
        if row.__tablename__ not in there:
            continue
        for order in (moment, moment.desc()):
            query = select(column, row.clinic).where(column.is_not(None))
            found = session.execute(query.order_by(order).limit(1)).first()
            if found is not None and found[0] is not None:
                yield found[0], f"{place}:{found[1]}"


_COLUMNS = (
    (PatientRow, PatientRow.facts_sealed, PatientRow.created_at, "patients.facts"),
    (BookingRow, BookingRow.details_sealed, BookingRow.created_at, "bookings.details"),
    (TaskRow, TaskRow.message_sealed, TaskRow.created_at, "tasks.message"),
    (DeliveryRow, DeliveryRow.raw_sealed, DeliveryRow.received_at, "deliveries.raw"),
)
