"""Which errors of the database pass by themselves: from SQLAlchemy, or straight from the driver (pipelines and COPY)."""

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError

FORBIGAAENDE = (
    psycopg.OperationalError,  # with it AdminShutdown, QueryCanceled, LockNotAvailable, deadlocks and lost connections
    psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
    errors.TransactionTimeout,
    errors.ReadOnlySqlTransaction,  # a server that has just lost its role to another
)


def er_forbigaaende(fejl: BaseException) -> bool:
    """Whether the same again may succeed: the database was away, ended the session, or let another transaction win."""
    if isinstance(fejl, DBAPIError):
        return fejl.connection_invalidated or isinstance(fejl.orig, FORBIGAAENDE)
    return isinstance(fejl, FORBIGAAENDE)
