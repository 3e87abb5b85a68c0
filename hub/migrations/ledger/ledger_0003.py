"""Which case each act belongs to, with the acts that are known from the receipts of every request."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0003"
down_revision = "ledger_0002"
branch_labels = None
depends_on = None

# Of two cases that were given one act, the first. References have receipts too, and no acts.
FYLD = """
INSERT INTO ledger.akter (ekstern_identifier, stroem)
SELECT DISTINCT ON (a.kvittering ->> 'eksternIdentifier') (a.kvittering ->> 'eksternIdentifier')::uuid, s.stroem
FROM ledger.anmodninger a JOIN ledger.stroemme s ON s.stroem = a.kvittering ->> 'sagsId'
WHERE s.topic = 'vitas.sagshaendelser'
ORDER BY a.kvittering ->> 'eksternIdentifier', a.oprettet
"""


def upgrade() -> None:
    """Make the table and fill it."""
    op.create_table(
        "akter",
        sa.Column("ekstern_identifier", sa.Uuid(), nullable=False),
        sa.Column("stroem", sa.Text(), nullable=False, comment="the one case that ever has the act"),
        sa.PrimaryKeyConstraint("ekstern_identifier"),
        schema="ledger",
    )
    op.execute(FYLD)
