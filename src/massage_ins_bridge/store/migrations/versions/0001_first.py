"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("clinic", "name", name=op.f("uq_api_keys_clinic_name")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_table(
        "deliveries",
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "clinic", "account", "key_hash", name=op.f("uq_deliveries_clinic_account_key_hash")
        ),
    )
    op.create_table(
        "meta",
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "name", name=op.f("pk_meta")),
    )
    op.create_table(
        "patients",
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
    )
    op.create_table(
        "bookings",
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("end_at", sa.DateTime(), nullable=True),
        sa.Column("platform_status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.DateTime(), nullable=True),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("previous_ref", sa.String(length=200), nullable=True),
        sa.Column("replaced_by", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("hold_state", sa.String(length=12), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("told_begun", sa.Boolean(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_bookings_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint(
            "clinic", "account", "ref", name=op.f("uq_bookings_clinic_account_ref")
        ),
        sa.UniqueConstraint("patient_id", "seq", name=op.f("uq_bookings_patient_id_seq")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_patient_id", ["patient_id"], unique=False)
        batch_op.create_index("ix_bookings_start_at", ["start_at"], unique=False)

    op.create_table(
        "facts",
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_facts_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index("ix_facts_patient_id_kind", ["patient_id", "kind"], unique=False)

    op.create_table(
        "intakes",
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_intakes_delivery_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_intakes")),
    )
    op.create_table(
        "patient_identities",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value_hash", sa.String(length=64), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_patient_identities_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_identities")),
        sa.UniqueConstraint(
            "clinic",
            "kind",
            "value_hash",
            "patient_id",
            name=op.f("uq_patient_identities_clinic_kind_value_hash_patient_id"),
        ),
    )
    with op.batch_alter_table("patient_identities", schema=None) as batch_op:
        batch_op.create_index("ix_patient_identities_patient_id", ["patient_id"], unique=False)

    op.create_table(
        "wakeups",
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_wakeups_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wakeups")),
    )
    with op.batch_alter_table("wakeups", schema=None) as batch_op:
        batch_op.create_index("ix_wakeups_done_at", ["done_at"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_decisions_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_booking_id", ["booking_id"], unique=False)

    op.create_table(
        "effects",
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reached", sa.String(length=12), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_effects_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
        sa.UniqueConstraint(
            "booking_id", "round", "kind", name=op.f("uq_effects_booking_id_round_kind")
        ),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index("ix_effects_state", ["state"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=160), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=True),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_tasks_booking_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_tasks_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("clinic", "topic", name=op.f("uq_tasks_clinic_topic")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_clinic_done_at", ["clinic", "done_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
