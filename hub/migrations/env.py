"""Alembic runs this for each schema; `migrer` hands over the connection and the schema's name."""

from typing import Any

from alembic import context

from hub.events.tables import METADATA

SKEMA: str = context.config.attributes["skema"]


def _egen(navn: str | None, slags: str, ophav: Any) -> bool:
    """Whether a name in the database belongs to this chain."""
    return navn == SKEMA if slags == "schema" else True


def _egen_tabel(ting: Any, navn: str | None, slags: str, spejlet: bool, modstykke: Any) -> bool:
    return slags != "table" or ting.schema == SKEMA


context.configure(
    connection=context.config.attributes["forbindelse"],
    target_metadata=METADATA,
    include_schemas=True,
    include_name=_egen,
    include_object=_egen_tabel,
    compare_server_default=True,
    version_table_schema=SKEMA,
)
context.run_migrations()
