"""What staff alone says of a booking (place, prescription, episode, injury) stands in its sealed
details, and new facts in theirs: no table changes.

The number is what changes. It keeps an older release, which cannot read such details, from a
database that has them.
"""

from __future__ import annotations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is to be done."""


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
