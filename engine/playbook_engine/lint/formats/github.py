"""Annotations of a pull request on GitHub, as workflow commands.

GitHub shows the first ten errors, ten warnings and ten notices of a step; `sarif` has no such bound. See
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats._said import certainty, evidence, sentence
from playbook_engine.lint.report import Report
from playbook_engine.text.scalars import without_unseen

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a finding; empty where there is none."""
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    span = finding.span
    sure = f", {certainty(finding)}" if certainty(finding) else ""
    said = {
        "file": span.file,
        "line": str(span.line),
        "endLine": str(span.line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": f"{finding.code} {finding.name}{sure}",
    }
    properties = ",".join(f"{key}={_property(value)}" for key, value in said.items())
    lines = [sentence(finding), *evidence(finding)]
    lines += [f"to do: {finding.help}"] if finding.help else []
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    """What stands after the command, as the runner unescapes it."""
    seen = "\n".join(without_unseen(line) for line in text.splitlines())
    return seen.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
