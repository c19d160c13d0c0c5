"""What a mapping's expressions can call beyond the functions of JMESPath (https://jmespath.org).

All of them answer null for null, so that a field that is not there stays not there. A function that cannot
use its argument raises ValueError, and the payload is set aside as `mapping-failed`.
"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from jmespath.functions import Functions, signature

from playbook_engine.runtime.incoming import instants
from playbook_engine.runtime.incoming.html_text import html_text
from playbook_engine.runtime.incoming.mail import message_ids
from playbook_engine.runtime.incoming.parse import parse
from playbook_engine.runtime.incoming.quoting import unquoted

if TYPE_CHECKING:
    from jmespath.functions import _Signature

_ANY: _Signature = {"types": []}
_TEXT: _Signature = {"types": ["string", "null"]}
_COUNT: _Signature = {"types": ["string", "number", "null"]}
_LIST: _Signature = {"types": ["array", "null"]}
_OBJECT: _Signature = {"types": ["object", "null"]}


class MappingFunctions(Functions):
    """Each method `_func_<name>` is a function; its docstring's first line says what it gives."""

    @signature(_COUNT)
    def _func_epoch_s(self, value: str | int | float | None) -> int | None:
        """An instant from a count of seconds since 1970, as Slack's `ts`."""
        return None if value is None else instants.epoch(value, 1)

    @signature(_COUNT)
    def _func_epoch_ms(self, value: str | int | float | None) -> int | None:
        """An instant from a count of milliseconds since 1970."""
        return None if value is None else instants.epoch(value, 1_000)

    @signature(_TEXT)
    def _func_x_time(self, value: str | None) -> int | None:
        """An instant from `Wed Aug 27 13:08:45 +0000 2008`."""
        return None if value is None else instants.x_time(value)

    @signature(_TEXT)
    def _func_rfc2822(self, value: str | None) -> int | None:
        """An instant from the date of an e-mail."""
        return None if value is None else instants.rfc2822(value)

    @signature(_TEXT)
    def _func_html_text(self, value: str | None) -> str | None:
        """HTML as it reads."""
        return None if value is None else html_text(value)

    @signature(_TEXT)
    def _func_unescaped(self, value: str | None) -> str | None:
        """A text with `&amp;`, `&lt;` and the like as the characters they stand for."""
        return None if value is None else unescape(value)

    @signature(_TEXT, _LIST)
    def _func_joined(self, between: str | None, parts: list[object] | None) -> str | None:
        """The texts and numbers of a list that are there, joined; null where none is."""
        found = [str(each) for each in parts or () if isinstance(each, (str, int)) and str(each)]
        return (between or "").join(found) or None

    @signature(_OBJECT, _COUNT)
    def _func_entry(self, held: dict[str, object] | None, key: str | int | None) -> object:
        """The entry of an object under a key that is itself looked up."""
        return None if held is None or key is None else held.get(str(key))

    @signature(_LIST, _TEXT, _ANY)
    def _func_found(self, rows: list[object] | None, field: str | None, value: object) -> object:
        """The first object of a list whose field has the value."""
        if value is None:
            return None
        return next((row for row in rows or () if isinstance(row, dict) and row.get(field) == value), None)

    @signature(_LIST)
    def _func_count(self, rows: list[object] | None) -> int:
        """How many entries a list has; 0 for null."""
        return len(rows or ())

    @signature(_TEXT, _TEXT)
    def _func_same(self, one: str | None, other: str | None) -> bool:
        """Whether two handles are one and the same: without a leading `@`, upper case as lower."""
        return one is not None and other is not None and _handle(one) == _handle(other)

    @signature(_LIST, _TEXT)
    def _func_among(self, handles: list[object] | None, one: str | None) -> bool:
        """Whether a handle is in a list, compared as `same` does."""
        return one is not None and _handle(one) in {_handle(str(each)) for each in handles or ()}

    @signature(_TEXT)
    def _func_unquoted(self, value: str | None) -> str | None:
        """What a person wrote in an answer by e-mail, without the message it quotes."""
        return None if value is None else unquoted(value)

    @signature(_TEXT)
    def _func_message_ids(self, value: str | None) -> list[str] | None:
        """The message ids of an e-mail's header, without their brackets."""
        return None if value is None else message_ids(value)

    @signature(_TEXT)
    def _func_json(self, value: str | None) -> object:
        """The value of a text that holds JSON."""
        return None if value is None else parse(value)


def _handle(text: str) -> str:
    return text.strip().removeprefix("@").casefold()
