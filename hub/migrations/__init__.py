"""The database's history, by Alembic: one chain per schema, each with its version table inside the schema.

So a schema that was dropped (everything but `keys` and `audit` comes back from Kafka) is made anew beside those that were kept.
"""
