"""Findings that a team knows of and has put off, kept in a file by their fingerprints.

A fingerprint is made of what a part says, so one finding mended and another made in its place is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from playbook_engine.errors import UsageError
from playbook_engine.lint.finding import Finding

VERSION = 1


@dataclass(frozen=True)
class Known:
    """One finding of the baseline, in the playbook of that name. The other words are for people."""

    playbook: str
    fingerprint: str
    code: str
    node: str
    message: str


_FIELDS = tuple(each.name for each in fields(Known))


def read_baseline(text: str, name: str) -> tuple[Known, ...]:
    """The findings in the text of a baseline file. Raises UsageError naming the file and what is wrong with it."""
    try:
        held = json.loads(text)
        if held["version"] != VERSION:
            raise UsageError(
                f"`{name}` is a baseline of version {held['version']}; write it anew with --write-baseline"
            )
        known = [Known(*(str(each[name]) for name in _FIELDS)) for each in held["findings"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = f"`{name}` is not a baseline that lint has written ({type(error).__name__})"
        raise UsageError(f"{said}; write it anew with --write-baseline") from None
    return tuple(known)


def written(known: Iterable[Known]) -> str:
    """The text of a baseline file: one finding a line, in a steady order, so that its changes can be reviewed."""
    rows = sorted(set(known), key=lambda each: (each.playbook, each.code, each.node, each.fingerprint))
    lines = [json.dumps(asdict(each), ensure_ascii=False) for each in rows]
    held = "\n    " + ",\n    ".join(lines) + "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{held}]\n}}\n'


def of_findings(playbook: str, found: Iterable[Finding]) -> tuple[Known, ...]:
    """The findings in a playbook as a baseline keeps them; what keeps it from being used cannot be put off."""
    return tuple(
        Known(playbook, each.fingerprint, each.code, each.node, each.message) for each in found if not each.unusable
    )
