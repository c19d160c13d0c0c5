"""For programs: one JSON object, described by `schemas/findings.schema.json`."""

from __future__ import annotations

from playbook_engine.lint.finding import Edit, Finding, Fix, Related
from playbook_engine.lint.formats._json import written
from playbook_engine.lint.report import Linted, Report, Suppressed
from playbook_engine.model.span import Span

VERSION = 1
"""Rises when a key is taken away or means something else; new keys may come at any time."""


def render(report: Report) -> str:
    """The whole report, what is suppressed included."""
    said = {
        "version": VERSION,
        "engine": report.version,
        "now": report.now,
        "profile": report.profile,
        "fail_on": report.fail_on,
        "playbooks": [_linted(each) for each in report.playbooks],
        "files": list(report.lines),
        "rules": {"known": len(report.rules), "asked": sorted(report.asked)},
        "counts": {**report.counts(), "suppressed": len(report.suppressed)},
        "findings": [as_json(finding) for finding in report.findings],
        "suppressed": [_suppressed(each) for each in report.suppressed],
    }
    return written(said) + "\n"


def as_json(finding: Finding) -> dict[str, object]:
    """One finding as an object; every key is always there."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "help": finding.help,
        **_span(finding.span),
        "path": list(finding.path),
        "node": finding.node,
        "owner": finding.owner,
        "related": [_related(each) for each in finding.related],
        "flow": finding.flow,
        "evidence": list(finding.evidence),
        "legal": list(finding.legal),
        "nearest": finding.nearest,
        "fix": _fix(finding.fix) if finding.fix is not None else None,
        "fingerprint": finding.fingerprint,
    }


def _span(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column, "end_column": span.end_column}


def _related(related: Related) -> dict[str, object]:
    return {**_span(related.span), "label": related.label, "node": related.node}


def _fix(fix: Fix) -> dict[str, object]:
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, object]:
    return {"file": edit.file, "start": list(edit.start), "end": list(edit.end), "text": edit.text}


def _linted(linted: Linted) -> dict[str, object]:
    return {"name": linted.name, "digest": linted.digest, "files": list(linted.files)}


def _suppressed(suppressed: Suppressed) -> dict[str, object]:
    return {
        "reason": suppressed.reason,
        "by": suppressed.by,
        "until": suppressed.until.isoformat() if suppressed.until is not None else None,
        "where": _span(suppressed.where) if suppressed.where is not None else None,
        "finding": as_json(suppressed.finding),
    }
