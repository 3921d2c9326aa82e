"""What platforms ask before they book, and the visits that are reserved since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_hash", sa.String(length=64), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=True),
        sa.Column("ref", sa.String(length=255), nullable=True),
        sa.Column("previous_ref", sa.String(length=255), nullable=True),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("given_back_at", sa.DateTime(), nullable=True),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_reservations_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_reservations_booking_id")
        ),
        sa.UniqueConstraint(
            "clinic", "account", "key_hash", name=op.f("uq_reservations_clinic_account_key_hash")
        ),
    )
    op.create_index("ix_reservations_patient_id", "reservations", ["patient_id"])
    op.create_index("ix_reservations_ref", "reservations", ["clinic", "account", "ref"])
    op.create_index("ix_reservations_created_at", "reservations", ["created_at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
