"""The rules put to a playbook: what cannot be used first, then what the rules find, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from playbook_engine.errors import PlaybookError
from playbook_engine.lint.baseline import Known
from playbook_engine.lint.catalogue import by_problem
from playbook_engine.lint.finding import Beside, Finding, Found, Related
from playbook_engine.lint.mending import mend
from playbook_engine.lint.nodes import fingerprint, node_name, owner
from playbook_engine.lint.rule import PROFILES, Rule
from playbook_engine.lint.silencing import Outcome, silence
from playbook_engine.lint.subject import Subject
from playbook_engine.model.span import Problem
from playbook_engine.text.document import Path


@dataclass(frozen=True)
class Selection:
    """Which findings are wanted: those of the profile and of milder ones, and of these codes or names only."""

    profile: str = "ready"
    only: frozenset[str] = frozenset()

    def wants(self, rule: Rule) -> bool:
        if self.only:
            return rule.code in self.only or rule.name in self.only
        return PROFILES.index(rule.profile) <= PROFILES.index(self.profile)


def lint(
    subject: Subject, rules: Iterable[Rule], wanted: Selection = Selection(), baseline: Iterable[Known] = ()
) -> Outcome:
    """Everything found, each once, and what was silenced. Raises PlaybookError for a rule that fails."""
    chosen = [rule for rule in rules if wanted.wants(rule)]
    found = [each for each in _found(subject, chosen) if not wanted.only or {each.code, each.name} & wanted.only]
    outcome = silence(subject, in_order(subject, found), chosen, baseline)
    reviewed = [each for rule in chosen if rule.review for each in _reviewed(subject, rule, outcome)]
    return replace(outcome, findings=in_order(subject, (*outcome.findings, *reviewed)))


def _found(subject: Subject, rules: Iterable[Rule]) -> list[Finding]:
    found = [_of_problem(subject, problem) for problem in subject.problems]
    explained = {_begin(each) for each in found}
    usable = subject.compiled is not None
    for rule in rules:
        if _can_look(subject, rule):
            found += [each for each in _asked(subject, rule) if usable or _begin(each) not in explained]
    return found


def _reviewed(subject: Subject, rule: Rule, outcome: Outcome) -> Iterator[Finding]:
    assert rule.review is not None
    return (_reported(subject, rule, each) for each in rule.review(subject, outcome))


def asked(subject: Subject, rule: Rule, wanted: Selection) -> bool:
    """Whether this rule is put to this playbook; what keeps a playbook from being used is told by every profile."""
    told = bool(rule.loads) and not wanted.only
    return told or (wanted.wants(rule) and (bool(rule.loads) or _can_look(subject, rule)))


def _can_look(subject: Subject, rule: Rule) -> bool:
    return rule.check is not None and (subject.compiled is not None or rule.tier == "S")


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
            (document.key_span if each.key else document.span)(*each.path), each.label, node_name(document, each.path)
        )
        for each in found.beside
    )
    node, nodes = node_name(document, found.path), [each.node for each in related]
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
        node=node,
        evidence=found.evidence,
        legal=found.legal,
        nearest=found.nearest,
        fix=found.fix,
        fingerprint=fingerprint(rule.code, node, subject.digest(found.path), found.message, nodes),
        owner=owner(document, found.path),
        flow=found.flow,
    )


def _of_problem(subject: Subject, problem: Problem) -> Finding:
    rule = by_problem()[problem.code]
    path = subject.path_at(problem.span)
    chain = _chain(subject, path) if problem.code in ("circle", "hand-over-circle") else ()
    found = Found(
        path,
        problem.message,
        span=problem.span,
        legal=problem.legal,
        nearest=problem.nearest,
        severity="error",
        confidence="certain",
        fix=mend(subject, problem),
        beside=tuple(Beside(each, "leads on") for each in chain),
        flow=bool(chain),
    )
    return replace(_reported(subject, rule, found), unusable=True)


def _chain(subject: Subject, path: Path) -> tuple[Path, ...]:
    """The places after a first one that leads to another entry of its section, up to the one that leads back."""
    found, rest = [path], path[2:]
    while isinstance(name := subject.value(*found[-1]), str):
        following = (*path[:1], name, *rest)
        if following in found or following not in subject.document.spans:
            break
        found.append(following)
    return tuple(found[1:])


def _begin(found: Finding) -> tuple[str, int, int]:
    return found.span.file, found.span.line, found.span.column
