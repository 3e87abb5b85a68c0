"""The sequencer's statements."""

from hub.events.andel import LEDIG
from hub.events.besoeg import Saetning
from hub.notifications.gem import KANAL

LAAS = "SELECT bane FROM unnest(%s::int[]) AS b(bane) WHERE pg_try_advisory_lock(%s, bane) LIMIT %s"
SLIP = "SELECT pg_advisory_unlock(%s, bane) FROM unnest(%s::int[]) AS b(bane)"
MELD_LEDIG = f"SELECT pg_notify('{KANAL}', '{LEDIG}')"
SLIP_ALT = "SELECT pg_advisory_unlock_all()"
# Heads raised and numbers given in one statement. It divides by zero, and nothing is committed, unless every row was without a number and
# every head is then the last number given: the snapshot rules the rest out already. `num_nulls`: a plain IS NULL is a partial index's
# predicate, and a plan made while that index is empty goes through all of it for each row.
NUMMERER = Saetning("""
WITH forhoejet AS (
    INSERT INTO delivery.numre AS n (job_center_kode, hoved)
    SELECT kode, antal FROM unnest(%(koder)b::text[], %(antal)b::bigint[]) AS u(kode, antal)
    ON CONFLICT (job_center_kode) DO UPDATE SET hoved = n.hoved + excluded.hoved RETURNING job_center_kode, hoved
), givet AS (
    UPDATE delivery.notifikationer n SET nummer = u.nummer, vaerdi = u.vaerdi
    FROM unnest(%(ider)b::text[], %(numre)b::bigint[], %(vaerdier)b::bytea[]) AS u(id, nummer, vaerdi)
    WHERE n.id = u.id AND num_nulls(n.nummer) = 1 RETURNING 1
)
SELECT 1 / ((SELECT count(*) FROM givet) = cardinality(%(ider)b::text[]) AND (
    SELECT count(*) FROM forhoejet f JOIN unnest(%(koder)b::text[], %(sidste)b::bigint[]) AS u(kode, sidste)
    ON f.job_center_kode = u.kode AND f.hoved = u.sidste
) = cardinality(%(koder)b::text[]))::int
""")
BEGYND = Saetning("BEGIN ISOLATION LEVEL REPEATABLE READ").af()
USENDTE = """
SELECT n.job_center_kode, n.nummer, n.id, n.vaerdi, n.sags_id, n.version FROM unnest(%s::int[], %s::text[]) AS u(bane, kode)
CROSS JOIN LATERAL (
    SELECT * FROM delivery.notifikationer
    WHERE bane = u.bane AND job_center_kode = u.kode AND sendt IS NULL AND nummer IS NOT NULL ORDER BY nummer LIMIT %s
) n ORDER BY n.job_center_kode, n.nummer
"""
# Lost only with a crash of the server; the lanes' next start then finds the records on the topics.
UDEN_AT_VENTE = Saetning("SET LOCAL synchronous_commit = off").af()
# All of it in one statement. A row that waits is of the same case and version as the one it waits for.
MARKER = Saetning("""
WITH u AS (
    SELECT * FROM unnest(
        %(ider)b::text[], %(offsets)b::bigint[], %(koder)b::text[], %(numre)b::bigint[], %(sager)b::text[], %(versioner)b::int[]
    ) AS u(id, kafka_offset, kode, nummer, sags_id, version)
), markeret AS (
    UPDATE delivery.notifikationer n SET sendt = clock_timestamp(), kafka_offset = u.kafka_offset
    FROM u WHERE n.id = u.id AND n.sendt IS NULL
), frem AS (
    UPDATE delivery.numre n SET sendt = greatest(n.sendt, h.nummer)
    FROM (SELECT kode, max(nummer) AS nummer FROM u GROUP BY kode) h WHERE n.job_center_kode = h.kode RETURNING n.job_center_kode
)
SELECT pg_notify(%(tilbudt)b::text, job_center_kode) FROM frem
UNION ALL
SELECT pg_notify(%(kanal)b::text, bane::text) FROM (
    SELECT DISTINCT v.bane FROM u JOIN delivery.notifikationer v ON v.sags_id = u.sags_id AND v.version = u.version AND v.venter_paa = u.id
    WHERE num_nulls(v.nummer) = 1
) b
""")
HOVEDER = """
SELECT m.job_center_kode, m.hoved, coalesce(n.kafka_offset + 1, 0) FROM delivery.numre m
LEFT JOIN delivery.notifikationer n ON n.job_center_kode = m.job_center_kode AND n.nummer = m.sendt
"""
BYTES = "SELECT nummer, vaerdi FROM delivery.notifikationer WHERE job_center_kode = %s AND nummer = ANY(%s::bigint[])"
