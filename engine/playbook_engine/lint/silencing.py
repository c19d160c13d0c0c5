"""What is left of the findings after suppressions and the baseline, and what the two leave to be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playbook_engine.lint.baseline import Known
from playbook_engine.lint.finding import Finding, Suppressed
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.suppressions import Suppression


@dataclass(frozen=True)
class Outcome:
    """`findings` are reported, `suppressed` are not. `asked` are the codes of the rules that were asked.

    `used` are the suppressions that silenced something, `stale` what the baseline holds and nobody finds any more.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    asked: frozenset[str]
    used: tuple[Suppression, ...]
    stale: tuple[Known, ...]


def silence(subject: Subject, found: Iterable[Finding], rules: Iterable[Rule], baseline: Iterable[Known]) -> Outcome:
    """The findings without those that are silenced.

    Nothing silences what keeps a playbook from being used, nor a locked rule's findings.
    """
    asked = {rule.code: rule for rule in rules}
    fixed = {code for code, rule in asked.items() if rule.locked}
    known = {each.fingerprint: each for each in baseline if each.playbook == subject.name}
    wishes = [each for each in subject.suppressions if each.holds(subject.now)]
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: list[Suppression] = []
    for finding in found:
        wish = next((each for each in wishes if _covers(each, finding)), None)
        if finding.unusable or finding.code in fixed or (wish is None and finding.fingerprint not in known):
            kept.append(finding)
        elif wish is not None:
            used.append(wish)
            suppressed.append(Suppressed(finding, wish.reason, wish.by, wish.last_day, wish.span))
        else:
            suppressed.append(Suppressed(finding, "known by the baseline"))
    now = {each.fingerprint for each in found}
    stale = tuple(each for each in known.values() if each.code in asked and each.fingerprint not in now)
    return Outcome(tuple(kept), tuple(suppressed), frozenset(asked), tuple(used), stale)


def _covers(wish: Suppression, finding: Finding) -> bool:
    nodes = {finding.node, *(each.node for each in finding.related)}
    return wish.node in nodes and bool({finding.code, finding.name} & {*wish.codes})


def unused(subject: Subject, outcome: Outcome) -> Iterator[Suppression]:
    """Suppressions in force that silence nothing although their rules were asked."""
    for wish in subject.suppressions:
        if wish.holds(subject.now) and wish not in outcome.used and outcome.asked >= {*wish.codes}:
            yield wish
