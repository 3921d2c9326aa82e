"""Indexes by which a booking is decided without reading those of other clients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tasks_booking_id", "tasks", ["booking_id"])
    moved = sa.text("previous_ref IS NOT NULL")
    op.create_index(
        "ix_bookings_moved_from",
        "bookings",
        ["clinic", "account", "previous_ref"],
        sqlite_where=moved,
        postgresql_where=moved,
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
