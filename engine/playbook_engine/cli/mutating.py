"""`playbook test --mutation`: every small change of the playbook put to its tests, and which of them go unnoticed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from playbook_engine.cli.pytest_plugin import source
from playbook_engine.cli.replay import cores
from playbook_engine.cover.killing import EQUIVALENT, KILLED, SURVIVED, Fate, Known, fates, score


@dataclass(frozen=True)
class Mutated:
    """What became of the mutants of one playbook."""

    playbook: str
    fates: tuple[Fate, ...]

    @property
    def score(self) -> float:
        return score(self.fates)

    def of(self, outcome: str) -> tuple[Fate, ...]:
        return tuple(each for each in self.fates if each.outcome == outcome)


def mutated(known: Mapping[str, Sequence[Known]], processes: int = 0) -> tuple[Mutated, ...]:
    """By playbook; on all cores, or on so many processes."""
    return tuple(_mutated(path, tests, processes or cores()) for path, tests in known.items())


def _mutated(path: str, known: Sequence[Known], processes: int) -> Mutated:
    found = []
    for fate in fates(source, path, known, processes):
        found.append(fate)
        if sys.stderr.isatty():
            click.echo(f"\r{path}: {len(found)} mutants", err=True, nl=False)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    return Mutated(path, tuple(found))


def told(found: Iterable[Mutated], least: float | None, told_here: bool) -> bool:
    """Prints the scores and the survivors; whether every playbook reaches the minimum."""
    enough = True
    for each in found:
        if told_here:
            click.echo("\n" + "\n".join(_lines(each)))
        if least is not None and each.score < least:
            enough = False
            click.echo(f"{each.playbook}: the mutation score is {each.score:.1f} %, less than {least:g} %", err=True)
    return enough


def _lines(found: Mutated) -> list[str]:
    sums = [f"{len(found.of(outcome))} {outcome}" for outcome in (KILLED, SURVIVED)]
    sums += [f"{len(found.of(EQUIVALENT))} proved equivalent and not counted"]
    head = f"mutation score of {found.playbook}: {found.score:.1f} %"
    lines = [f"{head} of {len(found.fates)} mutants: {', '.join(sums)}"]
    for outcome, said in ((SURVIVED, "no test notices"), (EQUIVALENT, "proved to decide alike")):
        listed = [f"    {_place(each)}{each.said}" for each in found.of(outcome)]
        lines += [f"  {said}:", *listed] if listed else []
    return lines


def _place(fate: Fate) -> str:
    return f"{fate.span.file}:{fate.span.line}: " if fate.span is not None else ""


def as_json(found: Mutated) -> dict[str, Any]:
    """Every mutant with its place, its fate, and the test that noticed it."""
    rows = [
        {
            "said": each.said,
            **({"file": each.span.file, "line": each.span.line} if each.span is not None else {}),
            "outcome": each.outcome,
            **({"by": each.by} if each.by else {}),
        }
        for each in found.fates
    ]
    return {"playbook": found.playbook, "score": found.score, "mutants": rows}
