"""GitLab's Code Quality report, shown in merge requests: a JSON list.

See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats._json import written
from playbook_engine.lint.formats._said import evidence, numbered, one_line, sentence
from playbook_engine.lint.report import Report

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """One object a finding. GitLab takes those of one fingerprint for one, so that none is given twice."""
    return written([_issue(finding, fingerprint) for finding, fingerprint in numbered(report.findings)]) + "\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    span = finding.span
    body = [*evidence(finding), *([f"to do: {one_line(finding.help)}"] if finding.help else [])]
    return {
        "type": "issue",
        "description": f"{finding.code} {sentence(finding)}",
        "check_name": f"{finding.code} {finding.name}",
        "categories": ["Bug Risk" if finding.severity == "error" else "Clarity"],
        "content": {"body": "\n".join(body)},
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": span.file.removeprefix("./"),
            "positions": {
                "begin": {"line": span.line, "column": span.column},
                "end": {"line": span.line, "column": span.end_column},
            },
            "lines": {"begin": span.line, "end": span.line},
        },
    }
