"""Findings that rest on a proof: rows by the names the prover has for them, and counterexamples as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from playbook_engine.lint.finding import Found
from playbook_engine.lint.subject import Subject, Written
from playbook_engine.policy.conditions import Condition
from playbook_engine.policy.policy import Row
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import Detail
from playbook_engine.text.document import Path

FIRST_MATCH = ("ignore", "route", "targets", "respond")
"""Lists of which the first row that matches wins."""


def rows(subject: Subject, *sections: str) -> Iterator[tuple[Written, RowName]]:
    """The rows as they are written, each with the prover's name for it; those the prover does not look at are left."""
    known = {name for section in sections for name in subject.case.prover.rows(section)}
    for written in subject.rows(*sections):
        name = RowName(written.section, written.id, written.department)
        if name in known:
            yield written, name


def conditions(subject: Subject) -> Mapping[Path, Condition]:
    """The compiled condition of every row, by where it was written."""
    policy = subject.policy
    own = (row for department in policy.departments.values() for row in department.respond)
    every: tuple[Row, ...] = (*policy.ignore, *policy.classify, *policy.route, *policy.targets, *own)
    return {subject.path_of(row): row.when for row in (*every, *policy.respond, *policy.rules)}


def broken(details: Iterable[Detail], path: Path, help: str, severity: str = "") -> Iterator[Found]:
    """What breaks a property, at a place; what is inconclusive is not told, because it may well hold."""
    for detail in details:
        if detail.kind == "broken":
            evidence = (*detail.evidence, *(line for each in detail.replayed for line in told(each)))
            yield Found(path, detail.said, help, key=True, evidence=evidence, severity=severity)


def told(replayed: Replayed) -> Iterator[str]:
    """A counterexample as the engine has replayed it: who wrote what where, and the rows that decided."""
    for event in replayed.events:
        marks = [event.channel, event.lang, "" if event.public else "private", "automatic" if event.automatic else ""]
        said = f": {event.text}" if event.text else ""
        yield f"for instance {event.type} ({', '.join(each for each in marks if each)}){said}"
    because = replayed.decision.because
    won = [f"{name} `{row}`" for name, row in _won(because.route, because.target, because.respond) if row]
    yield f"decided by {', '.join(won)}" if won else "ignored"


def _won(route: str, target: str, respond: str) -> tuple[tuple[str, str], ...]:
    return ("route", route), ("target", target), ("response", respond)
