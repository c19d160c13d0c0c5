"""An explanation as plain values, for `playbook explain --format json`."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import to_builtins

from playbook_engine.cli.explain_case import Case
from playbook_engine.cli.explained import Explained
from playbook_engine.explain.plan import Happening
from playbook_engine.explain.reasons import Checked
from playbook_engine.explain.rows import SECTIONS
from playbook_engine.explain.sentences import say_test
from playbook_engine.explain.why import Verdict


def as_json(explained: Explained, language: str) -> dict[str, object]:
    """Every row with what became of it and every test, the plan and the near misses; texts are left out."""
    found = explained.found
    because = found.decision.because
    return {
        "event": {"key": found.decision.event, "type": found.decision.type},
        "incident": found.decision.incident.id,
        "now": found.decision.now,
        "policy": explained.case.policy.digest,
        "because": to_builtins(because),
        "facts": to_builtins(found.facts),
        "rows": [_row(verdict, language) for verdict in found.verdicts],
        "plan": [_happening(each) for each in explained.following],
        "almost": _almost(explained, language),
        "what_if": [to_builtins(each) for each in explained.alternatives],
        "why_not": [_row(verdict, language) for verdict in explained.why_not],
        **_past(explained.case),
    }


def _past(case: Case) -> dict[str, object]:
    """Of a decision that a store holds: what was recorded, and whether it comes out the same again."""
    if case.past is None:
        return {}
    record = case.past.record
    return {
        "past": {
            "n": case.past.n,
            "same": case.past.same,
            "because": to_builtins(record.because),
            "policy": record.policy,
            "engine": record.engine,
        },
        "decisions": [
            {"event": each.event, "type": each.type, "now": each.now, "because": to_builtins(each.because)}
            for each in case.decisions
        ],
    }


def _row(verdict: Verdict, language: str) -> dict[str, object]:
    span = verdict.span
    return {
        "section": verdict.section,
        "id": verdict.id,
        "department": verdict.department,
        "outcome": verdict.outcome,
        "instead": verdict.instead,
        "due": verdict.due or None,
        "file": span.file if span is not None else None,
        "line": span.line if span is not None else None,
        "tests": [_test(check, language) for check in verdict.checks],
    }


def _test(check: Checked, language: str) -> dict[str, object]:
    """Free text, names and handles are not repeated."""
    value = None if check.test.kind == "text" else to_builtins(check.value)
    return {
        "test": say_test(check.test, language),
        "fact": check.test.fact,
        "value": value,
        "passed": check.passed,
        "wanted": check.wanted,
    }


def _happening(each: Happening) -> dict[str, object]:
    return {"at": each.at, **to_builtins(each.note or each.delivery)}


def _almost(explained: Explained, language: str) -> list[dict[str, object]]:
    return [
        {"section": verdict.section, "id": verdict.id, "tests": _turning(verdict, language)}
        for section in SECTIONS
        for verdict in explained.found.nearest(section)
    ]


def _turning(verdict: Verdict, language: str) -> list[dict[str, object]]:
    checks: Iterable[Checked] = verdict.reason.turning if verdict.reason is not None else ()
    return [_test(check, language) for check in checks]
