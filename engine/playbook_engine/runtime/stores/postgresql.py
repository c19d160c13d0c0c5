"""A store in a schema of a PostgreSQL database. Needs the extra `postgresql`, which is read when one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import Opening

if TYPE_CHECKING:
    from playbook_engine.runtime.stores._postgresql_store import PostgresqlStore


def open_store(place: str, opening: Opening = "make") -> PostgresqlStore:
    """The store at a URL of libpq's, without its scheme; its tables are made if need be. Raises StoreError."""
    try:
        from playbook_engine.runtime.stores._postgresql_address import read_address
        from playbook_engine.runtime.stores._postgresql_store import PostgresqlStore
    except ImportError:
        raise StoreError(
            "a store on PostgreSQL needs the extra `postgresql`; install `playbook-engine[postgresql]`"
        ) from None
    return PostgresqlStore(read_address(place), opening=opening)
