"""Visits as rows, writes as one table, receipts on the deliveries, opaque versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _receipts()
    _bookings()
    _visits()
    _writes()
    _tasks()
    op.execute(
        "UPDATE meta SET name = 'cursor:' || substr(name, 12) WHERE name LIKE 'reconciled:%'"
    )
    op.execute(
        "UPDATE wakeups SET cause = 'chart-changed' WHERE cause LIKE '%-added' OR "
        "cause LIKE '%-changed' AND cause <> 'booking-changed' OR cause LIKE '%-removed'"
    )


def _receipts() -> None:
    """A delivery bears its receipt itself."""
    with op.batch_alter_table("deliveries") as batch:
        batch.add_column(sa.Column("done_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("result", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("booking_id", sa.String(length=40), nullable=True))
        batch.create_index("ix_deliveries_done_at", ["done_at"])
    receipt = "(SELECT {} FROM intakes WHERE intakes.delivery_id = deliveries.id)"
    op.execute(
        f"UPDATE deliveries SET done_at = {receipt.format('done_at')}, "  # noqa: S608
        f"result = {receipt.format('substr(result, 1, 12)')}, "
        f"booking_id = {receipt.format('booking_id')} "
        "WHERE id IN (SELECT delivery_id FROM intakes)"
    )
    op.execute("UPDATE deliveries SET result = 'unchanged' WHERE result = 'stale'")
    op.drop_table("intakes")


def _bookings() -> None:
    """A platform's version is opaque; what was seen when stands in columns of its own."""
    op.execute("UPDATE bookings SET version = NULL")
    with op.batch_alter_table("bookings") as batch:
        batch.drop_constraint("uq_bookings_patient_id_seq", type_="unique")
        batch.alter_column("seq", new_column_name="arrival", existing_type=sa.BigInteger())
        batch.alter_column("round", new_column_name="revision", existing_type=sa.Integer())
        batch.alter_column("told_begun", new_column_name="begun_told", existing_type=sa.Boolean())
        batch.drop_column("version")
    with op.batch_alter_table("bookings") as batch:
        batch.add_column(sa.Column("version", sa.String(length=255), nullable=True))
        batch.add_column(sa.Column("looked_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("told_at", sa.DateTime(), nullable=True))
        batch.create_unique_constraint("uq_bookings_patient_id_arrival", ["patient_id", "arrival"])


def _visits() -> None:
    """What staff wrote down moves over as it is sealed; a completed booking gets a row. What is
    sealed cannot be read here: ``fill_in`` completes rows without a day or without contents."""
    op.create_table(
        "visits",
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.Column("filed_by", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claim_state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_visits_patient_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_visits_booking_id")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_visits_booking_id")),
    )
    op.create_index("ix_visits_patient_id", "visits", ["patient_id"])
    op.execute(
        "INSERT INTO visits (id, clinic, patient_id, filed_by, data_sealed, claim_state, "
        "created_at, updated_at, removed_at) SELECT id, clinic, patient_id, '', data_sealed, "
        "'open', created_at, updated_at, removed_at FROM facts WHERE kind = 'visit'"
    )
    op.execute("DELETE FROM facts WHERE kind = 'visit'")
    op.execute(
        "INSERT INTO visits (id, clinic, patient_id, booking_id, filed_by, claim_state, "
        "created_at, updated_at) SELECT 'vis' || substr(id, 4), clinic, patient_id, id, 'booking', "
        "'open', updated_at, updated_at FROM bookings WHERE platform_status = 'completed'"
    )


def _writes() -> None:
    """One table for every channel; the engine keeps what is tried when."""
    op.create_table(
        "writes",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reached", sa.String(length=12), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writes")),
        sa.UniqueConstraint(
            "channel",
            "subject",
            "revision",
            "kind",
            name=op.f("uq_writes_channel_subject_revision_kind"),
        ),
    )
    op.create_index("ix_writes_state", "writes", ["state"])
    op.create_index("ix_writes_subject", "writes", ["subject"])
    op.execute(
        "INSERT INTO writes (id, clinic, channel, account, subject, number, revision, kind, "
        "state, reached, detail, reason, created_at, wanted_at, done_at) "
        "SELECT id, clinic, 'platform', account, booking_id, number, round, kind, state, reached, "
        "detail, reason, created_at, created_at, done_at FROM effects"
    )
    op.drop_table("effects")


def _tasks() -> None:
    """Topics become keyed hashes, which are shorter; ``fill_in`` makes them."""
    op.execute("UPDATE tasks SET topic = id WHERE done_at IS NOT NULL")


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
