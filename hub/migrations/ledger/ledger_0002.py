"""Reference streams are found by their topic: an index that cases are not in."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0002"
down_revision = "ledger_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; it is empty but for the reference streams and the operators' one."""
    op.create_index(
        "ix_stroemme_topic",
        "stroemme",
        ["topic", "stroem"],
        unique=False,
        schema="ledger",
        postgresql_where=sa.text("topic <> 'vitas.sagshaendelser'"),
    )
