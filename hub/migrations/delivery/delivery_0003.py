"""By which rules each notification was worked out: those of before all have the first version."""

import sqlalchemy as sa
from alembic import op

revision = "delivery_0003"
down_revision = "delivery_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; its default is a constant, so no row is written."""
    regler = sa.Column(
        "regler", sa.SmallInteger(), server_default=sa.text("1"), nullable=False, comment="the rules that gave it, by their version"
    )
    op.add_column("notifikationer", regler, schema="delivery")
