"""The rules as SARIF declares them, each with its whole page."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_engine.lint.formats._said import one_line
from playbook_engine.lint.rule import TIERS, Rule

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PRECISIONS = {"proven": "very-high", "certain": "very-high", "heuristic": "medium"}
_SEVERITIES = {"error": "error", "warning": "warning", "info": "recommendation"}


def declared(rules: Iterable[Rule]) -> list[dict[str, object]]:
    """One `reportingDescriptor` a rule, in their order."""
    return [_declared(rule) for rule in rules]


def _declared(rule: Rule) -> dict[str, object]:
    page = rule.page
    title = one_line(page.title) or rule.name
    page_text = rule.doc.strip() or title
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": page.finds or title},
        "help": {"text": page_text, "markdown": _markdown(rule) or page_text},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "precision": _PRECISIONS[rule.confidence],
            "problem.severity": _SEVERITIES[rule.severity],
            "confidence": rule.confidence,
            "profile": rule.profile,
            "locked": rule.locked,
            "looks at": TIERS[rule.tier],
            "tags": ["playbook", rule.profile],
            **({"origin": rule.origin} if rule.origin else {}),
        },
    }


def _markdown(rule: Rule) -> str:
    """The page with its heads as Markdown has them; "" for a rule without one."""
    page = rule.page
    if not page.title:
        return ""
    parts = [f"# {rule.code} {rule.name}", page.title]
    parts += [part for head, text in page.under.items() for part in (f"## {head}", text)]
    return "\n\n".join(parts) + f"\n\n`playbook lint --explain {rule.code}`\n"
