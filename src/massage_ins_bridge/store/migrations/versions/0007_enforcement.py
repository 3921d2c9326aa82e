"""Who accepted a booking, when a refusal may be carried out, and what staff said of bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bookings") as batch:
        batch.add_column(sa.Column("accepted_by", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("warned_due", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("stood", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("bookings") as batch:
        batch.alter_column("stood", server_default=None)
    with op.batch_alter_table("writes") as batch:
        batch.add_column(sa.Column("due_at", sa.DateTime(), nullable=True))
        batch.add_column(
            sa.Column("by_clock", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("writes") as batch:
        batch.alter_column("by_clock", server_default=None)
    op.create_table(
        "staff_words",
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_words")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_staff_words_booking_id")
        ),
    )
    op.create_index("ix_staff_words_booking_id", "staff_words", ["booking_id"])
    _who_accepted()


def _who_accepted() -> None:
    """What the bridge confirmed is on record. Of everything else nobody knows who accepted it: it
    is never cancelled."""
    op.execute("UPDATE bookings SET accepted_by = 'unknown' WHERE platform_status = 'accepted'")
    op.execute(
        "UPDATE bookings SET accepted_by = 'bridge' WHERE platform_status = 'accepted' AND id IN "
        "(SELECT subject FROM writes WHERE channel = 'platform' AND kind = 'confirm' AND "
        "state = 'done' AND reached = 'native' AND writes.revision = bookings.revision)"
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
