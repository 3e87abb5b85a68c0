"""The restore's SQL. Its temporary tables live in the transaction that restores one partition."""

from hub.events.genskabelseslaas import GENSKABES

FORBERED = (
    # Held to the end: the relay cannot move the lane meanwhile, and another restore of it waits.
    """
    INSERT INTO ledger.baner (topic, partition, naeste_offset, bagud) VALUES (%(topic)s, %(partition)s, 0, %(lukket)s)
    ON CONFLICT (topic, partition) DO UPDATE SET bagud = excluded.bagud
    """,
    "DELETE FROM ledger.stroemme WHERE topic = %(topic)s AND partition = %(partition)s",
    """
    CREATE TEMP TABLE genskab_stroemme (
        stroem text, topic text, partition int, version int, hoved bytea, fold_version int, sag bytea, registreret timestamptz
    ) ON COMMIT DROP
    """,
    """
    CREATE TEMP TABLE genskab_anmodninger (
        request_id text, request_hash bytea, stroem text, version int, haendelse text, slags text, akt text, registreret timestamptz
    ) ON COMMIT DROP
    """,
    "CREATE TEMP TABLE genskab_fundne (id bigint PRIMARY KEY, kafka_offset bigint) ON COMMIT DROP",
    "CREATE TEMP TABLE genskab_genoptagne (id bigint PRIMARY KEY) ON COMMIT DROP",
    "CREATE TEMP TABLE genskab_upassende (id bigint PRIMARY KEY, grund text, request_id text) ON COMMIT DROP",
)

# The acts of the lane's cases, and of cases that the ledger does not have: all but those of the other lanes.
GLEM_AKTER = """
DELETE FROM ledger.akter a WHERE NOT EXISTS (
    SELECT FROM ledger.stroemme s WHERE s.stroem = a.stroem AND (s.topic, s.partition) <> (%(topic)s, %(partition)s)
)
"""

HAR_OUTBOX = "SELECT EXISTS (SELECT FROM ledger.outbox WHERE topic = %(topic)s AND partition = %(partition)s)"

FIND_I_OUTBOX = """
INSERT INTO genskab_fundne (id, kafka_offset)
SELECT DISTINCT ON (o.id) o.id, n.kafka_offset
FROM unnest(%(stroemme)b::text[], %(hashes)b::bytea[], %(offsets)b::bigint[]) AS n (stroem, hash, kafka_offset)
JOIN ledger.outbox o ON o.stroem = n.stroem AND sha256(o.vaerdi) = n.hash
WHERE o.topic = %(topic)s AND o.partition = %(partition)s
ORDER BY o.id, n.kafka_offset
ON CONFLICT (id) DO NOTHING
"""

KOPIER_STROEMME = (
    "COPY genskab_stroemme (stroem, topic, partition, version, hoved, fold_version, sag, registreret) FROM STDIN (FORMAT BINARY)"
)
STROEMMETYPER = ("text", "text", "int4", "int4", "bytea", "int4", "bytea", "timestamptz")
INDSAET_STROEMME = """
INSERT INTO ledger.stroemme (stroem, topic, partition, version, hoved, fold_version, sag, registreret)
SELECT stroem, topic, partition, version, hoved, fold_version, sag, registreret FROM genskab_stroemme
ON CONFLICT (stroem) DO UPDATE
SET version = excluded.version, hoved = excluded.hoved, sag = excluded.sag, registreret = excluded.registreret
"""
TOEM_STROEMME = "TRUNCATE genskab_stroemme"
HENT_STROEMME = """
SELECT stroem, version, hoved, sag, fold_version, registreret FROM ledger.stroemme
WHERE stroem = ANY(%(stroemme)b) AND topic = %(topic)s
"""

KOPIER_ANMODNINGER = """
COPY genskab_anmodninger (request_id, request_hash, stroem, version, haendelse, slags, akt, registreret) FROM STDIN (FORMAT BINARY)
"""
ANMODNINGSTYPER = ("text", "bytea", "text", "int4", "text", "text", "text", "timestamptz")

# A receipt as hub.events.kvittering writes it, of all the events that one request gave; a change of number gave them on several cases,
# whose partitions are restored one by one.
INDSAET_ANMODNINGER = """
INSERT INTO ledger.anmodninger (request_id, request_hash, kvittering, oprettet)
SELECT DISTINCT ON (request_id) request_id, request_hash, kvittering, registreret
FROM (
    SELECT request_id, request_hash, max(registreret) AS registreret, jsonb_build_object(
        'sagsId', stroem,
        'version', max(version),
        'eksternIdentifier', (array_agg(akt ORDER BY version DESC))[1],
        'haendelser', jsonb_agg(jsonb_build_object('id', haendelse, 'type', slags, 'version', version) ORDER BY version),
        'registreringstidspunkt', to_char(max(registreret) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ) AS kvittering
    FROM genskab_anmodninger WHERE slags <> 'CprSkiftet' GROUP BY request_id, request_hash, stroem
    UNION ALL
    SELECT request_id, request_hash, max(registreret), jsonb_build_object(
        'haendelser', jsonb_agg(
            jsonb_build_object('sagsId', stroem, 'id', haendelse, 'type', slags, 'version', version) ORDER BY stroem COLLATE "C"
        ),
        'registreringstidspunkt', to_char(max(registreret) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )
    FROM genskab_anmodninger WHERE slags = 'CprSkiftet' GROUP BY request_id, request_hash
) k
ORDER BY request_id, registreret
ON CONFLICT (request_id) DO UPDATE SET request_hash = excluded.request_hash, kvittering = CASE
    WHEN excluded.kvittering ? 'sagsId' OR anmodninger.request_hash <> excluded.request_hash THEN excluded.kvittering
    ELSE jsonb_build_object(
        'haendelser', (
            SELECT jsonb_agg(h ORDER BY h ->> 'sagsId' COLLATE "C")
            FROM (
                SELECT DISTINCT h
                FROM jsonb_array_elements((anmodninger.kvittering -> 'haendelser') || (excluded.kvittering -> 'haendelser')) h
            ) alle
        ),
        'registreringstidspunkt', greatest(
            anmodninger.kvittering ->> 'registreringstidspunkt', excluded.kvittering ->> 'registreringstidspunkt'
        )
    )
END
"""

# Of two cases that were given one act before that was refused, the one restored first.
INDSAET_AKTER = """
INSERT INTO ledger.akter (ekstern_identifier, stroem)
SELECT DISTINCT ON (akt) akt::uuid, stroem FROM genskab_anmodninger ORDER BY akt, registreret
ON CONFLICT (ekstern_identifier) DO NOTHING
"""

IKKE_FUNDNE = """
SELECT o.id, o.stroem, o.vaerdi FROM ledger.outbox o
WHERE o.topic = %(topic)s AND o.partition = %(partition)s AND o.id > %(efter)s
    AND NOT EXISTS (SELECT FROM genskab_fundne f WHERE f.id = o.id)
ORDER BY o.id LIMIT 1000
"""
GENOPTAG = "INSERT INTO genskab_genoptagne (id) SELECT unnest(%(ids)b::bigint[])"
NOTER_UPASSENDE = "INSERT INTO genskab_upassende (id, grund, request_id) VALUES (%s, %s, %s)"

UPASSENDE = """
SELECT o.id, o.topic, o.partition, o.stroem, o.version, o.vaerdi, o.hoveder, o.oprettet, o.sendt, o.kafka_offset, u.grund
FROM genskab_upassende u JOIN ledger.outbox o USING (id)
ORDER BY o.id
"""

AFSLUT = (
    """
    UPDATE ledger.outbox o SET sendt = coalesce(o.sendt, clock_timestamp()), kafka_offset = f.kafka_offset
    FROM genskab_fundne f WHERE o.id = f.id AND (o.sendt IS NULL OR o.kafka_offset IS DISTINCT FROM f.kafka_offset)
    """,
    "UPDATE ledger.outbox o SET sendt = NULL, kafka_offset = NULL FROM genskab_genoptagne g WHERE o.id = g.id",
    # Their requests were never appended as far as the log knows: asking again appends.
    "DELETE FROM ledger.anmodninger a USING genskab_upassende u WHERE a.request_id = u.request_id",
    "DELETE FROM ledger.outbox o USING genskab_upassende u WHERE o.id = u.id",
)
JAEVN = """
UPDATE ledger.baner SET naeste_offset = %(naeste)s, server_start = pg_postmaster_start_time(), bagud = %(bagud)s
WHERE topic = %(topic)s AND partition = %(partition)s
"""

LUKKET = f"{GENSKABES}: `hub restore` has not come to its end"
LUK_BANER = "UPDATE ledger.baner SET bagud = %(lukket)s WHERE topic = %(topic)s"
# An asOf in the future was not answered, whoever asked.
SAET_GULVE = """
UPDATE ledger.stroemme s SET gulv = greatest(s.gulv, a.gulv)
FROM (SELECT sags_id, max(as_of) AS gulv FROM audit.adgangslog WHERE as_of <= clock_timestamp() GROUP BY sags_id) a
WHERE s.stroem = a.sags_id
"""
# Once a lane says so, the API appends and the relay sends.
AABN_BANER = """
WITH aabnet AS (UPDATE ledger.baner SET bagud = NULL WHERE starts_with(bagud, %(genskabes)s) RETURNING topic, partition)
SELECT pg_notify('hub_outbox', topic || ':' || partition) FROM aabnet
"""
VENT_PAA_APPENDS = "LOCK TABLE ledger.stroemme IN EXCLUSIVE MODE"
