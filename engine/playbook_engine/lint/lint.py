"""The rules put to a playbook: what cannot be used first, then what the rules find, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playbook_engine.errors import PlaybookError
from playbook_engine.lint.catalogue import by_problem
from playbook_engine.lint.finding import Finding, Found, Related
from playbook_engine.lint.mending import mend
from playbook_engine.lint.nodes import fingerprint, node_name, owner
from playbook_engine.lint.rule import PROFILES, Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.model.span import Problem


@dataclass(frozen=True)
class Selection:
    """Which findings are wanted: those of the profile and of milder ones, and of these codes or names only."""

    profile: str = "ready"
    only: frozenset[str] = frozenset()

    def wants(self, rule: Rule) -> bool:
        if self.only:
            return rule.code in self.only or rule.name in self.only
        return PROFILES.index(rule.profile) <= PROFILES.index(self.profile)


def lint(subject: Subject, rules: Iterable[Rule], wanted: Selection = Selection()) -> tuple[Finding, ...]:
    """Everything found, each once. Raises PlaybookError for a rule that fails."""
    found = [_of_problem(subject, problem) for problem in subject.problems]
    explained = {_begin(each) for each in found}
    usable = subject.compiled is not None
    for rule in rules:
        if rule.check is not None and wanted.wants(rule) and (usable or rule.tier == "S"):
            found += [each for each in _asked(subject, rule) if usable or _begin(each) not in explained]
    return in_order(subject, [each for each in found if not wanted.only or {each.code, each.name} & wanted.only])


def in_order(subject: Subject, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the files and of the places in them; each once."""
    files = {file: number for number, file in enumerate(subject.document.lines)}
    once = {(each.code, each.span, each.message): each for each in found}
    return tuple(
        sorted(
            once.values(),
            key=lambda each: (files.get(each.span.file, len(files)), each.span, each.code, each.message),
        )
    )


def _asked(subject: Subject, rule: Rule) -> Iterator[Finding]:
    assert rule.check is not None
    try:
        found = tuple(rule.check(subject))
    except Exception as error:
        raise PlaybookError(f"the lint rule `{rule.name}` failed: {type(error).__name__}: {error}") from error
    return (_reported(subject, rule, each) for each in found)


def _reported(subject: Subject, rule: Rule, found: Found) -> Finding:
    document = subject.document
    span = found.span or (document.key_span if found.key else document.span)(*found.path)
    related = tuple(
        Related(
            (document.key_span if each.key else document.span)(*each.path), each.label, node_name(subject, each.path)
        )
        for each in found.beside
    )
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=found.severity or rule.severity,
        confidence=found.confidence or rule.confidence,
        message=found.message,
        span=span,
        help=found.help,
        related=related,
        path=found.path,
        node=node_name(subject, found.path),
        evidence=found.evidence,
        legal=found.legal,
        nearest=found.nearest,
        fix=found.fix,
        fingerprint=fingerprint(subject, rule.code, found.path, found.message, [each.node for each in related]),
        owner=owner(subject, found.path),
    )


def _of_problem(subject: Subject, problem: Problem) -> Finding:
    rule = by_problem()[problem.code]
    found = Found(
        subject.path_at(problem.span),
        problem.message,
        span=problem.span,
        legal=problem.legal,
        nearest=problem.nearest,
        severity="error",
        fix=mend(subject, problem),
    )
    return _reported(subject, rule, found)


def _begin(found: Finding) -> tuple[str, int, int]:
    return found.span.file, found.span.line, found.span.column
