"""What is remembered of plugins, for when they are off or gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_plugins",
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "name", name=op.f("pk_known_plugins")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
