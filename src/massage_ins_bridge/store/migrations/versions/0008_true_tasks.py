"""Tasks know their matter, the rule's own day and who closed them; bookings know how they stood
before they were closed by hand, and when they were called off.

Tasks that decisions and visits left are worked out anew: their clients are woken.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("matter", sa.String(length=160), nullable=True))
    op.add_column("tasks", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("tasks", sa.Column("closed_by", sa.String(length=8), nullable=True))
    op.create_index("ix_tasks_patient_id", "tasks", ["patient_id"])
    op.add_column("bookings", sa.Column("stood_as", sa.String(length=12), nullable=True))
    op.add_column("bookings", sa.Column("called_off_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE tasks SET matter = topic WHERE done_at IS NULL")
    op.execute("UPDATE tasks SET closed_by = 'staff' WHERE done_at IS NOT NULL")
    op.execute(
        "INSERT INTO wakeups (id, clinic, patient_id, cause, created_at) "
        "SELECT 'wak' || substr(patient_id, 4), clinic, patient_id, 'tasks', max(created_at) "
        "FROM tasks WHERE done_at IS NULL AND patient_id IS NOT NULL "
        "AND kind IN ('action', 'after-visit', 'after-visit-failed', 'invite') "
        "GROUP BY clinic, patient_id"
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
