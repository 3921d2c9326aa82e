"""Indexes by which lists and the staff page find what they show without reading the rest."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_bookings_start_at", "bookings")
    shown = ["clinic", "start_at", "id", "outcome", "platform_status"]
    op.create_index("ix_bookings_by_start", "bookings", shown)
    op.drop_index("ix_decisions_booking_id", "decisions")
    op.create_index("ix_decisions_in_order", "decisions", ["booking_id", "number", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
