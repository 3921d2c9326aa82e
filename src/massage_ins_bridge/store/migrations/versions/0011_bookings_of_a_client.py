"""An index by which a client's bookings are found without reading the clinic's others.

SQLite, which keeps no statistics here, took the one by start for it, and looked through every
booking of the clinic for each client that was decided.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_bookings_patient_id", "bookings")
    op.create_index(
        "ix_bookings_of_client", "bookings", ["clinic", "patient_id", "start_at", "arrival"]
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
