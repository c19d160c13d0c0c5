"""The one place that knows the template library, minijinja 3: https://docs.rs/minijinja/3/minijinja/syntax/.

Names of links may hold a dash: `link.opening-hours`, to the engine a subtraction, is read as a member. Templates
get no functions, no other templates and nothing that can be called or changed: only texts, numbers and read-only
mappings of them. Fuel bounds time and memory alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

import re2
from minijinja import Environment, TemplateError

FUEL = 20_000
"""Steps of one rendering; making texts longer takes some, too."""

_NAME = "text"
_TAG = re2.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}")
_LINK = re.compile(
    r"""(?P<other>"[^"]*"|'[^']*'|\b[\w.]*\.link\b)"""
    r"""|\blink(?:\.(?P<dotted>\w(?:[\w-]*\w)?)|\[\s*(?P<quote>["'])(?P<id>[^"']*)(?P=quote)\s*\])"""
)
"""A link, by its dot or in brackets; texts in quotes are passed over."""

_BRACKETED_LINK = re.compile(r"""\blink\[(?:"|')([^"']*)(?:"|')\]""")

_FUNCTIONS = ("cycler", "debug", "dict", "joiner", "namespace", "range")

Context: TypeAlias = "str | int | Mapping[str, Context]"


class TemplateFault(Exception):
    """Why a source cannot be read or rendered. `line` counts from 1 within the source, 0 where it is unknown.

    `kind` is the library's: SyntaxError, UndefinedError, OutOfFuel, ...
    """

    def __init__(self, kind: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line


def rendered(source: str, values: Mapping[str, Context]) -> str:
    """Raises TemplateFault."""
    try:
        return _environment(source).render_template(_NAME, **{name: _sealed(held) for name, held in values.items()})
    except TemplateError as error:
        raise _fault(error) from None
    except Exception as error:  # a template can call methods of a mapping, and those raise what they like
        raise TemplateFault(type(error).__name__, str(error)) from None


@lru_cache(maxsize=4096)
def names_read(source: str) -> frozenset[str]:
    """The dotted names that a source reads: `author.name`, `link.opening-hours`. Raises TemplateFault.

    `link` alone stands for one that is not named outright.
    """
    links: list[str] = []

    def without(found: re.Match[str]) -> str:
        if found["other"]:
            return found[0]
        links.append(f"link.{found['dotted'] or found['id']}")
        return '""'

    plain = _TAG.sub(lambda tag: _LINK.sub(without, tag[0]), whole(source))
    try:
        others = _compiled(plain).undeclared_variables_in_template(_NAME, nested=True)
    except TemplateError as error:
        raise _fault(error) from None
    return frozenset((*others, *links))


@lru_cache(maxsize=4096)
def _environment(source: str) -> Environment:
    return _compiled(_TAG.sub(lambda tag: _LINK.sub(_bracketed, tag[0]), whole(source)))


def whole(source: str) -> str:
    """The source, which neither library could encode with half a surrogate pair. Raises TemplateFault."""
    if not source.isascii() and any("\ud800" <= sign <= "\udfff" for sign in source):
        raise TemplateFault("SyntaxError", "half a surrogate pair stands in the text; write the whole character")
    return source


def _bracketed(link: re.Match[str]) -> str:
    return link[0] if link["other"] else f'link["{link["dotted"] or link["id"]}"]'


def _compiled(source: str) -> Environment:
    environment = Environment(
        fuel=FUEL,
        undefined_behavior="strict",
        auto_escape_callback=lambda name: False,
        keep_trailing_newline=True,
        debug=True,  # else an error does not say which value is missing
        pycompat=False,
    )
    for function in _FUNCTIONS:
        environment.remove_global(function)
    environment.add_template(_NAME, source)
    return environment


def _sealed(value: Context) -> Context:
    # The library calls methods of what it is given: a plain dict could be changed by a template.
    if isinstance(value, Mapping):
        return MappingProxyType({name: _sealed(held) for name, held in value.items()})
    return value


def _fault(error: TemplateError) -> TemplateFault:
    message = _BRACKETED_LINK.sub(r"link.\1", error.detail or error.kind)
    return TemplateFault(error.kind, message, error.line or 0)
