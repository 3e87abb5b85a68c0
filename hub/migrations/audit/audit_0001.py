"""The access log: the first state of schema `audit`."""

import sqlalchemy as sa
from alembic import op

revision = "audit_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "adgangslog",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tidspunkt", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("hvem", sa.Text(), nullable=False, comment="the token's sub"),
        sa.Column("rolle", sa.Text(), nullable=False),
        sa.Column("jobcentre", sa.Text(), nullable=False),
        sa.Column("formaal", sa.Text(), nullable=True),
        sa.Column("sags_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("opslag", sa.Text(), nullable=False, comment="GetMetode, sag, historik"),
        sa.Column("ekstern_identifier", sa.Text(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="audit",
    )
    op.create_index(op.f("ix_audit_adgangslog_sags_id"), "adgangslog", ["sags_id"], unique=False, schema="audit")
