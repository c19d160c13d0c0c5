"""The pytest plugin that collects `*.test.yaml`: one item a test, so that -k, -x, -n and --junitxml work as ever.

What is heavy is imported when the first such file is met: every run of pytest loads this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playbook_engine.runtime.playbooks import Loaded
    from playbook_engine.scenario.reading import Source
    from playbook_engine.scenario.suite import Suite, Test
    from playbook_engine.scenario.verdict import Verdict

SUFFIX = ".test.yaml"
UPDATE = "--playbook-update"
COVERAGE = "--playbook-coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("playbook", "tests of playbooks")
    group.addoption(UPDATE, action="store_true", help="write the snapshots of recorded events anew")
    group.addoption(COVERAGE, action="store_true", help="tell of every test what it covers of its playbook")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not file_path.name.endswith(SUFFIX):
        return None
    found: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return found


class Failed(Exception):
    """A test that has not passed; the text is all there is to say of it."""


@cache
def source() -> Source:
    """How playbooks are loaded here, each once."""
    from playbook_engine.registry import Registry
    from playbook_engine.runtime.playbooks import load
    from playbook_engine.scenario.reading import Source

    actions = Registry.build().actions

    @cache
    def loaded(path: Path) -> Loaded:
        return load(path, actions)

    return Source(lambda path: loaded(_plain(path)), actions)


def _plain(path: Path) -> Path:
    """One name for one playbook, as short as it can be said from here."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


class ScenarioFile(pytest.File):
    """A file of tests."""

    def collect(self) -> Iterator[pytest.Item]:
        from playbook_engine.scenario.reading import read_suite

        suite = read_suite(_plain(self.path), source())
        for test in suite.tests:
            yield ScenarioItem.from_parent(self, name=test.name, suite=suite, test=test)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """What is wrong in the file, with the lines it stands in."""
        from playbook_engine.errors import PlaybookError, PlaybookProblems
        from playbook_engine.text.excerpt import excerpt

        if isinstance(excinfo.value, PlaybookProblems):
            return "\n".join(excerpt(problem, excinfo.value.lines) for problem in excinfo.value.problems)
        if isinstance(excinfo.value, PlaybookError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """One test of a file."""

    def __init__(self, *, suite: Suite, test: Test, **others: Any) -> None:
        super().__init__(**others)
        self._suite = suite
        self._test = test

    def runtest(self) -> None:
        from playbook_engine.cli.testing import failure
        from playbook_engine.runtime.clock import SystemClock
        from playbook_engine.scenario.judging import expired, judge

        span = self._test.span
        self.user_properties += [("file", span.file), ("line", span.line)]
        self.user_properties += [("world", "open")] if self._test.open_world else []
        if self._test.skip is not None:
            if over := expired(self._test.skip, SystemClock().now()):
                raise Failed(over)
            pytest.skip(f"{self._test.skip.reason} (until {self._test.skip.day})")
        verdict: Verdict = judge(self._suite.policy, self._test, update=self.config.getoption(UPDATE))
        if self.config.getoption(COVERAGE):
            from playbook_engine.cover.watching import seen

            covered = sorted(seen(self._suite.policy, verdict.ran))
            self.user_properties += [("playbook", _plain(self._suite.playbook).as_posix()), ("covered", covered)]
        if not verdict.passed:
            raise Failed(failure(self._suite.policy, verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, Failed) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._test.span.line - 1, self.name
