"""Files of tests against the smallest shipped playbook, written, read and judged."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from playbook_engine.errors import PlaybookProblems
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import Loaded, load
from playbook_engine.scenario.judging import judge
from playbook_engine.scenario.reading import Source, read_suite
from playbook_engine.scenario.suite import Suite
from playbook_engine.scenario.verdict import Verdict

MINIMAL = Path(__file__).parents[1] / "playbooks" / "minimal"
HEAD = f"""\
playbook: {MINIMAL}
defaults:
  start: 2026-06-15T10:00       # a Monday; the shop is open from 09:00 to 17:30
  event: {{channel: x, lang: en, author: {{handle: leaf, name: Leaf}}}}
"""


@cache
def _loaded(path: Path) -> Loaded:
    return load(path, Registry.build().actions)


@cache
def source() -> Source:
    return Source(lambda path: _loaded(path.resolve()), Registry.build().actions)


def suite(folder: Path, tests: str, head: str = HEAD) -> Suite:
    """The tests of a file that is written into the folder."""
    file = folder / "a.test.yaml"
    file.write_text(head + tests, "utf-8")
    return read_suite(file, source())


def refused(folder: Path, tests: str, head: str = HEAD) -> str:
    """Every problem of a file that is refused, one a line."""
    with pytest.raises(PlaybookProblems) as caught:
        suite(folder, tests, head)
    return "\n".join(
        problem.message + (f" [{problem.nearest}]" if problem.nearest else "") for problem in caught.value.problems
    )


def verdicts(folder: Path, tests: str, head: str = HEAD) -> dict[str, Verdict]:
    """What every test of a file comes to, by its name."""
    found = suite(folder, tests, head)
    return {test.name: judge(found.policy, test) for test in found.tests}


def verdict(folder: Path, test: str) -> Verdict:
    """What a file's only test comes to."""
    (found,) = verdicts(folder, f"tests:\n{test}").values()
    return found
