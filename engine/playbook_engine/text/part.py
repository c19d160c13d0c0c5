"""What one file holds, as far as it could be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from playbook_engine.model.span import Problem, Span
from playbook_engine.text.document import Path, Value


@dataclass
class Part:
    """Filled while a file is read; see Document for what its fields mean."""

    value: dict[str, Value] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)
    key_spans: dict[Path, Span] = field(default_factory=dict)
    quoted: set[Path] = field(default_factory=set)
    unread: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def forget(self, key: str) -> None:
        """Drops a top-level entry that could not be read to its end."""
        self.value.pop(key, None)
        for places in (self.spans, self.key_spans):
            for path in [path for path in places if path[:1] == (key,)]:
                del places[path]
        for marks in (self.quoted, self.unread):
            marks.difference_update([path for path in marks if path[:1] == (key,)])
