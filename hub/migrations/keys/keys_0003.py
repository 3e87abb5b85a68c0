"""Citizens who change their CPR number: the earlier numbers stay, one is the current one. Older code still finds and makes citizens."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0003"
down_revision = "keys_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every number there is, and every one that older code adds, is its citizen's current one."""
    op.add_column(
        "personer",
        sa.Column(
            "gaeldende",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="the citizen's current number; earlier ones stay",
        ),
        schema="keys",
    )
    op.create_index("ux_en_gaeldende", "personer", ["borger_id"], unique=True, schema="keys", postgresql_where=sa.text("gaeldende"))
