"""Every deliberate exception.

    PlaybookError
    ├── PlaybookProblems     a playbook, mapping or settings file that cannot be used; holds every problem found
    ├── UsageError           a command that was asked for something that is not there
    └── StoreError           a store that cannot be opened, or was written by a newer release
        └── NoPolicy         the policy of a digest cannot be made again from what a store keeps

The command line prints the message of a `PlaybookError` and no traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playbook_engine.model.span import Problem


class PlaybookError(Exception):
    """Something a user can put right."""


class PlaybookProblems(PlaybookError):
    """All problems of one reading, in file order. `lines` holds the files' lines, for excerpts."""

    def __init__(self, problems: tuple[Problem, ...], lines: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.problems = problems
        self.lines = lines or {}
        super().__init__("\n".join(f"{p.span}: {p.message} [{p.code}]" for p in problems))


class UsageError(PlaybookError):
    """The command line asked for something that is not there."""


class StoreError(PlaybookError):
    """The store cannot be opened or read."""


class NoPolicy(StoreError):
    """The policy of a digest cannot be made again."""
