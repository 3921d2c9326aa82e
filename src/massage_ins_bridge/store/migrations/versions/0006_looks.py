"""Bookings that are to be read again, and how far the first look at each account is.

No account has been looked at whole before: each observes until it has been.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from massage_ins_bridge.store.types import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.false()
    op.add_column("bookings", sa.Column("to_read", sa.Boolean(), nullable=False, server_default=no))
    op.create_table(
        "looks",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("ref", sa.String(255), nullable=False),
        sa.Column("event", sa.String(12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
        sa.UniqueConstraint("clinic", "account", "ref", name="uq_looks_clinic_account_ref"),
    )
    op.create_index("ix_looks_due_at", "looks", ["due_at"])
    op.create_table(
        "first_looks",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("platform", sa.String(300), nullable=False),
        sa.Column("wanted_at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("past", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("clinic", "account", name="pk_first_looks"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
