"""Where a value stands in the text, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of one line: `line` and `column` count from 1, in characters; `end_column` is excluded."""

    file: str
    line: int = 1
    column: int = 1
    end_column: int = 2

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that keeps a text from being used.

    `message` names the offending text, what is true instead and one thing to do. `code` is stable and
    kebab-case. `legal` lists the values that would do (shown to at most twelve), `nearest` the likeliest.
    """

    span: Span
    code: str
    message: str
    legal: tuple[str, ...] = ()
    nearest: str = ""
