"""What a run of lint has to say: the findings, and all that a format needs to show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook_engine.lint.finding import SEVERITIES, Finding
from playbook_engine.lint.rule import Rule
from playbook_engine.model.span import Span


@dataclass(frozen=True)
class Suppressed:
    """A finding that is not reported: who says so and why, until which day, and where that is written."""

    finding: Finding
    reason: str
    by: str = ""
    until: str = ""
    where: Span | None = None


@dataclass(frozen=True)
class Report:
    """`lines` are the files that were read, by their display names. `rules` is the whole catalogue.

    `version` is the engine's. `suppressed` are findings that were silenced.
    """

    findings: tuple[Finding, ...]
    lines: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    profile: str
    version: str
    suppressed: tuple[Suppressed, ...] = ()

    def fails(self, threshold: str) -> bool:
        """Whether a finding is at or above a severity; `never` is above all of them."""
        if threshold == "never":
            return False
        return any(finding.rank >= SEVERITIES.index(threshold) for finding in self.findings)

    def counts(self) -> Mapping[str, int]:
        """How many findings of each severity, the worst first."""
        return {
            severity: sum(finding.severity == severity for finding in self.findings)
            for severity in reversed(SEVERITIES)
        }
