"""What a run of lint has to say: the findings, and all that a format needs to show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playbook_engine.lint.finding import SEVERITIES, Finding
from playbook_engine.lint.finding import Suppressed as Suppressed
from playbook_engine.lint.lint import Selection, asked
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.silencing import Outcome
from playbook_engine.lint.subject import Subject

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Linted:
    """One playbook that was looked at, and its files. `digest` is its version, "" where it cannot be used."""

    name: str
    digest: str
    files: tuple[str, ...]

    @property
    def title(self) -> str:
        """What people call it; one that says no name, by its first file."""
        return self.name or next(iter(self.files), "playbook")


@dataclass(frozen=True)
class Report:
    """`lines` are the files that were read, by their display names. `rules` is the whole catalogue.

    `asked` are the codes of those rules that were put to a playbook. `version` is the engine's, `now` the instant in
    ms UTC as of which was asked. A finding at or above `fail_on` is a failure; `never` is above all of them.
    `suppressed` findings are in none of the counts; `show_suppressed` asks for them where a format leaves them out.
    """

    findings: tuple[Finding, ...]
    lines: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    profile: str
    version: str
    playbooks: tuple[Linted, ...] = ()
    asked: frozenset[str] = frozenset()
    now: int = 0
    fail_on: str = "error"
    suppressed: tuple[Suppressed, ...] = ()
    show_suppressed: bool = False

    @property
    def fails(self) -> bool:
        return any(self.is_failure(finding) for finding in self.findings)

    def is_failure(self, finding: Finding) -> bool:
        return self.fail_on != "never" and finding.rank >= SEVERITIES.index(self.fail_on)

    def counts(self) -> Mapping[str, int]:
        """How many findings of each severity, the worst first."""
        return {
            severity: sum(finding.severity == severity for finding in self.findings)
            for severity in reversed(SEVERITIES)
        }

    @property
    def moment(self) -> datetime:
        """`now`, in UTC."""
        return _EPOCH + timedelta(milliseconds=self.now)

    def days_left(self, suppressed: Suppressed) -> int | None:
        """Days until a suppression ends, negative where it has; None where it does not."""
        return None if suppressed.until is None else (suppressed.until - self.moment.date()).days


def report_on(
    looked_at: Iterable[tuple[Subject, Outcome]],
    rules: tuple[Rule, ...],
    wanted: Selection,
    version: str,
    fail_on: str = "error",
) -> Report:
    """The report on playbooks, in this order, and what was found in each."""
    pairs = tuple(looked_at)
    return Report(
        tuple(finding for _, outcome in pairs for finding in outcome.findings),
        {file: lines for subject, _ in pairs for file, lines in subject.document.lines.items()},
        rules,
        wanted.profile,
        version,
        tuple(_linted(subject) for subject, _ in pairs),
        frozenset(rule.code for subject, _ in pairs for rule in rules if asked(subject, rule, wanted)),
        max((subject.now for subject, _ in pairs), default=0),
        fail_on,
        tuple(each for _, outcome in pairs for each in outcome.suppressed),
    )


def _linted(subject: Subject) -> Linted:
    digest = subject.compiled.digest if subject.compiled is not None else ""
    return Linted(subject.name, digest, tuple(subject.document.lines))
