"""One value of a document, or one key, while it is judged by a schema."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from playbook_engine.model.span import Span
from playbook_engine.text.document import Document, Path, Value
from playbook_engine.text.scalars import is_flag, is_integer

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Place:
    """`is_key` says that `value` is the last key of the path and not what stands under it."""

    document: Document
    value: Value
    path: Path
    is_key: bool = False

    @property
    def span(self) -> Span:
        """Where a message about the value points: at the key, where nothing stands under it."""
        if self.is_key or (self.value is None and self.path and isinstance(self.path[-1], str)):
            return self.document.key_span(*self.path)
        return self.document.span(*self.path)

    @property
    def outer_span(self) -> Span:
        """Where a message about something that is missing inside points: at the key of it all."""
        return self.document.key_span(*self.path)

    @property
    def quoted(self) -> bool:
        return not self.is_key and self.path in self.document.quoted

    @property
    def is_partly_read(self) -> bool:
        return not self.is_key and self.path in self.document.unread

    def under(self, step: str | int, value: Value) -> Place:
        return Place(self.document, value, (*self.path, step))

    def key(self, key: str) -> Place:
        return Place(self.document, key, (*self.path, key), is_key=True)

    def is_one_of(self, types: Collection[str]) -> bool:
        """Whether the value is of one of the JSON Schema types, a scalar being read as what is expected."""
        value = self.value
        if isinstance(value, dict):
            return "object" in types
        if isinstance(value, list):
            return "array" in types
        if value is None:
            return "null" in types
        if "string" in types:
            return True
        return not self.quoted and (
            ("integer" in types and is_integer(value))
            or ("number" in types and _DECIMAL.fullmatch(value) is not None)
            or ("boolean" in types and is_flag(value))
        )
