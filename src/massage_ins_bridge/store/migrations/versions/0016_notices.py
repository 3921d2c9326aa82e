"""What a platform that acts by itself is told, and the log of the tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("writes") as batch:
        batch.add_column(sa.Column("said_hash", sa.String(length=64), nullable=True))
    op.create_table(
        "write_tries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.Column("write_id", sa.String(length=40), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(length=500), nullable=True),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_tries")),
        sa.ForeignKeyConstraint(["write_id"], ["writes.id"], name=op.f("fk_write_tries_write_id")),
    )
    op.create_index("ix_write_tries_write_id", "write_tries", ["write_id", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
