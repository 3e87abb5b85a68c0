"""The append transaction's SQL, in the order in which it runs.

Each step waits only for transactions that have come as far or further, and within a step rows are taken in sorted order, so no two
appends can wait for each other: new streams, locks of streams, look-ups, (keys,) acts, request ids.
"""

from hub.events.besoeg import Saetning

NYE_STROEMME = Saetning("""
INSERT INTO ledger.stroemme (stroem, topic, partition, version, fold_version)
SELECT n.stroem, %(topic)b::text, n.partition, 0, %(fold_version)b::int
FROM unnest(%(stroemme)b::text[], %(partitioner)b::int[]) AS n (stroem, partition)
ORDER BY n.stroem
ON CONFLICT (stroem) DO NOTHING
""")

# With the key of the case, which is needed whenever the case is there.
LAAS_STROEMME = Saetning("""
SELECT s.stroem, s.partition, s.version, s.hoved, s.fold_version, s.sag, s.registreret, s.gulv, n.indpakket
FROM ledger.stroemme s LEFT JOIN keys.noegler n ON n.noegle = s.stroem
WHERE s.stroem = ANY(%(stroemme)b::text[]) AND s.topic = %(topic)b::text
ORDER BY s.stroem
FOR UPDATE OF s
""")

# Reference streams are looked up under these locks, shared; who appends to one has its lock alone. Unlike FOR SHARE on the rows they also
# hold what is not there, and whoever waits for one is not passed by those who come later. A statement of their own: the next one sees what
# was waited for.
DEL_OPSLAG = Saetning("SELECT pg_advisory_xact_lock_shared(0x6f70736c, n) FROM unnest(%(laase)b::int[]) AS n")
TAG_OPSLAG = Saetning("SELECT pg_advisory_xact_lock(0x6f70736c, n) FROM unnest(%(laase)b::int[]) AS n")
LAES_OPSLAG = Saetning("""
SELECT stroem, topic, fold_version, sag FROM ledger.stroemme
WHERE stroem = ANY(%(navne)b::text[]) AND topic = ANY(%(topics)b::text[]) AND sag IS NOT NULL
""")

# A statement of its own: its snapshot is from after the locks, so it sees whatever the transaction waited for.
BANER = Saetning("""
SELECT topic, partition, bagud, server_start IS NOT DISTINCT FROM pg_postmaster_start_time() AS sammenlignet, clock_timestamp() AS nu
FROM ledger.baner
WHERE (topic, partition) IN (SELECT * FROM unnest(%(topics)b::text[], %(partitioner)b::int[]))
""")

KENDTE_ANMODNINGER = Saetning("""
SELECT request_id, request_hash, kvittering FROM ledger.anmodninger WHERE request_id = ANY(%(request_ids)b::text[])
""")

KENDTE_AKTER = Saetning("""
SELECT ekstern_identifier::text, stroem FROM ledger.akter WHERE ekstern_identifier = ANY(%(akter)b::text[]::uuid[])
""")

# Asked of known requests alone, which are few: it costs half of what an append reads.
USENDTE_AF = Saetning("""
SELECT a.request_id, o.id FROM ledger.anmodninger a
CROSS JOIN LATERAL jsonb_to_recordset(a.kvittering -> 'haendelser') AS h ("sagsId" text, version int)
CROSS JOIN LATERAL (
    SELECT id, sendt FROM ledger.outbox WHERE stroem = coalesce(h."sagsId", a.kvittering ->> 'sagsId') AND version = h.version OFFSET 0
) o
WHERE a.request_id = ANY(%(request_ids)b::text[]) AND o.sendt IS NULL
""")

UR = Saetning("SELECT clock_timestamp()")

FJERN_TOMME = "DELETE FROM ledger.stroemme WHERE stroem = ANY(%(stroemme)b) AND version = 0"

FLYT_HOVEDER = """
UPDATE ledger.stroemme s
SET version = n.version, hoved = n.hoved, fold_version = %(fold_version)b::int, sag = n.sag, registreret = n.registreret
FROM unnest(%(flyttede)b::text[], %(hovedversioner)b::int[], %(nye_hoveder)b::bytea[], %(sager)b::bytea[], %(registreret)b::timestamptz[])
    AS n (stroem, version, hoved, sag, registreret)
WHERE s.stroem = n.stroem
"""

# The ids are drawn in the order of the events, under the row locks of their streams: per stream they rise with the version.
I_OUTBOX = """
INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder)
SELECT %(topic)b::text, n.partition, n.stroem, n.version, n.vaerdi, n.hoveder::jsonb
FROM unnest(%(partitioner)b::int[], %(stroemme)b::text[], %(versioner)b::int[], %(vaerdier)b::bytea[], %(hoveder)b::text[])
    WITH ORDINALITY AS n (partition, stroem, version, vaerdi, hoveder, nr)
ORDER BY n.nr
RETURNING id
"""

NYE_ANMODNINGER = """
INSERT INTO ledger.anmodninger (request_id, request_hash, kvittering)
SELECT n.request_id, n.request_hash, n.kvittering::jsonb
FROM unnest(%(request_ids)b::text[], %(hashes)b::bytea[], %(kvitteringer)b::text[]) AS n (request_id, request_hash, kvittering)
ORDER BY n.request_id
"""

NYE_AKTER = """
INSERT INTO ledger.akter (ekstern_identifier, stroem)
SELECT n.akt::uuid, n.stroem FROM unnest(%(akter)b::text[], %(akters_sager)b::text[]) AS n (akt, stroem)
ORDER BY n.akt
"""

NOTER = Saetning(NYE_ANMODNINGER)

# All of an append's writing in one statement, and the relay woken. A request id or an act that another append took meanwhile is an error:
# the COMMIT that follows in the same round trip is then skipped. Of two inserts that wait, every append makes the same one first.
BOGFOER = Saetning(f"""
WITH flyttet AS ({FLYT_HOVEDER}), lagt AS ({I_OUTBOX}), noteret AS ({NYE_ANMODNINGER}), givet AS ({NYE_AKTER})
SELECT ARRAY(SELECT id FROM lagt ORDER BY id),
       (SELECT count(pg_notify('hub_outbox', n.bane)) FROM unnest(%(baner)b::text[]) AS n (bane))
""")  # noqa: S608 - our own statements, put together
