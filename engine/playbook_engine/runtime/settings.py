"""The settings file: which plugin carries what, what each plugin needs to know, and where events come in.

It is environment, not policy.

carry:                              # the first row that fits; what none carries is carried by `log`
  - {action: send, channel: email, by: email}
plugins:
  email: {host: "${env:SMTP_HOST}", from: care@minato.example, password: "${file:/run/secrets/smtp}"}
allow_hosts: [hooks.minato.example] # may be called although only a playbook names them
state: playbook-state               # where tables of the plugins' own lie; default: beside the store
hooks:                              # where `playbook serve` takes in what others send
  - {path: /slack, map: slack, signed: {as: slack, secret: "${env:SLACK_SECRET}"}}
sources:                            # what `playbook serve` asks plugins for
  - {source: acme-fax, every: 30s, settings: {inbox: /var/fax}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import convert

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.model.span import Problem
from playbook_engine.runtime import entrances
from playbook_engine.runtime.entrances import HookRow, SourceRow, hook_row, may_be_secret, source_row
from playbook_engine.runtime.secrets import misspelt
from playbook_engine.text.document import Document, Value
from playbook_engine.text.document import Path as Place
from playbook_engine.text.read import read
from playbook_engine.text.scalars import is_flag, is_integer
from playbook_engine.text.validate import validate

_ROW = {"action": "send", "channel": "email", "by": "email"}
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "carry": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["by"],
                "properties": {
                    "action": {"type": "string", "examples": ["send"]},
                    "channel": {"type": "string", "examples": ["email"]},
                    "by": {"type": "string", "examples": ["email"]},
                },
                "examples": [_ROW],
            },
            "examples": [[_ROW]],
        },
        "plugins": {
            "type": "object",
            "additionalProperties": {"type": "object"},
            "examples": [{"email": {"host": "smtp.minato.example", "from": "care@minato.example"}}],
        },
        "allow_hosts": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "string",
                "pattern": r"^(\*\.)?[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?$",
                "says": "is not a host; write for instance hooks.minato.example, *.minato.example or localhost:8080",
            },
            "examples": [["hooks.minato.example"]],
        },
        "state": {"type": "string", "examples": ["playbook-state"]},
        "hooks": entrances.HOOKS,
        "sources": entrances.SOURCES,
    },
}
_NOWHERE = Document(value={}, spans={}, key_spans={}, lines={"settings": ()}, quoted=frozenset())


@dataclass(frozen=True)
class CarryRow:
    """One row of `carry`. An action or a channel that is not given fits any."""

    by: str
    action: str = ""
    channel: str = ""

    def fits(self, action: str, channel: str) -> bool:
        return self.action in ("", action) and self.channel in ("", channel)


@dataclass(frozen=True)
class Settings:
    """`plugins` holds texts, integers, flags, lists and mappings as written; secrets are references still.

    Relative paths are meant from `folder`. `document` tells where each value stands.
    """

    carry: tuple[CarryRow, ...] = ()
    plugins: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    allow_hosts: tuple[str, ...] = ()
    state: str = ""
    hooks: tuple[HookRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    folder: Path = Path(".")
    document: Document = _NOWHERE


NO_SETTINGS = Settings()


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises UsageError for one that cannot be read, PlaybookProblems for what is wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"{path} cannot be read: {why}; name a YAML file of settings") from None
    document, unreadable = read({path.as_posix(): content})
    faults = {*unreadable, *validate(document, SCHEMA), *_misspelt_references(document)}
    if faults:
        raise PlaybookProblems(tuple(sorted(faults)), document.lines)
    top = document.value
    return Settings(
        carry=convert(top.get("carry", []), tuple[CarryRow, ...]),
        plugins=convert(_typed(document, top.get("plugins", {}), ("plugins",)), dict[str, dict[str, object]]),
        allow_hosts=convert(top.get("allow_hosts", []), tuple[str, ...]),
        state=convert(top.get("state", ""), str),
        hooks=tuple(map(hook_row, _rows(document, "hooks"))),
        sources=tuple(map(source_row, _rows(document, "sources"))),
        folder=path.parent,
        document=document,
    )


def _rows(document: Document, section: str) -> list[dict[str, Any]]:
    rows = _typed(document, document.value.get(section, []), (section,))
    return convert(rows, list[dict[str, Any]])


def scalars(value: Value, path: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text within a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from scalars(each, (*path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from scalars(each, (*path, number))


def _misspelt_references(document: Document) -> Iterator[Problem]:
    for path, text in scalars(document.value):
        wrong = misspelt(text)
        if wrong:
            yield Problem(document.span(*path), "secret-reference", wrong)
        elif "${" in text and path[:1] != ("plugins",) and not may_be_secret(path):
            said = "secrets are looked up under `plugins` only; write the text itself"
            yield Problem(document.span(*path), "secret-reference", said)


def _typed(document: Document, value: Value, path: Place) -> object:
    """Unquoted integers and flags as such, so that JSON made of settings has them; everything else is text."""
    if isinstance(value, dict):
        return {name: _typed(document, each, (*path, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed(document, each, (*path, number)) for number, each in enumerate(value)]
    if not isinstance(value, str) or path in document.quoted:
        return value
    if is_flag(value):
        return value == "true"
    # `-0` is the one integer that does not come back as it was written.
    return int(value) if is_integer(value) and value != "-0" else value
