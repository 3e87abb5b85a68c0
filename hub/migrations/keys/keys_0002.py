"""Uploads to the document store that an action may name; and a kind of key more: a document's, of its case."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0002"
down_revision = "keys_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and say what the names of keys may be."""
    op.create_table(
        "uploads",
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the clear bytes, 64 hexadecimal characters"),
        sa.Column("stoerrelse", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("mimetype", sa.Text(), nullable=False),
        sa.Column("indpakket", sa.LargeBinary(), nullable=False, comment="the document's AES-256 key, wrapped by the master key"),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column(
            "navngivet",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when an action first named it; the case has a key row of its own since",
        ),
        sa.PrimaryKeyConstraint("sha256"),
        schema="keys",
    )
    op.alter_column("noegler", "noegle", comment="borgerId, sagsId or sagsId/SHA-256", existing_comment="borgerId or sagsId", schema="keys")
    op.alter_column("noegler", "slags", comment="borger, sag or dokument", existing_comment="borger or sag", schema="keys")
