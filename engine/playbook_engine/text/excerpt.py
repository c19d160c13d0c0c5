"""A problem as people read it: the place, what is wrong, the line, carets under the fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_engine.model.span import Problem, Span
from playbook_engine.text.scalars import without_unseen
from playbook_engine.text.width import width

_MOST_LEGAL = 12
_WIDEST_LINE = 120
"""Terminal columns of source shown; a longer line is cut around the fault."""


def excerpt(problem: Problem, lines: Mapping[str, tuple[str, ...]]) -> str:
    """`file:7:9: message [code]`, the line and carets; the line is left out where the file has no such line."""
    span = problem.span
    head = f"{span}: {sentence(problem)} [{problem.code}]"
    shown = marked(span, lines)
    if shown is None:
        return head
    number = str(span.line)
    return f"{head}\n  {number} | {shown[0]}\n  {' ' * len(number)} | {shown[1]}"


def marked(span: Span, lines: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The line of a place, cut to a width that can be shown, and the carets below it; None where there is none."""
    known = lines.get(span.file, ())
    if not 1 <= span.line <= len(known):
        return None
    before, fault, after = _around(known[span.line - 1], span.column - 1, span.end_column - 1)
    return (before + fault + after).rstrip(), " " * width(before) + "^" * max(1, width(fault))


def sentence(problem: Problem) -> str:
    """The message with the nearest name and the legal values, where the message does not name them itself."""
    return with_legal(problem.message, problem.legal, problem.nearest)


def with_legal(message: str, legal: Sequence[str], nearest: str) -> str:
    """A message with the likeliest of the values that would do, and the first twelve of them."""
    said = message
    if nearest and f"did you mean `{nearest}`" not in said:
        said += f"; did you mean `{nearest}`?"
    if legal:
        named = ", ".join(legal[:_MOST_LEGAL])
        more = len(legal) - _MOST_LEGAL
        said += f" (known: {named}{f', and {more} more' if more > 0 else ''})"
    return said


def _around(line: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before the fault, the fault and what follows, cut so that the fault can be seen."""
    shown = without_unseen(line.replace("\t", " "))
    before, fault, after = shown[:start], shown[start : max(end, start + 1)], shown[max(end, start + 1) :]
    if width(shown) > _WIDEST_LINE:
        room = _WIDEST_LINE // 3
        before = before if len(before) <= room else "…" + before[-room:]
        fault = fault if len(fault) <= room else fault[:room] + "…"
        after = after if len(after) <= room else after[:room] + "…"
    return before, fault, after
