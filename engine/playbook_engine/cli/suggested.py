"""`playbook test --suggest`: tests for what is not covered, written to a file for somebody to review."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from playbook_engine.cli.pytest_plugin import SUFFIX, source
from playbook_engine.cover.killing import SINCE
from playbook_engine.cover.suggesting import Suggesting
from playbook_engine.cover.summary import Coverage
from playbook_engine.errors import UsageError
from playbook_engine.scenario.reading import read_suite
from playbook_engine.scenario.suite import Suite

HEAD = """\
# Suggested: what the engine does today, where no test looked. Review every expectation before you keep it.
playbook: {playbook}
tests:
"""


def suggest(found: tuple[Coverage, ...], file: Path) -> None:
    """Writes a test for whatever is not covered, where one is found. Raises UsageError for a file that is there."""
    check(file)
    if len(found) != 1:
        raise UsageError(f"these tests are of {len(found)} playbooks; name those of one, and suggest tests for it")
    (coverage,) = found
    policy = source().load(Path(coverage.playbook)).policy
    assert policy is not None, "its tests ran"
    with TemporaryDirectory() as folder:
        tried = Path(folder) / f"suggested{SUFFIX}"

        def read(text: str) -> Suite:
            tried.write_text(HEAD.format(playbook=Path(coverage.playbook).resolve()) + text, "utf-8")
            return read_suite(tried, source())

        uncovered = [each for each in coverage.elements if each.key not in coverage.covered]
        suggestions = list(Suggesting(policy, SINCE, read).suggest(uncovered))
    covered = frozenset[str]().union(*(each.covers for each in suggestions))
    fewer = sum(each.key in covered for each in uncovered)
    if suggestions:
        playbook = Path(os.path.relpath(coverage.playbook, file.parent)).as_posix()
        file.write_text(HEAD.format(playbook=playbook) + "".join(each.text for each in suggestions), "utf-8")
    count, of = len(suggestions), len(uncovered)
    click.echo(
        f"\n{count} tests suggested in {file}, for {fewer} of {of} elements that were not covered"
        if suggestions
        else f"\nno test is found for the {of} elements that are not covered",
        err=True,
    )


def check(file: Path) -> None:
    """Whether a file may be written to. Raises UsageError."""
    if not file.name.endswith(SUFFIX):
        raise UsageError(f"`{file}` is not collected as a file of tests; let its name end in {SUFFIX}")
    if file.exists():
        raise UsageError(f"{file} is there already; name a file that is not, and move over what you keep")
