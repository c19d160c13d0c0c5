"""What an action is: data that policy, lint, prove and the digest read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

EFFECTS = ("public", "private", "spends", "suppresses")
PROMISES = ("key", "query", "none")


@dataclass(frozen=True)
class ActionSpec:
    """An action a playbook may name, and how it behaves.

    `parameters` is a JSON Schema of the mapping of parameters; `main` is the parameter a bare scalar stands
    for. `effects` are among `EFFECTS`: what the customer or the public sees (`public`, `private`), money
    (`spends`), hiding of speech (`suppresses`). `channels` are the places it can carry to, empty for any.
    `idempotent` says what a repeated key does: `key` (the service drops the second), `query` (we can ask
    whether it went), `none`.
    """

    name: str
    parameters: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({"type": "object"}))
    main: str = ""
    effects: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    idempotent: str = "none"
    sentence: str = ""
