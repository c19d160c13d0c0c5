"""For people at a terminal: each finding with the lines it speaks of, what shows it and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats._paint import Paint, ansi, plain
from playbook_engine.lint.formats._said import (
    certainty,
    counted,
    evidence,
    excerpt_lines,
    fixing,
    one_line,
    scope,
    sentence,
    stands_in,
    totals,
)
from playbook_engine.lint.report import Report


def render(report: Report) -> str:
    """Every finding, then how many there are."""
    return _rendered(report, plain)


def coloured(report: Report) -> str:
    """The same with colour."""
    return _rendered(report, ansi)


def _rendered(report: Report, paint: Paint) -> str:
    lines = [line for finding in report.findings for line in (*_shown(report, finding, paint), "")]
    worst = next((severity for severity, count in report.counts().items() if count), "help")
    found = paint(worst, totals(report))
    lines.append(f"{found} in {counted(len(report.lines), 'file')} · {scope(report)}")
    return "".join(f"{line}\n" for line in lines)


def _shown(report: Report, finding: Finding, paint: Paint) -> Iterator[str]:
    sure = f" ({certainty(finding)})" if certainty(finding) else ""
    head = paint(finding.severity, f"{finding.severity}[{finding.code}]")
    yield f"{head} {paint('message', sentence(finding))}{sure}"
    excerpt = list(excerpt_lines(report, finding))
    wide = max((len(number) for _, number, _, _ in excerpt), default=1)
    room = " " * wide
    where = f"   {stands_in(finding)}" if stands_in(finding) else ""
    yield f"{room}{paint('gutter', '-->')} {one_line(str(finding.span))}{where}"
    if excerpt:
        yield f"{room} {paint('gutter', '|')}"
    for kind, number, text, label in excerpt:
        if kind == "file":
            yield f"{room}{paint('gutter', ':::')} {text}"
            continue
        role = {"own": finding.severity, "related": "related"}.get(kind)
        shown = paint(role, f"{text.lstrip()} {label}".rstrip()) if role else text
        indent = " " * (len(text) - len(text.lstrip())) if role else ""
        yield f"{paint('gutter', f'{number:>{wide}} |')} {indent}{shown}".rstrip()
    for line in _notes(finding, paint):
        yield f"{room} {paint('gutter', '=')} {line}"


def _notes(finding: Finding, paint: Paint) -> Iterator[str]:
    yield from evidence(finding)
    if finding.help:
        yield f"{paint('help', 'to do:')} {one_line(finding.help)}"
    if finding.fix is not None:
        safe = "" if finding.fix.safe else " (may change decisions)"
        yield f"{paint('help', 'fix:')} {one_line(finding.fix.title)}{safe}: {fixing(finding)}"
    yield paint("quiet", f"more: playbook lint --explain {finding.code}")
