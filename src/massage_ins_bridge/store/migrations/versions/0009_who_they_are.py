"""Who a client is: further names and addresses, doubts, and receipts of what staff settled."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keys by which clients are found are made anew by ``fill_in``; ``found_by`` is 0 till then."""
    with op.batch_alter_table("patients") as batch:
        batch.add_column(sa.Column("known_as_sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("found_by", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("merged_into", sa.String(length=40), nullable=True))
    with op.batch_alter_table("patients") as batch:
        batch.alter_column("found_by", server_default=None)
        batch.alter_column("doubtful", server_default=None)
    _doubts()
    _receipts()


def _doubts() -> None:
    op.create_table(
        "doubts",
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("candidate_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        *_of_a_clinic("doubts"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_doubts_patient_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["patients.id"], name=op.f("fk_doubts_candidate_id")
        ),
        sa.UniqueConstraint(
            "patient_id", "candidate_id", name=op.f("uq_doubts_patient_id_candidate_id")
        ),
    )
    op.create_index("ix_doubts_candidate_id", "doubts", ["candidate_id"])


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("other_id", sa.String(length=40), nullable=True),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        *_of_a_clinic("receipts"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_receipts_patient_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["patients.id"], name=op.f("fk_receipts_other_id")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_receipts_booking_id")
        ),
    )
    op.create_index("ix_receipts_patient_id", "receipts", ["patient_id"])


def _of_a_clinic(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
