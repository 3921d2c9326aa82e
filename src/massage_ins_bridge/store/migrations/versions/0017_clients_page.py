"""The client's own page: links, papers, what was done there, and the clinic's wording of mails."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        _client("links"),
        _booking("links"),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_for", sa.String(length=12), nullable=False),
        sa.Column("made_by_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        *_of_a_clinic("links"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    op.create_index("ix_links_patient_id", "links", ["patient_id"])
    op.create_index("ix_links_booking_id", "links", ["booking_id"])
    _documents()
    op.create_table(
        "page_acts",
        _reference("page_acts", "link_id", "links", nullable=False),
        _client("page_acts"),
        _booking("page_acts"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("once_hash", sa.String(length=64), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *_of_a_clinic("page_acts"),
        sa.UniqueConstraint("link_id", "once_hash", name=op.f("uq_page_acts_link_id_once_hash")),
    )
    op.create_index("ix_page_acts_patient_id", "page_acts", ["patient_id"])
    op.create_table(
        "mail_texts",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        *_of_a_clinic("mail_texts"),
        sa.UniqueConstraint(
            "clinic", "name", "language", name=op.f("uq_mail_texts_clinic_name_language")
        ),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        _client("documents"),
        _booking("documents"),
        sa.Column("paper", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("bytes_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("filed_at", sa.DateTime(), nullable=True),
        *_of_a_clinic("documents"),
        sa.UniqueConstraint(
            "clinic",
            "patient_id",
            "kind",
            "sha256",
            name=op.f("uq_documents_clinic_patient_id_kind_sha256"),
        ),
    )
    op.create_index("ix_documents_patient_id", "documents", ["patient_id"])
    op.create_index("ix_documents_paper", "documents", ["paper"])


def _client(table: str) -> sa.Column[Any]:
    return _reference(table, "patient_id", "patients", nullable=False)


def _booking(table: str) -> sa.Column[Any]:
    return _reference(table, "booking_id", "bookings", nullable=True)


def _reference(table: str, column: str, other: str, *, nullable: bool) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, sa.String(length=40), key, nullable=nullable)


def _of_a_clinic(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("clinic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade instead")
