"""What `playbook audit verify` prints: a line for each thing that was checked, then whatever differs."""

from __future__ import annotations

from collections.abc import Iterator

import click

from playbook_engine.cli.output import moment
from playbook_engine.runtime.auditing import Audit, Difference

HEAD = 11
MOST = 20
"""Differences that are listed; the first is the one to look at."""


def print_audit(found: Audit, place: str, anchored: bool) -> None:
    click.echo(
        f"{place}: {_count(found.incidents, 'incident')}, {_count(found.records, 'record')}, "
        f"{_count(found.events, 'event')}, {_count(found.seals, 'seal')}"
    )
    for head, line in _lines(found, anchored):
        click.echo(click.style(head.ljust(HEAD), bold=True) + line)


def _lines(found: Audit, anchored: bool) -> Iterator[tuple[str, str]]:
    yield "decisions", f"{_count(found.remade, 'decision')} made again, each the same to the byte"
    if found.from_facts:
        yield "", f"{found.from_facts} made again from what the record says was read, the texts being gone"
    if found.forgotten:
        yield "forgotten", f"texts are gone in {_count(len(found.forgotten), 'incident')}: {_names(found.forgotten)}"
    for each in found.not_remade:
        yield "", f"{_place(each)}: from here on this incident cannot be decided again"
    for reason, count in found.unmade.items():
        yield "not made", f"{_count(count, 'record')}: {reason}"
    if found.seals:
        yield "seals", f"the last, of {moment(found.last.at).isoformat()}, is {found.last_hash}"
    if found.unsealed > 0:
        yield "", f"{_count(found.unsealed, 'record')} not sealed yet: `playbook audit seal` does"
    if not anchored:
        yield "anchor", "no noted hash was given, so an end that was cut off with its seals would not be seen"
    for mark in found.marks:
        yield "engine", mark
    for each in found.doubtful[:MOST]:
        yield "doubtful", f"{_place(each)}: another engine decided otherwise: {each.sentence}"
    for number, each in enumerate(found.differences[:MOST]):
        yield "" if number else "DIFFERENT", f"{_place(each)}: {each.sentence} [{each.code}]"
    if len(found.differences) > MOST:
        yield "", f"and {len(found.differences) - MOST} more"


def _place(each: Difference) -> str:
    said = [f"incident {each.incident}"] if each.incident else []
    said += [f"record {each.n}"] if each.n else []
    said += [f"`{each.event}`"] if each.event else []
    said += [f"seal {each.seal}"] if each.seal else []
    return ", ".join(said) or "the record"


def _names(incidents: dict[str, int]) -> str:
    names = list(incidents)
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
