"""JUnit XML for build servers: one test suite a file, one test case a finding.

What is at or above `--fail-on` is a failure, what is suppressed is skipped, other findings are written beside a case
that passed. A file in which nothing was found is one case that passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats._said import certainty, evidence, one_line, sentence
from playbook_engine.lint.report import Report, Suppressed
from playbook_engine.text.scalars import without_unseen


def render(report: Report) -> str:
    """One document with every file that was read, in order."""
    found = (*report.findings, *(each.finding for each in report.suppressed))
    files = dict.fromkeys([*report.lines, *(each.span.file for each in found)])
    suites = [line for file in files for line in _suite(report, file)]
    failures = sum(report.is_failure(finding) for finding in report.findings)
    cases = sum("<testcase" in line for line in suites)
    sums = f'tests="{cases}" failures="{failures}" errors="0" skipped="{len(report.suppressed)}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="playbook lint" {sums} time="0">',
        *suites,
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _suite(report: Report, file: str) -> Iterable[str]:
    found = [finding for finding in report.findings if finding.span.file == file]
    skipped = [each for each in report.suppressed if each.finding.span.file == file]
    cases = [line for finding in found for line in _case(report, finding)]
    cases += [line for each in skipped for line in _skipped(each)]
    failures = sum(report.is_failure(finding) for finding in found)
    sums = f'tests="{max(1, len(found) + len(skipped))}" failures="{failures}" errors="0" skipped="{len(skipped)}"'
    moment = report.moment.strftime("%Y-%m-%dT%H:%M:%S")
    yield f'  <testsuite name="{_text(file)}" {sums} time="0" timestamp="{moment}">'
    yield from cases or [f'    <testcase classname="{_text(file)}" name="nothing found" time="0"/>']
    yield "  </testsuite>"


def _case(report: Report, finding: Finding) -> Iterable[str]:
    said = f"{finding.severity}: {sentence(finding)}"
    body = _text("\n".join(_body(finding)))
    yield _opened(finding)
    if report.is_failure(finding):
        yield f'      <failure message="{_text(said)}" type="{_text(finding.code)}">{body}</failure>'
    else:
        yield f"      <system-out>{_text(said)}&#10;{body}</system-out>"
    yield "    </testcase>"


def _skipped(suppressed: Suppressed) -> Iterable[str]:
    until = f", until {suppressed.until.isoformat()}" if suppressed.until is not None else ""
    why = f"suppressed by {suppressed.by}{until}: {suppressed.reason}"
    yield _opened(suppressed.finding)
    yield f'      <skipped message="{_text(why)}"/>'
    yield "    </testcase>"


def _opened(finding: Finding) -> str:
    span = finding.span
    name = f"{finding.code} {finding.name} at {span.line}:{span.column}"
    return f'    <testcase classname="{_text(span.file)}" name="{_text(name)}" time="0">'


def _body(finding: Finding) -> Iterable[str]:
    sure = f" ({certainty(finding)})" if certainty(finding) else ""
    yield f"{one_line(str(finding.span))}: {sentence(finding)}{sure}"
    yield from evidence(finding)
    if finding.help:
        yield f"to do: {one_line(finding.help)}"


def _text(text: str) -> str:
    """A text inside an element or an attribute; characters that XML 1.0 has no place for are seen as `�`."""
    lines = "\n".join(without_unseen(line) for line in text.split("\n"))
    return escape(lines.encode("utf-8", "replace").decode("utf-8")).replace("\n", "&#10;")
