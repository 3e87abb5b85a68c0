"""Searches and lists: what was searched by, and which of them showed a case (R-1.6, domain-facts 5.5)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "audit_0002"
down_revision = "audit_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column that points at it."""
    op.create_table(
        "soegninger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tidspunkt", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("hvem", sa.Text(), nullable=False, comment="the token's sub"),
        sa.Column("rolle", sa.Text(), nullable=False),
        sa.Column("jobcentre", sa.Text(), nullable=False),
        sa.Column("formaal", sa.Text(), nullable=True),
        sa.Column("opslag", sa.Text(), nullable=False, comment="soeg or liste"),
        sa.Column("omraade", sa.Text(), nullable=False),
        sa.Column("kriterier", JSONB(), nullable=False, comment="what was searched by, but the citizen"),
        sa.Column("paa_personnummer", sa.Boolean(), nullable=False, comment="a CPR number was given; it is not kept"),
        sa.Column("borger_id", sa.Text(), nullable=True, comment="whose number that is; null: nobody's here"),
        sa.Column("raekker", sa.Integer(), nullable=False, comment="how many rows this page showed"),
        sa.PrimaryKeyConstraint("id"),
        schema="audit",
    )
    op.create_index(op.f("ix_audit_soegninger_borger_id"), "soegninger", ["borger_id"], unique=False, schema="audit")
    op.add_column(
        "adgangslog",
        sa.Column("soegning", sa.BigInteger(), nullable=True, comment="the search or list that showed the case; its row in soegninger"),
        schema="audit",
    )
    op.alter_column("adgangslog", "opslag", comment="GetMetode, sag, historik, liste, soeg", schema="audit")
