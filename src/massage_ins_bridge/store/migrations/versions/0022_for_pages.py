"""Indexes by which the desk's pages find what they show without reading all bookings and tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replaced = sa.text("replaced_by IS NOT NULL")
    op.create_index(
        "ix_bookings_replaced_by",
        "bookings",
        ["clinic", "replaced_by"],
        sqlite_where=replaced,
        postgresql_where=replaced,
    )
    op.drop_index("ix_tasks_clinic_done_at", "tasks")
    op.create_index("ix_tasks_by_due", "tasks", ["clinic", "done_at", "due"])
    op.drop_index("ix_tasks_booking_id", "tasks")
    op.create_index("ix_tasks_of_booking", "tasks", ["booking_id", "clinic", "done_at", "kind"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
