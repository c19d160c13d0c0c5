"""Arguments that several commands share, and the playbook they name."""

from __future__ import annotations

import locale
import os
from pathlib import Path

import click

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.playbooks import Loaded, load
from playbook_engine.scenario import moments

PLAYBOOK = click.argument("path", type=click.Path(path_type=Path))

LANG = click.option("--lang", type=click.Choice(["en", "ja"]), help="English or Japanese. Default: from the locale.")


def language(asked: str | None) -> str:
    """What `--lang` says, else the first of LC_ALL, LC_MESSAGES and LANG, else the system; English for all but ja."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = asked or next(filter(None, names), None) or locale.getlocale()[0] or ""
    return "ja" if spoken.startswith("ja") else "en"


def load_any(path: Path, registry: Registry) -> Loaded:
    """The playbook at `path`, with whatever is wrong with it."""
    return load(path, registry.actions)


def load_policy(path: Path, registry: Registry | None = None) -> Policy:
    """The policy of the playbook at `path`. Raises PlaybookProblems with everything that is wrong."""
    loaded = load_any(path, registry or Registry.build())
    if loaded.policy is None:
        raise PlaybookProblems(loaded.problems, loaded.document.lines)
    return loaded.policy


def instant(text: str | None, zone: str) -> int:
    """ISO 8601 as ms UTC; without an offset it is a wall-clock time of `zone`; None is now. Raises UsageError."""
    if text is None:
        return SystemClock().now()
    try:
        return moments.instant(text, zone)
    except ValueError:
        example = "2026-12-28T17:30 or 2026-12-28T17:30+09:00"
        raise UsageError(f"`{text}` is not a time; write it as {example}") from None
