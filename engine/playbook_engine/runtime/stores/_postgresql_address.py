"""The address of a store on PostgreSQL: a URL as libpq reads it, in which a password stands by reference only.

See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS. What an address leaves out is
told by the environment (`PGHOST`, `PGPASSWORD`, …), by a service file or by `~/.pgpass`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import Error, conninfo

from playbook_engine.errors import PlaybookError, StoreError
from playbook_engine.runtime.secrets import reveal

_REFERENCE = re.compile(r"\$\{[^}]*\}")
_STANDING_FOR_ONE = "playbookreference{}end"
_STANDS = re.compile(r"playbookreference(\d+)end")


@dataclass(frozen=True)
class Address:
    """Where a store is. `name` is for people, `parameters` for libpq; neither the first nor an error tells a secret."""

    name: str
    parameters: dict[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def without_secrets(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "…") if secret else text
        return " ".join(text.split())


def read_address(place: str) -> Address:
    """The address that stands behind `postgresql:`. Raises StoreError."""
    references: list[str] = []

    def set_down(found: re.Match[str]) -> str:
        references.append(found[0])
        return _STANDING_FOR_ONE.format(len(references) - 1)

    masked = _REFERENCE.sub(set_down, place)
    try:
        parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(f"postgresql:{masked}").items()}
    except Error:
        # What libpq says quotes the address.
        raise StoreError(
            "`postgresql:…` is no address that libpq reads; write `postgresql://USER@HOST:PORT/DATABASE`"
        ) from None
    if any(_STANDS.sub("", parts.get(name, "")) for name in ("password", "sslpassword")):
        raise StoreError(
            "the address of the store holds a password, which every list of processes shows; put "
            "`${env:NAME}` or `${file:PATH}` in its place, or set PGPASSWORD or ~/.pgpass"
        )
    try:
        secrets = tuple(reveal(reference, Path()) for reference in references)
    except PlaybookError as error:
        raise StoreError(f"the address of the store: {error}") from None
    whole = {name: _STANDS.sub(lambda found: secrets[int(found[1])], value) for name, value in parts.items()}
    return Address(_name(parts, references), whole, secrets)


def _name(parts: dict[str, str], references: list[str]) -> str:
    """The address without its password and its options."""
    if "service" in parts and "host" not in parts:
        shown = f"postgresql:?service={parts['service']}"
    else:
        user, port = (parts.get("user", ""), parts.get("port", ""))
        place = f"{user}@" * bool(user) + parts.get("host", "") + f":{port}" * bool(port)
        shown = f"postgresql://{place}/{parts.get('dbname', '')}"
    return _STANDS.sub(lambda found: references[int(found[1])], shown)
