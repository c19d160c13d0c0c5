"""Arguments that several commands share, and the playbook they name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.playbooks import Loaded, load

PLAYBOOK = click.argument("path", type=click.Path(path_type=Path))


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
        said = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-12-28T17:30 or 2026-12-28T17:30+09:00"
        raise UsageError(f"`{text}` is not a time; write it as {example}") from None
    aware = said if said.tzinfo else said.replace(tzinfo=load_zone(zone))
    return round((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
