"""The tables that Alembic owns: schemas `ledger`, `delivery`, `keys` and `audit`. Read models are elsewhere (generations, architecture 11).

Times are timestamptz; hashes are 32 bytes; a `stroem` (stream) is a case's sagsId, or `drift` for the operators' own stream.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData()
TID = DateTime(timezone=True)
NU = text("clock_timestamp()")

STROEMME = Table(
    "stroemme",
    METADATA,
    Column("stroem", Text, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hoved", LargeBinary, comment="SHA-256 of the head event's bytes; null before the first"),
    Column("fold_version", Integer, nullable=False),
    Column("sag", LargeBinary, comment="the folded Sag, msgpack, personal fields sealed"),
    Column("registreret", TID, comment="registreringstidspunkt of the head"),
    Column("gulv", TID, comment="the latest asOf answered: the next append is later"),
    schema="ledger",
)
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("stroem", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("vaerdi", LargeBinary, nullable=False, comment="the final bytes, Confluent framing"),
    Column("hoveder", JSONB, nullable=False, comment="the Kafka headers, name to text"),
    Column("oprettet", TID, nullable=False, server_default=NU),
    Column("sendt", TID, comment="when Kafka acknowledged; the row is kept 30 days after"),
    Column("kafka_offset", BigInteger),
    Index("ix_outbox_usendt", "topic", "partition", "id", postgresql_where=text("sendt IS NULL")),
    Index("ux_outbox_stroem", "stroem", "version", unique=True),
    Index("ix_outbox_sendt", "sendt"),
    schema="ledger",
)
ANMODNINGER = Table(
    "anmodninger",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("kvittering", JSONB, nullable=False),
    Column("oprettet", TID, nullable=False, server_default=NU),
    schema="ledger",
)
BANER = Table(
    "baner",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("naeste_offset", BigInteger, nullable=False, comment="everything below it on the log is known to the ledger"),
    Column("server_start", TID, comment="pg_postmaster_start_time() at the last comparison with the log's end"),
    Column("bagud", Text, comment="why appending is refused (the ledger is behind the log); null when it is not"),
    schema="ledger",
)
NOEGLER = Table(
    "noegler",
    METADATA,
    Column("noegle", Text, primary_key=True, comment="borgerId, sagsId or sagsId/SHA-256"),
    Column("slags", Text, nullable=False, comment="borger, sag or dokument"),
    Column("borger_id", Text, nullable=False, index=True),
    Column("indpakket", LargeBinary, nullable=False, comment="the AES-256 key, wrapped by the master key"),
    Column("oprettet", TID, nullable=False, server_default=NU),
    schema="keys",
)
UPLOADS = Table(
    "uploads",
    METADATA,
    Column("sha256", Text, primary_key=True, comment="of the clear bytes, 64 hexadecimal characters"),
    Column("stoerrelse", Integer, nullable=False, comment="bytes"),
    Column("mimetype", Text, nullable=False),
    Column("indpakket", LargeBinary, nullable=False, comment="the document's AES-256 key, wrapped by the master key"),
    Column("oprettet", TID, nullable=False, server_default=NU),
    Column("navngivet", TID, comment="when an action first named it; the case has a key row of its own since"),
    schema="keys",
)
PERSONER = Table(
    "personer",
    METADATA,
    Column("cpr_hmac", LargeBinary, primary_key=True),
    Column("borger_id", Text, nullable=False, index=True),
    Column("oprettet", TID, nullable=False, server_default=NU),
    schema="keys",
)
ADGANGSLOG = Table(
    "adgangslog",
    METADATA,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tidspunkt", TID, nullable=False, server_default=NU),
    Column("hvem", Text, nullable=False, comment="the token's sub"),
    Column("rolle", Text, nullable=False),
    Column("jobcentre", Text, nullable=False),
    Column("formaal", Text),
    Column("sags_id", Text, nullable=False, index=True),
    Column("version", Integer),
    Column("opslag", Text, nullable=False, comment="GetMetode, sag, historik, liste, soeg"),
    Column("ekstern_identifier", Text),
    Column("as_of", TID),
    Column("soegning", BigInteger, comment="the search or list that showed the case; its row in soegninger"),
    schema="audit",
)
SOEGNINGER = Table(
    "soegninger",
    METADATA,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tidspunkt", TID, nullable=False, server_default=NU),
    Column("hvem", Text, nullable=False, comment="the token's sub"),
    Column("rolle", Text, nullable=False),
    Column("jobcentre", Text, nullable=False),
    Column("formaal", Text),
    Column("opslag", Text, nullable=False, comment="soeg or liste"),
    Column("omraade", Text, nullable=False),
    Column("kriterier", JSONB, nullable=False, comment="what was searched by, but the citizen"),
    Column("paa_personnummer", Boolean, nullable=False, comment="a CPR number was given; it is not kept"),
    Column("borger_id", Text, index=True, comment="whose number that is; null: nobody's here"),
    Column("raekker", Integer, nullable=False, comment="how many rows this page showed"),
    schema="audit",
)
GENERATIONER = Table(
    "generationer",
    METADATA,
    Column("nummer", Integer, primary_key=True),
    Column("projektionsversion", Integer, nullable=False),
    Column("oprettet", TID, nullable=False, server_default=NU),
    Column("serverer", Boolean, nullable=False, server_default=text("false")),
    Index("ux_en_serverer", "serverer", unique=True, postgresql_where=text("serverer")),
    schema="delivery",
)
CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("generation", Integer, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("naeste_offset", BigInteger, nullable=False),
    schema="delivery",
)
POSITIONER = Table(
    "notifikationspositioner",
    METADATA,
    Column("partition", Integer, primary_key=True),
    Column("naeste_offset", BigInteger, nullable=False, comment="events below it have notified, unless parked"),
    schema="delivery",
)
PARKEREDE = Table(
    "parkerede",
    METADATA,
    Column("partition", Integer, primary_key=True),
    Column("kafka_offset", BigInteger, primary_key=True),
    Column("stroem", Text, nullable=False, index=True, comment="the record's key"),
    Column("slags", Text, nullable=False, comment="fejl (it failed) or venter (behind one of its case that failed)"),
    Column("tilstand", Text, nullable=False, server_default="parkeret", comment="parkeret, genkoert or kasseret"),
    Column("fejl", Text, nullable=False, comment="exception class and a text without personal data"),
    Column("vaerdi", LargeBinary, nullable=False),
    Column("hoveder", JSONB, nullable=False),
    Column("nummer", Integer, nullable=False, comment="the version in the drift stream that parked it"),
    Column("parkeret", TID, nullable=False, server_default=NU),
    Column("kopieret", TID, comment="when the dead-letter topic got its copy"),
    Index("ix_ukopieret", "nummer", postgresql_where=text("kopieret IS NULL")),
    CheckConstraint("slags IN ('fejl', 'venter')"),
    CheckConstraint("tilstand IN ('parkeret', 'genkoert', 'kasseret')"),
    schema="delivery",
)
NOTIFIKATIONER = Table(
    "notifikationer",
    METADATA,
    Column("id", Text, primary_key=True, comment="UUIDv5 of (event, recipient, act, GetMetode)"),
    Column("lbnr", BigInteger, Identity(), nullable=False, unique=True, comment="order of insertion; per case also of version"),
    Column("bane", Integer, nullable=False, comment="sequencer lane: hash of the jobcentre"),
    Column("job_center_kode", Text, nullable=False),
    Column("nummer", BigInteger),
    Column("sags_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ekstern_identifier", Text, nullable=False),
    Column("get_metode", Text, nullable=False),
    Column("skabelon", Integer, nullable=False),
    Column("subskabelon", Integer, nullable=False),
    Column("er_oprettelse", Boolean, nullable=False),
    Column("link", Text, nullable=False),
    Column("registrerings_dato", TID, nullable=False),
    Column("haendelsestidspunkt", TID, nullable=False),
    Column("ansoegning_status", Integer),
    Column("bevillingsstatus", Integer),
    Column("venter_paa", Text, comment="the notification that must be on its topic before this one is numbered"),
    Column("vaerdi", LargeBinary, comment="the final bytes, set with the number"),
    Column("sendt", TID),
    Column("kafka_offset", BigInteger),
    Index("ux_nummer", "job_center_kode", "nummer", unique=True),
    Index("ix_unummereret", "bane", "lbnr", postgresql_where=text("nummer IS NULL")),
    Index("ix_usendt", "bane", "job_center_kode", "nummer", postgresql_where=text("sendt IS NULL AND nummer IS NOT NULL")),
    Index("ix_notifikationer_sag", "sags_id", "version"),
    schema="delivery",
)
NUMRE = Table(
    "numre",
    METADATA,
    Column("job_center_kode", Text, primary_key=True),
    Column("hoved", BigInteger, nullable=False, comment="the last number given"),
    Column("sendt", BigInteger, nullable=False, server_default="0", comment="the last number its topic has"),
    schema="delivery",
)
SKEMAER = ("ledger", "delivery", "keys", "audit")
