"""`playbook test`: the tests of playbooks, run by pytest and told in our own words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pytest

from playbook_engine.cli import pytest_plugin
from playbook_engine.cli.covering import Wanted, coverages
from playbook_engine.cli.covering import told as covering_told
from playbook_engine.cli.mutating import Mutated, mutated
from playbook_engine.cli.mutating import as_json as mutants_as_json
from playbook_engine.cli.mutating import told as mutating_told
from playbook_engine.cli.output import print_json
from playbook_engine.cli.suggested import check
from playbook_engine.cli.suggested import suggest as write_suggested
from playbook_engine.cover.killing import Known
from playbook_engine.cover.summary import Coverage, as_json
from playbook_engine.errors import UsageError

FAILED, USAGE, OUR_FAULT, NOTHING = 1, 2, 3, 4
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "-"}
COLOURS = {"passed": "green", "failed": "red", "skipped": "yellow"}


@dataclass(frozen=True)
class Result:
    """One test as it came out; `said` is what there is to say of it."""

    file: str
    line: int
    name: str
    outcome: str
    seconds: float
    said: str = ""
    open_world: bool = False


@dataclass
class Reporter:
    """Hears of every test from pytest; `faults` are files that could not be read.

    `known` holds, by the path of a playbook, what each of its tests that passed covers of it.
    """

    told: bool
    results: list[Result] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    known: dict[str, list[Known]] = field(default_factory=dict)
    broken: BaseException | None = None
    _file: str = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.faults.append(report.longreprtext)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not (report.when == "setup" and report.outcome != "passed"):
            return
        more: dict[str, Any] = {name: value for name, value in report.user_properties}
        file, _, name = report.nodeid.partition("::")
        if "playbook" in more:
            known = Known(str(more["file"]), name, frozenset(more["covered"]), report.duration)
            self.known.setdefault(more["playbook"], []).append(known)
        line, opened = int(more.get("line", 1)), more.get("world") == "open"
        self._hear(
            Result(str(more.get("file", file)), line, name, report.outcome, report.duration, _said(report), opened)
        )

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """What broke pytest, kept for whoever called it."""
        self.broken = excinfo.value
        return True

    def _hear(self, result: Result) -> None:
        self.results.append(result)
        if not self.told:
            return
        if result.file != self._file:
            self._file = result.file
            click.echo(click.style(result.file, bold=True))
        world = " (open world)" if result.open_world else ""
        click.echo(f"  {click.style(SIGNS[result.outcome], fg=COLOURS[result.outcome])} {result.name}{world}")
        if result.outcome == "failed":
            click.echo(f"    {result.file}:{result.line}")
        if result.outcome != "passed":
            click.echo("".join(f"    {line}\n" if line else "\n" for line in result.said.splitlines()), nl=False)

    def count(self, outcome: str) -> int:
        return sum(result.outcome == outcome for result in self.results)


def _said(report: pytest.TestReport) -> str:
    """Why a test is skipped, or everything about its failure."""
    if report.outcome == "skipped" and isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return report.longreprtext


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "wanted", metavar="EXPR", help="Only tests whose names match, as for pytest: 'fault and not mail'.")
@click.option("-x", "--exitfirst", is_flag=True, help="Stop at the first failure.")
@click.option("-n", "workers", metavar="N", help="On so many processes, with pytest-xdist: a number, or auto.")
@click.option("--update", is_flag=True, help="Write the snapshots of recorded events anew.")
@click.option("--coverage", is_flag=True, help="Tell what of the playbook the tests have seen, and what not.")
@click.option(
    "--min", "least", metavar="NN", type=click.FloatRange(0, 100), help="Exit 1 when less is covered, in percent."
)
@click.option("--coverage-json", type=click.Path(path_type=Path, dir_okay=False), help="Write coverage as JSON.")
@click.option("--coverage-html", type=click.Path(path_type=Path, dir_okay=False), help="Write coverage as one page.")
@click.option(
    "--suggest", type=click.Path(path_type=Path, dir_okay=False), help="Write tests for what is not covered, to review."
)
@click.option("--mutation", is_flag=True, help="Change the playbook in small ways, and tell which no test notices.")
@click.option(
    "--min-mutation",
    "least_mutation",
    metavar="NN",
    type=click.FloatRange(0, 100),
    help="Exit 1 when a smaller share of the mutants is noticed, in percent.",
)
@click.option("--junitxml", type=click.Path(path_type=Path, dir_okay=False), help="Also write a JUnit report.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    wanted: str | None,
    exitfirst: bool,
    workers: str | None,
    update: bool,
    coverage: bool,
    least: float | None,
    coverage_json: Path | None,
    coverage_html: Path | None,
    suggest: Path | None,
    mutation: bool,
    least_mutation: float | None,
    junitxml: Path | None,
    form: str,
) -> None:
    """Runs the tests in every *.test.yaml of PATHS (default: here) on the real engine, in memory. Nothing is sent.

    Exit code 1 when a test fails, 2 when a file cannot be used, 4 when there is no test.
    """
    _must_be_there(paths)
    reporter = Reporter(told=form == "text")
    mutating = mutation or least_mutation is not None
    covering = Wanted(coverage or suggest is not None, least, coverage_json, coverage_html)
    if suggest is not None:
        check(suggest)
    since = time.monotonic()
    with TemporaryDirectory() as folder:
        junit = junitxml or (Path(folder) / "junit.xml" if form == "junit" else None)
        options = [*_narrowed(wanted, exitfirst, workers), *([pytest_plugin.UPDATE] if update else [])]
        options += [pytest_plugin.COVERAGE] if covering.any or mutating else []
        options += [f"--junitxml={junit}"] if junit is not None else []
        came = pytest.main([*_HERMETIC, *options, *map(str, paths or (Path("."),))], plugins=[reporter])
        if reporter.broken is not None:
            raise reporter.broken
        if form == "junit" and junit is not None and junit.is_file():
            click.echo(junit.read_text("utf-8"))
    code = _code(int(came), reporter)
    covered = coverages({path: _together(known) for path, known in reporter.known.items()}) if covering.any else ()
    changed = mutated(reporter.known) if mutating and not code else ()
    _report(reporter, form, time.monotonic() - since, covered, changed)
    if mutating and code == FAILED:
        click.echo("nothing was changed: the tests must pass before mutants can be put to them", err=True)
    enough = covering_told(covered, covering, form == "text")
    enough = mutating_told(changed, least_mutation, form == "text") and enough
    if suggest is not None and not code:
        write_suggested(covered, suggest)
    context.exit(code or (0 if enough else FAILED))


def _must_be_there(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} is not there; name a folder or a file that ends in {pytest_plugin.SUFFIX}")


def _together(known: list[Known]) -> frozenset[str]:
    return frozenset().union(*(each.covered for each in known))


_HERMETIC = (
    *("--disable-plugin-autoload", "-p", pytest_plugin.__name__, "-p", "no:terminal", "-p", "no:cacheprovider"),
    *("-p", "no:logging", "-p", "no:warnings", "-p", "no:unraisableexception", "-p", "no:threadexception", "-s"),
    *("-c", os.devnull, "--rootdir=.", "--noconftest", "-o", "python_files="),
)
"""Whatever lies about of pytest's own, its settings and plugins, changes nothing; and what our tests have no use for,
such as catching what they print, takes no time."""


def _narrowed(wanted: str | None, exitfirst: bool, workers: str | None) -> Iterator[str]:
    if wanted:
        yield from ("-k", wanted)
    if exitfirst:
        yield "-x"
    if workers:
        yield from ("-p", "xdist.plugin", "-n", workers)


def _report(
    reporter: Reporter, form: str, seconds: float, covered: tuple[Coverage, ...], changed: tuple[Mutated, ...]
) -> None:
    for fault in reporter.faults:
        click.echo(fault, err=True)
    if form == "json":
        beside: dict[str, object] = {"coverage": [as_json(each) for each in covered]} if covered else {}
        beside |= {"mutation": [mutants_as_json(each) for each in changed]} if changed else {}
        tests = [vars(result) for result in reporter.results]
        print_json({"version": 1, "tests": tests, "faults": reporter.faults, **beside})
    elif form == "text" and reporter.results:
        counts = [(outcome, count) for outcome in SIGNS if (count := reporter.count(outcome))]
        opened = sum(result.open_world for result in reporter.results)
        more = f" · {opened} in an open world" if opened else ""
        click.echo(f"{', '.join(f'{count} {outcome}' for outcome, count in counts)} in {seconds:.2f} s{more}")


def _code(came: int, reporter: Reporter) -> int:
    """Pytest's exit codes as ours."""
    if reporter.faults:
        return USAGE
    if came == pytest.ExitCode.NO_TESTS_COLLECTED:
        click.echo(f"no test is here; tests stand in files that end in {pytest_plugin.SUFFIX}", err=True)
    return {
        pytest.ExitCode.TESTS_FAILED: FAILED,
        pytest.ExitCode.INTERRUPTED: USAGE,
        pytest.ExitCode.INTERNAL_ERROR: OUR_FAULT,
        pytest.ExitCode.USAGE_ERROR: USAGE,
        pytest.ExitCode.NO_TESTS_COLLECTED: NOTHING,
    }.get(pytest.ExitCode(came), 0)
