"""Where `playbook serve` takes events in, as the settings file says: hooks that others call, sources that are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_HOOK_ROW = {"path": "/slack", "map": "slack", "signed": {"as": "slack", "secret": "${env:SLACK_SECRET}"}}
_SOURCE_ROW = {"source": "acme-fax", "every": "30s"}
_COMMON: Mapping[str, object] = {
    "map": {"type": "string", "examples": ["slack"]},
    "channel": {"type": "string", "examples": ["slack"]},
    "account": {"type": "string", "examples": ["minato_support"]},
    "ours": {"type": "array", "items": {"type": "string"}, "examples": [["minato_support"]]},
}
HOOKS: Mapping[str, object] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["path"],
        "properties": {
            "path": {
                "type": "string",
                "pattern": r"^/[A-Za-z0-9][A-Za-z0-9/_.-]{0,99}$",
                "says": "is no path of a hook; write for instance /slack",
                "examples": ["/slack"],
            },
            "signed": {
                "type": "object",
                "additionalProperties": False,
                "required": ["as", "secret"],
                "properties": {
                    "as": {"type": "string", "enum": ["bearer", "hub", "line", "slack", "standard", "x"]},
                    "secret": {"type": "string", "examples": ["${env:SLACK_SECRET}"]},
                },
                "examples": [_HOOK_ROW["signed"]],
            },
            "unsigned": {"type": "boolean", "examples": ["true"]},
            "from": {"type": "string", "enum": ["customers", "people"], "examples": ["customers"]},
            **_COMMON,
        },
        "examples": [_HOOK_ROW],
    },
    "examples": [[_HOOK_ROW]],
}
SOURCES: Mapping[str, object] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["source"],
        "properties": {
            "source": {"type": "string", "examples": ["acme-fax"]},
            "every": {"type": "string", "examples": ["30s"]},
            "settings": {"type": "object"},
            **_COMMON,
        },
        "examples": [_SOURCE_ROW],
    },
    "examples": [[_SOURCE_ROW]],
}


@dataclass(frozen=True)
class Signed:
    """How a hook's requests are signed; `secret` may be a reference."""

    style: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class HookRow:
    """One row of `hooks`: where requests come in, what they hold and who may send them.

    `people` says that those who send act for our own people: they may take, resolve and approve. `map` is the name of
    a shipped mapping or a file, "" for events as `playbook run` reads them.
    """

    path: str
    map: str = ""
    channel: str = ""
    account: str = ""
    ours: tuple[str, ...] = ()
    signed: Signed | None = None
    unsigned: bool = False
    people: bool = False


@dataclass(frozen=True)
class SourceRow:
    """One row of `sources`. `every` is a duration: how long after its end a source is read again."""

    source: str
    every: str = "1m"
    map: str = ""
    channel: str = ""
    account: str = ""
    ours: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)


def hook_row(written: Mapping[str, Any]) -> HookRow:
    """A row that fits the schema."""
    row = dict(written)
    signed = row.pop("signed", None)
    return HookRow(
        signed=Signed(signed["as"], signed["secret"]) if signed is not None else None,
        unsigned=bool(row.pop("unsigned", False)),
        people=row.pop("from", "customers") == "people",
        ours=tuple(row.pop("ours", ())),
        **row,
    )


def source_row(written: Mapping[str, Any]) -> SourceRow:
    """A row that fits the schema."""
    return SourceRow(**{**written, "ours": tuple(written.get("ours", ()))})


def may_be_secret(path: tuple[str | int, ...]) -> bool:
    """Whether a secret is looked up at this place of the file."""
    match path:
        case ("hooks", int(), "signed", "secret") | ("sources", int(), "settings", *_):
            return True
        case _:
            return False
