"""The chain of this schema, oldest first."""
