"""One line a finding, as editors and `grep` like it: `file:line:column: code severity message`."""

from __future__ import annotations

from playbook_engine.lint.formats._paint import Paint, ansi, plain
from playbook_engine.lint.formats._said import certainty, one_line, sentence
from playbook_engine.lint.report import Report


def render(report: Report) -> str:
    """Nothing but the findings; empty where there is none."""
    return _rendered(report, plain)


def coloured(report: Report) -> str:
    """The same with colour."""
    return _rendered(report, ansi)


def _rendered(report: Report, paint: Paint) -> str:
    lines = []
    for finding in report.findings:
        sure = f" ({certainty(finding)})" if certainty(finding) else ""
        kind = paint(finding.severity, f"{finding.code} {finding.severity}")
        lines.append(f"{one_line(str(finding.span))}: {kind} {sentence(finding)}{sure}\n")
    return "".join(lines)
