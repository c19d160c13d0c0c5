"""For programs that read line by line: one JSON object a finding, as in `json`."""

from __future__ import annotations

from playbook_engine.lint.formats._json import written
from playbook_engine.lint.formats.json import VERSION, as_json
from playbook_engine.lint.report import Report


def render(report: Report) -> str:
    """Nothing but the findings; empty where there is none."""
    return "".join(written({"version": VERSION, **as_json(finding)}, None) + "\n" for finding in report.findings)
