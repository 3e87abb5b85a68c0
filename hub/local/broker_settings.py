"""What the hub asks of its Kafka and its PostgreSQL, in one place: the embedded ones and the compose file say the same.

Kafka names are those of server.properties, PostgreSQL names those of postgresql.conf.
"""

KAFKA_VERSION = "4.4.0"
POSTGRES_MAJOR = 18
DATABASE = "hub"

ONE_NODE = "1"
# A batch may grow to this when decompressed; a larger one is refused, so that no gzip bomb reaches a consumer.
MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024
MAX_MESSAGE_BYTES = 1024 * 1024

KAFKA = {
    "auto.create.topics.enable": "false",
    "default.replication.factor": ONE_NODE,
    "min.insync.replicas": ONE_NODE,
    "offsets.topic.replication.factor": ONE_NODE,
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": ONE_NODE,
    "transaction.state.log.min.isr": ONE_NODE,
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": ONE_NODE,
    "share.coordinator.state.topic.min.isr": ONE_NODE,
    "unclean.leader.election.enable": "false",
    "message.max.bytes": str(MAX_MESSAGE_BYTES),
    "max.decompressed.message.bytes": str(MAX_DECOMPRESSED_BYTES),
    # For ever, for every topic that does not say otherwise.
    "log.retention.ms": "-1",
    "log.retention.bytes": "-1",
    # Clients ask for a session of 10 s and a heartbeat every 3 s; a test may ask for less.
    "group.min.session.timeout.ms": "1000",
    "group.max.session.timeout.ms": "60000",
    "group.initial.rebalance.delay.ms": "0",
    # After a kill the node waits for its own former session to end before it answers.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "num.network.threads": "2",
    "num.io.threads": "4",
}

POSTGRES = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "max_wal_size": "1GB",
    "min_wal_size": "128MB",
    "jit": "off",
    # One at a time: three together take every core of a small machine for seconds, and what is on its way waits.
    "autovacuum_max_workers": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# The same order of strings on every machine: by code point, whatever the system's locale.
INITDB = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
