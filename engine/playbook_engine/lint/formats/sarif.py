"""SARIF 2.1.0 for code scanning: one run that declares every rule, so that a clean run closes what was open.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os.html. What is suppressed is left
out, as GitHub opens alerts for it all the same (https://github.com/github/codeql-action/issues/1230), unless it is
asked for. Curly brackets stand as they are written: a message has no `arguments`, and what shows it replaces nothing.
"""

from __future__ import annotations

import re

from playbook_engine.lint.finding import CONFIDENCES, Finding
from playbook_engine.lint.formats._json import written
from playbook_engine.lint.formats._said import certainty, evidence, numbered, one_line, sentence
from playbook_engine.lint.formats._sarif_places import Places
from playbook_engine.lint.formats._sarif_rules import LEVELS, declared
from playbook_engine.lint.report import Report, Suppressed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "playbookFinding/v1"

_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_RANKS = {"error": 80.0, "warning": 40.0, "info": 5.0}
_MOST_RELATED = 900
"""GitHub takes a thousand locations a result."""


def render(report: Report) -> str:
    """One log with one run."""
    places = Places(report)
    shown = [*report.findings, *(_suppressed(report))]
    rules = declared(report.rules)
    index = {str(rule["id"]): number for number, rule in enumerate(rules)}
    results = [_result(places, finding, fingerprint, index) for finding, fingerprint in numbered(shown)]
    for result, each in zip(results[len(report.findings) :], report.suppressed, strict=False):
        result["suppressions"] = [_suppression(places, each)]
    run = {
        "tool": {"driver": {"name": "playbook-lint", "version": report.version, "rules": rules}},
        "columnKind": "utf16CodeUnits",
        "defaultSourceLanguage": "yaml",
        "originalUriBaseIds": {
            places.base: {"description": {"text": "The folder in which `playbook lint` was called."}}
        },
        "invocations": [{"executionSuccessful": True, "endTimeUtc": report.moment.strftime("%Y-%m-%dT%H:%M:%SZ")}],
        "artifacts": places.artifacts(),
        "results": results,
        "properties": {
            "profile": report.profile,
            "playbooks": [{"name": each.name, "digest": each.digest} for each in report.playbooks],
        },
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _suppressed(report: Report) -> tuple[Finding, ...]:
    return tuple(each.finding for each in report.suppressed) if report.show_suppressed else ()


def _result(places: Places, finding: Finding, fingerprint: str, index: dict[str, int]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.code,
        **({"ruleIndex": index[finding.code]} if finding.code in index else {}),
        "level": LEVELS[finding.severity],
        "rank": _RANKS[finding.severity] + 5 * CONFIDENCES.index(finding.confidence),
        "message": {"text": _message(finding)},
        "locations": [places.location(finding.span, finding.node)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        "properties": _properties(finding),
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **places.location(each.span, each.node, one_line(each.label))}
            for number, each in enumerate(finding.related[:_MOST_RELATED], start=1)
        ]
    if finding.flow:
        result["codeFlows"] = [_flow(places, finding)]
    if finding.fix is not None:
        result["fixes"] = [places.fix(finding.fix)]
    return result


def _message(finding: Finding) -> str:
    """The sentence, what shows it and what to do; a text in square brackets before round ones is no link."""
    lines = [sentence(finding), *evidence(finding)]
    lines += [f"To do: {one_line(finding.help)}"] if finding.help else []
    return _LINK.sub(r"\\[", "\n".join(lines))


def _properties(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "confidence": finding.confidence,
        "owner": finding.owner,
        "node": finding.node,
        "evidence": list(finding.evidence),
        **({"said": certainty(finding)} if certainty(finding) else {}),
    }


def _flow(places: Places, finding: Finding) -> dict[str, object]:
    """The steps of a path: the finding's own place, then those beside it."""
    steps = [(finding.span, finding.node, ""), *((each.span, each.node, each.label) for each in finding.related)]
    flow = [
        {"location": places.location(span, node, one_line(label) or one_line(node) or "here")}
        for span, node, label in steps[:_MOST_RELATED]
    ]
    return {"threadFlows": [{"locations": flow}]}


def _suppression(places: Places, suppressed: Suppressed) -> dict[str, object]:
    until = suppressed.until.isoformat() if suppressed.until is not None else ""
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": one_line(suppressed.reason),
        **({"location": places.location(suppressed.where)} if suppressed.where is not None else {}),
        "properties": {"by": suppressed.by, "until": until},
    }
