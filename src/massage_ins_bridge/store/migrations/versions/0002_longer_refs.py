"""A platform's ref of a booking may have 255 characters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        for name, nullable in (("ref", False), ("previous_ref", True)):
            batch_op.alter_column(
                name,
                existing_type=sa.String(length=200),
                type_=sa.String(length=255),
                existing_nullable=nullable,
            )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
