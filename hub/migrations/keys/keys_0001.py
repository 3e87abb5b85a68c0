"""Wrapped keys, and who a CPR number is: the first state of schema `keys`."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "noegler",
        sa.Column("noegle", sa.Text(), nullable=False, comment="borgerId or sagsId"),
        sa.Column("slags", sa.Text(), nullable=False, comment="borger or sag"),
        sa.Column("borger_id", sa.Text(), nullable=False),
        sa.Column("indpakket", sa.LargeBinary(), nullable=False, comment="the AES-256 key, wrapped by the master key"),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("noegle"),
        schema="keys",
    )
    op.create_index(op.f("ix_keys_noegler_borger_id"), "noegler", ["borger_id"], unique=False, schema="keys")
    op.create_table(
        "personer",
        sa.Column("cpr_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("borger_id", sa.Text(), nullable=False),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("cpr_hmac"),
        schema="keys",
    )
    op.create_index(op.f("ix_keys_personer_borger_id"), "personer", ["borger_id"], unique=False, schema="keys")
