"""Notifications sent again: how far a run that was cut short had come (`hub renotify`, decision 024)."""

import sqlalchemy as sa
from alembic import op

revision = "delivery_0002"
down_revision = "delivery_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "genudsendelser",
        sa.Column("job_center_kode", sa.Text(), nullable=False),
        sa.Column("valg", sa.Text(), nullable=False, comment="what was asked for: since T, numbers A-B or case ID"),
        sa.Column("fra", sa.BigInteger(), nullable=False, comment="the first number that was to be sent"),
        sa.Column("naaet", sa.BigInteger(), nullable=False, comment="everything asked for up to it is on the topic again"),
        sa.Column("antal", sa.BigInteger(), nullable=False, comment="how many that is"),
        sa.Column("hvem", sa.Text(), nullable=False, comment="who began it, or went on last"),
        sa.Column("begyndt", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("job_center_kode", "valg"),
        schema="delivery",
    )
