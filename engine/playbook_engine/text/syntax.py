"""What to write instead, where a text is not YAML.

libyaml says what it missed and where it noticed; people need the cause, which stands earlier and is nearly
always one of a few slips. Each function below knows one slip and returns None where it is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playbook_engine.model.span import Problem, Span
from playbook_engine.text import fullwidth
from playbook_engine.text.scalars import shown

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 0."""

TEMPLATE_CODE = "unquoted-template"
TEMPLATE_ADVICE = "`{{` begins a mapping to YAML; put the whole text in double quotes"

DIRECTIVE_CODE = "directive"
DIRECTIVE_ADVICE = "a line that begins with `%` speaks to YAML itself; leave it out"

SECOND_DOCUMENT_CODE = "second-document"
SECOND_DOCUMENT_ADVICE = "a file holds one document; move what follows `---` or `...` to a file of its own"

TAB_ADVICE = "a tab indents this line; indent with spaces"

_SYNTAX = "yaml-syntax"
_NO_KEY = "did not find expected key"
_WORD = re.compile(r"[^\s,\[\]{}]*")
_JOINED_KEY = re.compile(r"\s*(?:- +)*[^\s:#\"']+:(?=\S)")


@dataclass(frozen=True)
class Stretch:
    """Where a scalar begins and ends; the end is excluded."""

    start: Place
    end: Place
    quoted: bool


@dataclass(frozen=True)
class Fault:
    """What stopped the reading: where it was noticed, where the construct began that could not be finished,
    and the scalar that was read before.
    """

    file: str
    lines: tuple[str, ...]
    what: str
    at: Place
    began: Place | None
    last: Stretch | None

    @property
    def line(self) -> int:
        return self.at[0]

    @property
    def before(self) -> str:
        """What stands on the line before the place."""
        return self.text(self.line)[: self.at[1]]

    @property
    def rest(self) -> str:
        """What stands on the line from the place on."""
        return self.text(self.line)[self.at[1] :].rstrip()

    def text(self, line: int) -> str:
        return self.lines[line] if line < len(self.lines) else ""

    def says(self, *parts: str) -> bool:
        return any(part in self.what for part in parts)

    def problem(self, message: str, at: Place | None = None, code: str = _SYNTAX) -> Problem:
        return Problem(word_at(self.file, self.lines, at or self.at), code, message)

    def wide_sign(self, line: int, column: int) -> Problem:
        span = Span(self.file, line + 1, column + 1, column + 2)
        return Problem(span, fullwidth.CODE, fullwidth.message(self.text(line)[column]))


def word_at(file: str, lines: tuple[str, ...], place: Place) -> Span:
    """The word that stands there; the end of the last line, where the place is past the text."""
    line, column = place
    if line >= len(lines):
        line, column = max(0, len(lines) - 1), len(lines[-1]) if lines else 0
    word = _WORD.match(lines[line] if lines else "", column)
    end = word.end() if word else column
    return Span(file, line + 1, column + 1, max(end, column + 1) + 1)


def advise(fault: Fault) -> Problem:
    for slip in _SLIPS:
        if problem := slip(fault):
            return problem
    return fault.problem(f"YAML cannot be read from here ({fault.what}); compare with the lines above")


def _tab(fault: Fault) -> Problem | None:
    text = fault.text(fault.line)
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" not in indent or fault.at[1] > len(indent):
        return None
    return fault.problem(TAB_ADVICE, (fault.line, indent.index("\t")), "tab-indentation")


def _directive(fault: Fault) -> Problem | None:
    percent = fault.before == "" and fault.rest.startswith("%")
    if not percent and not fault.says("directive"):
        return None
    return fault.problem(DIRECTIVE_ADVICE, ((fault.began or fault.at)[0], 0), DIRECTIVE_CODE)


def _template(fault: Fault) -> Problem | None:
    """`{{ name }}様`, or `{ja: Dear {{ name }}}`."""
    opening = fault.before.rfind("{{")
    if opening >= 0 and fault.before.rstrip().endswith("}}"):
        return fault.problem(TEMPLATE_ADVICE, (fault.line, opening), TEMPLATE_CODE)
    if not (fault.before[-1:] + fault.rest[:2]).endswith("{{"):
        return None
    return fault.problem(TEMPLATE_ADVICE, fault.at, TEMPLATE_CODE)


def _full_width(fault: Fault) -> Problem | None:
    """A full-width colon or space, on the line or on those that were read as one text with it."""
    starts = [
        fault.line,
        *([fault.began[0]] if fault.began else []),
        *([fault.last.start[0]] if fault.last else []),
    ]
    for line in range(fault.line, min(starts) - 1, -1):
        column = fullwidth.in_broken_line(fault.text(line))
        if column is not None:
            return fault.wide_sign(line, column)
    return None


def _first_sign(fault: Fault) -> Problem | None:
    if not fault.says("cannot start any token", "an alias", "an anchor", "a tag"):
        return None
    line, column = fault.at if fault.says("any token") else fault.began or fault.at
    sign = fault.text(line)[column : column + 1]
    if not sign.strip():
        return fault.problem("a tab stands here; type spaces", (line, column), "tab-indentation")
    named = "a backtick" if sign == "`" else f"`{sign}`"
    return fault.problem(f"a text that begins with {named} must stand in double quotes", (line, column))


def _open_quote(fault: Fault) -> Problem | None:
    if not fault.says("quoted scalar") or not fault.says("end of stream", "document indicator"):
        return None
    return fault.problem("the quote that opens here is never closed", fault.began)


def _escape(fault: Fault) -> Problem | None:
    if not fault.says("escape", "hexdecimal"):
        return None
    at = (fault.before + fault.rest[:1]).rfind("\\")
    if not fault.says("unknown"):
        return fault.problem("this escape names no character; type the character itself", (fault.line, max(at, 0)))
    sign = fault.text(fault.line)[at : at + 2]
    advice = f"`{sign}` means nothing in double quotes; write `\\{sign}`, or use single quotes"
    return fault.problem(advice, (fault.line, max(at, 0)))


def _closed_late(fault: Fault) -> Problem | None:
    """A quote that was closed by the next text's opening one, on a later line."""
    last = fault.last
    if last is None or not last.quoted or last.end[0] != fault.line or fault.before[last.end[1] :].strip():
        return None
    if last.start[0] == fault.line:
        return None
    advice = f"the quote that opens here is closed on line {fault.line + 1} only; close it where its text ends"
    return fault.problem(advice, last.start)


def _after_quote(fault: Fault) -> Problem | None:
    """`a: 'it's'`, or `a: "x" y`."""
    last = fault.last
    if last is None or not last.quoted or last.end[0] != fault.line or fault.before[last.end[1] :].strip():
        return None
    if not fault.rest:
        return None
    advice = "follows the closing quote; put the whole text between the other kind of quotes"
    return fault.problem(f"`{shown(fault.rest)}` {advice}")


def _second_colon(fault: Fault) -> Problem | None:
    """`a: b: c`: the text `b: c` is not quoted."""
    last = fault.last
    if last is None or last.quoted or last.start[0] != fault.line or not fault.rest.startswith(":"):
        return None
    if fault.before[last.end[1] :].strip():
        return None
    text = fault.text(fault.line)[last.start[1] :].rstrip()
    if re.search(r"[\[{]", fault.before[: last.start[1]]):
        comma = re.search("[，、]", fault.before[last.start[1] :])
        if comma:
            return fault.wide_sign(fault.line, last.start[1] + comma.start())
        text = re.split(r"[,\]}]", text)[0]
    if fault.rest == ":":
        return fault.problem(f"`{shown(text)}` is a second key on this line; give it a line of its own", last.start)
    advice = f'a text that holds `: ` must stand in quotes: write `"{shown(text)}"`'
    return fault.problem(advice, last.start)


def _key_inside_text(fault: Fault) -> Problem | None:
    """`a: b` and below it, deeper, `c: d`."""
    last = fault.last
    if not fault.says("mapping values are not allowed") or last is None or last.start[0] >= fault.line:
        return None
    text = fault.text(fault.line)
    return fault.problem(
        f"this line continues the text of line {last.start[0] + 1}, and a text cannot hold a key; "
        "indent it as the keys around it, or write that text as a block (`|`)",
        (fault.line, len(text) - len(text.lstrip())),
    )


def _stray_colon(fault: Fault) -> Problem | None:
    if not fault.says("mapping values are not allowed"):
        return None
    return fault.problem("a colon ends a key, and no key can stand here; put a text that holds `: ` in quotes")


def _tight_colon(fault: Fault) -> Problem | None:
    """`{to:[a]}`, or a text that ends with a colon: `[re:, fw:]`."""
    if not fault.says("found unexpected ':'"):
        return None
    return fault.problem("a blank is missing after this colon; a text that ends with one must stand in quotes")


def _no_colon(fault: Fault) -> Problem | None:
    if not fault.says("could not find expected ':'") or fault.began is None:
        return None
    line, column = fault.began
    joined = _JOINED_KEY.match(fault.text(line))
    if joined:
        return fault.problem("a blank is missing after this colon", (line, joined.end() - 1))
    advice = (
        f"`{shown(fault.text(line)[column:])}` is neither a key nor indented as part of the text above; "
        "write `key: value`, or indent it"
    )
    return fault.problem(advice, fault.began)


def _after_bracket(fault: Fault) -> Problem | None:
    if not fault.says(_NO_KEY) or fault.before.rstrip()[-1:] not in ("]", "}") or not fault.rest:
        return None
    return fault.problem(f"`{shown(fault.rest)}` follows a closed bracket; put the whole text in quotes")


def _flow(fault: Fault) -> Problem | None:
    """Inside `{ }` or `[ ]`."""
    if not fault.says("flow mapping", "flow sequence") or fault.began is None:
        return None
    line, column = fault.began
    opening = fault.text(line)[column : column + 1]
    if fault.line != line:
        return fault.problem(f"the `{opening}` that opens here is not closed", fault.began)
    if fault.rest[:1] in ("]", "}"):
        return fault.problem(f"`{fault.rest[0]}` does not close the `{opening}` of column {column + 1}")
    advice = f"a comma is missing before `{shown(fault.rest)}`; where both are one text, put it in quotes"
    return fault.problem(advice)


def _nothing_there(fault: Fault) -> Problem | None:
    if not fault.says("did not find expected node content"):
        return None
    if fault.rest:
        sign = fault.rest[0]
        return fault.problem(f"a value is missing before `{sign}`; a text that begins with it stands in quotes")
    for line in range(min(fault.line, len(fault.lines) - 1), -1, -1):
        column = max(fault.text(line).rfind("["), fault.text(line).rfind("{"))
        if column >= 0:
            return fault.problem(f"the `{fault.text(line)[column]}` that opens here is not closed", (line, column))
    return None


def _entry_beside_key(fault: Fault) -> Problem | None:
    if not fault.says("block sequence entries are not allowed"):
        return None
    return fault.problem("a list begins below its key, each entry on a line of its own; or write it as `[a, b]`")


def _question(fault: Fault) -> Problem | None:
    if not fault.says("mapping keys are not allowed"):
        return None
    return fault.problem("a text that begins with `? ` must stand in double quotes")


def _block_header(fault: Fault) -> Problem | None:
    if not fault.says("block scalar"):
        return None
    return fault.problem("after `|` or `>` the text begins on the next line, indented with spaces", fault.began)


def _indentation(fault: Fault) -> Problem | None:
    """A line whose indentation or first sign belongs to nothing above it."""
    sign = fault.rest[:1]
    if fault.says("'-' indicator"):
        return fault.problem("the list above is not finished: begin an entry with `- `, or indent this under one")
    if not fault.says(_NO_KEY, "document start"):
        return None
    if fault.says("document start") and "..." in (line.strip() for line in fault.lines[: fault.line]):
        return fault.problem(SECOND_DOCUMENT_ADVICE, code=SECOND_DOCUMENT_CODE)
    if sign == "-":
        return fault.problem("a list entry stands where a key is wanted; put it under its key")
    if sign in (":", "?"):
        return fault.problem("a key is missing before this; write `key: value`, or put a text in quotes")
    if sign in ("]", "}"):
        return fault.problem(f"this `{sign}` closes nothing; take it out")
    return fault.problem("this line is indented as none of those above; align it with the key it stands beside")


_SLIPS: tuple[Callable[[Fault], Problem | None], ...] = (
    _tab,
    _directive,
    _closed_late,
    _template,
    _full_width,
    _first_sign,
    _open_quote,
    _escape,
    _after_quote,
    _second_colon,
    _key_inside_text,
    _stray_colon,
    _tight_colon,
    _no_colon,
    _after_bracket,
    _flow,
    _nothing_there,
    _entry_beside_key,
    _question,
    _block_header,
    _indentation,
)
