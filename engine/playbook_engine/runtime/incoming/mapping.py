"""A mapping file: how a foreign payload becomes messages, in JMESPath (https://jmespath.org/specification.html).

Every expression sees one object: `payload` is the whole of it, `item` what `each` found, `mail` the e-mail in it,
`account` and `ours` what the source says of us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import Options

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.model.span import Problem
from playbook_engine.resources import shipped
from playbook_engine.runtime.incoming.functions import MappingFunctions
from playbook_engine.text.document import Document, Value
from playbook_engine.text.nearest import nearest
from playbook_engine.text.read import read

LONGEST_EXPRESSION = 2_000

_FLAG_FIELDS = ("public", "automatic", "imported")
_AUTHOR_FIELDS = ("handle", "name", "followers", "verified")
_EVENT_FIELDS = (
    *("type", "id", "message", "at", "channel", "account", "origin", "author", "text", "lang", "attachments"),
    *("in_reply_to", "conversation", "by", "subject", "step", *_FLAG_FIELDS),
)
_TOP_KEYS = ("mapping", "format", "about", "channel", "mail", "kind", "maps")
_MAP_KEYS = ("id", "each", "when", "event")


class Expression(Protocol):
    """Something to be looked up in what the payload and the source say."""

    def search(self, value: object) -> object: ...


@dataclass(frozen=True)
class Constant:
    value: object

    def search(self, value: object) -> object:
        return self.value


@dataclass(frozen=True)
class Query:
    """A compiled expression. `search` raises JMESPathError or ValueError."""

    written: str
    parsed: jmespath.parser.ParsedResult

    def search(self, value: object) -> object:
        found: object = self.parsed.search(value, _OPTIONS)
        return found


@dataclass(frozen=True)
class Map:
    """One kind of message within the payload. `event` has an expression for each field, `author.` before its own."""

    id: str
    each: Expression
    when: Expression
    event: Mapping[str, Expression]


@dataclass(frozen=True)
class PayloadMapping:
    """`mail` finds the e-mail in a payload, None where there is none; `kind` names what is no message."""

    name: str
    channel: str
    mail: Expression | None
    kind: Expression
    maps: tuple[Map, ...]


def shipped_mappings() -> tuple[str, ...]:
    return tuple(sorted(each.name.removesuffix(".yaml") for each in shipped("mappings").iterdir()))


def load_mapping(name: str) -> PayloadMapping:
    """The shipped mapping of that name, or the file at that path. Raises UsageError and PlaybookProblems."""
    if name in shipped_mappings() or not Path(name).suffix:
        return shipped_mapping(name)
    try:
        content = Path(name).read_bytes()
    except OSError as fault:
        reason = (fault.strerror or "it cannot be read").lower()
        raise UsageError(f"the mapping `{name}` cannot be opened: {reason}") from None
    return read_mapping(name, content)


def shipped_mapping(name: str) -> PayloadMapping:
    """Raises UsageError for a name that is not shipped."""
    if name not in shipped_mappings():
        meant = nearest(name, shipped_mappings())
        hint = f"did you mean `{meant}`?" if meant else f"shipped are {', '.join(shipped_mappings())}"
        raise UsageError(f"no mapping is called `{name}`; {hint}")
    return read_mapping(f"{name}.yaml", (shipped("mappings") / f"{name}.yaml").read_bytes())


def read_mapping(file: str, content: bytes) -> PayloadMapping:
    """Raises PlaybookProblems with everything that is wrong."""
    document, problems = read({file: content})
    reading = _Reading(document)
    mapping = reading.mapping()
    found = sorted({*problems, *reading.problems})
    if mapping is None or found:
        raise PlaybookProblems(tuple(found))
    return mapping


_FUNCTIONS = MappingFunctions()
_OPTIONS = Options(custom_functions=_FUNCTIONS)
_ALWAYS = Constant(True)
_TIGHT = ("subexpression", "index_expression", "projection", "filter_projection", "value_projection")
"""Nodes that bind less tightly than `!` although they look tighter."""


class _Reading:
    """Collects the problems of one file while its values are read by their places."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def mapping(self) -> PayloadMapping | None:
        top = self._document.value
        self._known(top, _TOP_KEYS)
        if top.get("format") != "1":
            self._say("wrong-type", "`format: 1` is the only form there is; write it", "format")
        maps = top.get("maps")
        if not isinstance(maps, list) or not maps:
            self._say("missing-key", "`maps` lists the kinds of messages; write at least one", "maps")
            return None
        return PayloadMapping(
            name=self._text(top, "mapping"),
            channel=self._text(top, "channel", default=""),
            mail=self._expression(top["mail"], "mail") if "mail" in top else None,
            kind=self._expression(top.get("kind") or "'other'", "kind"),
            maps=tuple(each for place in range(len(maps)) if (each := self._map(maps[place], place))),
        )

    def _map(self, row: Value, place: int) -> Map | None:
        at = ("maps", place)
        if not isinstance(row, dict):
            self._say("wrong-type", "a map has `id`, `each`, `when` and `event`", *at)
            return None
        self._known(row, _MAP_KEYS, *at)
        event = row.get("event")
        if not isinstance(event, dict):
            self._say("missing-key", "`event` says which field comes from where; write it", *at)
            return None
        self._known(event, _EVENT_FIELDS, *at, "event")
        return Map(
            id=self._text(row, "id", *at),
            each=self._expression(row.get("each") or "payload", *at, "each"),
            when=self._expression(row["when"], *at, "when") if "when" in row else _ALWAYS,
            event=dict(self._fields(event, *at, "event")),
        )

    def _fields(self, event: dict[str, Value], *at: str | int) -> Iterator[tuple[str, Expression]]:
        for name, value in event.items():
            if name != "author":
                yield name, self._field(name, value, *at, name)
            elif isinstance(value, dict):
                self._known(value, _AUTHOR_FIELDS, *at, name)
                for part, written in value.items():
                    yield f"author.{part}", self._field(part, written, *at, name, part)
            else:
                self._say("wrong-type", "`author` has `handle`, `name`, `followers` and `verified`", *at, name)

    def _field(self, name: str, value: Value, *at: str | int) -> Expression:
        if not isinstance(value, dict):
            return self._expression(value, *at)
        constant = value.get("const")
        if list(value) != ["const"] or not isinstance(constant, str):
            self._say("wrong-type", f"`{name}` is an expression, or a constant as `{{const: …}}`", *at)
            return _ALWAYS
        if name not in _FLAG_FIELDS:
            return Constant(constant)
        if constant not in ("true", "false"):
            self._say("wrong-type", f"`{name}` is true or false", *at, "const")
        return Constant(constant == "true")

    def _expression(self, written: Value, *at: str | int) -> Expression:
        if not isinstance(written, str) or len(written) > LONGEST_EXPRESSION:
            self._say("wrong-type", f"write a JMESPath expression of up to {LONGEST_EXPRESSION} characters", *at)
            return _ALWAYS
        try:
            parsed = jmespath.compile(written)
        except (JMESPathError, RecursionError) as fault:
            self._say("expression", f"this is no JMESPath expression: {_first_line(fault)}", *at)
            return _ALWAYS
        for node in _nodes(parsed.parsed):
            self._check(node, *at)
        return Query(written, parsed)

    def _check(self, node: Mapping[str, object], *at: str | int) -> None:
        first = next(iter(_children(node)), None)
        if node.get("type") == "function_expression":
            self._call(str(node.get("value")), len(_children(node)), *at)
        elif node.get("type") in _TIGHT and first is not None and first.get("type") == "not_expression":
            self._say("expression", "`!a.b` is read as `(!a).b`; write `!(a.b)`", *at)

    def _call(self, called: str, count: int, *at: str | int) -> None:
        spec = _FUNCTIONS.FUNCTION_TABLE.get(called)
        if spec is None:
            meant = nearest(called, _FUNCTIONS.FUNCTION_TABLE)
            hint = f"did you mean `{meant}`?" if meant else "see the functions of JMESPath"
            self._say("unknown-function", f"no function is called `{called}`; {hint}", *at)
            return
        wanted: Sequence[Mapping[str, object]] = spec["signature"]
        if count != len(wanted) and not (wanted and wanted[-1].get("variadic") and count > len(wanted)):
            self._say("expression", f"`{called}` takes {len(wanted)} arguments; it is given {count}", *at)

    def _text(self, row: dict[str, Value], key: str, *at: str | int, default: str | None = None) -> str:
        value = row.get(key, default)
        if isinstance(value, str) and (value or default == ""):
            return value
        self._say("missing-key", f"`{key}` is missing; write a name", *at)
        return ""

    def _known(self, row: dict[str, Value], known: Sequence[str], *at: str | int) -> None:
        for key in row:
            if key not in known:
                meant = nearest(key, known)
                hint = f"did you mean `{meant}`?" if meant else f"known are {', '.join(known)}"
                span = self._document.key_span(*at, key)
                self.problems.append(
                    Problem(span, "unknown-key", f"`{key}` is no key here; {hint}", tuple(known), meant)
                )

    def _say(self, code: str, message: str, *at: str | int) -> None:
        self.problems.append(Problem(self._document.span(*at), code, message))


def _nodes(node: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield node
    for child in _children(node):
        yield from _nodes(child)


def _children(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    children = node.get("children")
    return [child for child in children if isinstance(child, dict)] if isinstance(children, list) else []


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0][:200]
