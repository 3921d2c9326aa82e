"""Signing in with a second step: codes to come back with, and in which browser somebody is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("recovery_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("users", sa.Column("code_step", sa.Integer(), nullable=True))
    op.add_column("sessions", sa.Column("browser", sa.String(length=60), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
