"""`playbook test --coverage`: what tests covered, gathered by playbook, told, and held against a minimum."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.cli.output import table
from playbook_engine.cover.elements import MEASURES, elements
from playbook_engine.cover.page import page, place_of
from playbook_engine.cover.summary import Coverage, as_json, percent
from playbook_engine.registry import Registry

MOST_SHOWN = 20
"""How many elements of a measure are named in the terminal; all are with `--coverage-json`."""


@dataclass(frozen=True)
class Wanted:
    """What was asked about coverage. `least` is in percent of all elements, for every playbook."""

    asked: bool = False
    least: float | None = None
    json: Path | None = None
    html: Path | None = None

    @property
    def any(self) -> bool:
        return self.asked or self.least is not None or self.json is not None or self.html is not None


def coverages(covered: Mapping[str, frozenset[str]]) -> tuple[Coverage, ...]:
    """By playbook, whose path is a key of `covered`."""
    registry = Registry.build()
    found = []
    for path, keys in covered.items():
        loaded = load_any(Path(path), registry)
        assert loaded.policy is not None, "its tests ran"
        places = {**loaded.document.spans, **loaded.document.key_spans}
        found.append(Coverage(path, elements(loaded.policy, places), keys))
    return tuple(found)


def told(found: Sequence[Coverage], wanted: Wanted, told_here: bool) -> bool:
    """Prints and writes what was asked; whether every playbook reaches the minimum."""
    if told_here:
        for each in found:
            click.echo("\n" + "\n".join(_lines(each)))
    if wanted.json is not None:
        sums = {"version": 1, "coverage": [as_json(each) for each in found]}
        wanted.json.write_text(json.dumps(sums, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if wanted.html is not None:
        wanted.html.write_text(page(found), "utf-8")
    if wanted.least is None:
        return True
    low = [each for each in found if each.percent < wanted.least]
    for each in low:
        click.echo(f"{each.playbook}: {each.percent:.1f} % is covered, less than {wanted.least:g} %", err=True)
    return not low


def _lines(found: Coverage) -> list[str]:
    """The sums of every measure, then what is not covered."""
    rows = []
    for name, said in MEASURES.items():
        every, left = found.of(name), found.uncovered(name)
        share = f"{percent(every, found.covered):5.1f} %"
        rows.append((name, f"{len(every) - len(left):>5} of {len(every):>4}", share, said))
    lines = [f"coverage of {found.playbook}: {found.percent:.1f} % of {len(found.elements)} elements", table(rows)]
    for name in MEASURES:
        left = found.uncovered(name)
        lines += [f"  {name} not covered:"] if left else []
        lines += [f"    {place_of(each)}: {each.said}".replace("    : ", "    ") for each in left[:MOST_SHOWN]]
        if len(left) > MOST_SHOWN:
            lines.append(f"    … {len(left) - MOST_SHOWN} more; --coverage-json FILE has all")
    return lines
