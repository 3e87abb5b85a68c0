"""`hub demo`: the release note's stories, played through the HTTP door on a real Kafka and a real PostgreSQL."""
