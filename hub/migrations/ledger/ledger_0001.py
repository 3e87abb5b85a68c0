"""Streams, outbox, requests and lanes: the first state of schema `ledger`."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ledger_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "anmodninger",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kvittering", postgresql.JSONB(), nullable=False),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
        schema="ledger",
    )
    op.create_table(
        "baner",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("naeste_offset", sa.BigInteger(), nullable=False, comment="everything below it on the log is known to the ledger"),
        sa.Column(
            "server_start",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="pg_postmaster_start_time() at the last comparison with the log's end",
        ),
        sa.Column(
            "bagud", sa.Text(), nullable=True, comment="why appending is refused (the ledger is behind the log); null when it is not"
        ),
        sa.PrimaryKeyConstraint("topic", "partition"),
        schema="ledger",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("stroem", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vaerdi", sa.LargeBinary(), nullable=False, comment="the final bytes, Confluent framing"),
        sa.Column("hoveder", postgresql.JSONB(), nullable=False, comment="the Kafka headers, name to text"),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("sendt", sa.DateTime(timezone=True), nullable=True, comment="when Kafka acknowledged; the row is kept 30 days after"),
        sa.Column("kafka_offset", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="ledger",
    )
    op.create_index("ix_outbox_sendt", "outbox", ["sendt"], unique=False, schema="ledger")
    op.create_index(
        "ix_outbox_usendt", "outbox", ["topic", "partition", "id"], unique=False, schema="ledger", postgresql_where=sa.text("sendt IS NULL")
    )
    op.create_index("ux_outbox_stroem", "outbox", ["stroem", "version"], unique=True, schema="ledger")
    op.create_table(
        "stroemme",
        sa.Column("stroem", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hoved", sa.LargeBinary(), nullable=True, comment="SHA-256 of the head event's bytes; null before the first"),
        sa.Column("fold_version", sa.Integer(), nullable=False),
        sa.Column("sag", sa.LargeBinary(), nullable=True, comment="the folded Sag, msgpack, personal fields sealed"),
        sa.Column("registreret", sa.DateTime(timezone=True), nullable=True, comment="registreringstidspunkt of the head"),
        sa.Column("gulv", sa.DateTime(timezone=True), nullable=True, comment="the latest asOf answered: the next append is later"),
        sa.PrimaryKeyConstraint("stroem"),
        schema="ledger",
    )
    # A stream's row is rewritten by every append: room for the new copy beside the old one, in line up to a page, never compressed
    # (it is mostly ciphertext). Outbox bytes likewise.
    op.execute("ALTER TABLE ledger.stroemme SET (fillfactor = 50, toast_tuple_target = 8160)")
    op.execute("ALTER TABLE ledger.stroemme ALTER COLUMN sag SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE ledger.outbox ALTER COLUMN vaerdi SET STORAGE EXTERNAL")
