"""Generations, checkpoints, parked events, notifications and their numbers: the first state of schema `delivery`."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "delivery_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "checkpoints",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("naeste_offset", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "partition"),
        schema="delivery",
    )
    op.create_table(
        "generationer",
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("projektionsversion", sa.Integer(), nullable=False),
        sa.Column("oprettet", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("serverer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("nummer"),
        schema="delivery",
    )
    op.create_index("ux_en_serverer", "generationer", ["serverer"], unique=True, schema="delivery", postgresql_where=sa.text("serverer"))
    op.create_table(
        "notifikationer",
        sa.Column("id", sa.Text(), nullable=False, comment="UUIDv5 of (event, recipient, act, GetMetode)"),
        sa.Column(
            "lbnr", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="order of insertion; per case also of version"
        ),
        sa.Column("bane", sa.Integer(), nullable=False, comment="sequencer lane: hash of the jobcentre"),
        sa.Column("job_center_kode", sa.Text(), nullable=False),
        sa.Column("nummer", sa.BigInteger(), nullable=True),
        sa.Column("sags_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ekstern_identifier", sa.Text(), nullable=False),
        sa.Column("get_metode", sa.Text(), nullable=False),
        sa.Column("skabelon", sa.Integer(), nullable=False),
        sa.Column("subskabelon", sa.Integer(), nullable=False),
        sa.Column("er_oprettelse", sa.Boolean(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("registrerings_dato", sa.DateTime(timezone=True), nullable=False),
        sa.Column("haendelsestidspunkt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ansoegning_status", sa.Integer(), nullable=True),
        sa.Column("bevillingsstatus", sa.Integer(), nullable=True),
        sa.Column("venter_paa", sa.Text(), nullable=True, comment="the notification that must be on its topic before this one is numbered"),
        sa.Column("vaerdi", sa.LargeBinary(), nullable=True, comment="the final bytes, set with the number"),
        sa.Column("sendt", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kafka_offset", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lbnr"),
        schema="delivery",
    )
    op.create_index("ix_notifikationer_sag", "notifikationer", ["sags_id", "version"], unique=False, schema="delivery")
    op.create_index(
        "ix_unummereret", "notifikationer", ["bane", "lbnr"], unique=False, schema="delivery", postgresql_where=sa.text("nummer IS NULL")
    )
    op.create_index(
        "ix_usendt",
        "notifikationer",
        ["bane", "job_center_kode", "nummer"],
        unique=False,
        schema="delivery",
        postgresql_where=sa.text("sendt IS NULL AND nummer IS NOT NULL"),
    )
    op.create_index("ux_nummer", "notifikationer", ["job_center_kode", "nummer"], unique=True, schema="delivery")
    op.create_table(
        "notifikationspositioner",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("naeste_offset", sa.BigInteger(), nullable=False, comment="events below it have notified, unless parked"),
        sa.PrimaryKeyConstraint("partition"),
        schema="delivery",
    )
    op.create_table(
        "numre",
        sa.Column("job_center_kode", sa.Text(), nullable=False),
        sa.Column("hoved", sa.BigInteger(), nullable=False, comment="the last number given"),
        sa.Column("sendt", sa.BigInteger(), server_default="0", nullable=False, comment="the last number its topic has"),
        sa.PrimaryKeyConstraint("job_center_kode"),
        schema="delivery",
    )
    op.create_table(
        "parkerede",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("kafka_offset", sa.BigInteger(), nullable=False),
        sa.Column("stroem", sa.Text(), nullable=False, comment="the record's key"),
        sa.Column("slags", sa.Text(), nullable=False, comment="fejl (it failed) or venter (behind one of its case that failed)"),
        sa.Column("tilstand", sa.Text(), server_default="parkeret", nullable=False, comment="parkeret, genkoert or kasseret"),
        sa.Column("fejl", sa.Text(), nullable=False, comment="exception class and a text without personal data"),
        sa.Column("vaerdi", sa.LargeBinary(), nullable=False),
        sa.Column("hoveder", postgresql.JSONB(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False, comment="the version in the drift stream that parked it"),
        sa.Column("parkeret", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kopieret", sa.DateTime(timezone=True), nullable=True, comment="when the dead-letter topic got its copy"),
        sa.CheckConstraint("slags IN ('fejl', 'venter')"),
        sa.CheckConstraint("tilstand IN ('parkeret', 'genkoert', 'kasseret')"),
        sa.PrimaryKeyConstraint("partition", "kafka_offset"),
        schema="delivery",
    )
    op.create_index(op.f("ix_delivery_parkerede_stroem"), "parkerede", ["stroem"], unique=False, schema="delivery")
    op.create_index("ix_ukopieret", "parkerede", ["nummer"], unique=False, schema="delivery", postgresql_where=sa.text("kopieret IS NULL"))
