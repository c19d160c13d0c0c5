"""What `playbook diff` says: to a terminal, to a program, and as a comment under a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from playbook_engine.cli.output import say_duration, table
from playbook_engine.cli.prove_words import say_events, say_outcome
from playbook_engine.explain.sentences import say_condition
from playbook_engine.model.duty import STEPS
from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.money import Money, say_money
from playbook_engine.policy.policy import Policy, Response, Row
from playbook_engine.prove.changes import Change
from playbook_engine.prove.comparison import KINDS, Comparison, Region
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.events_file import unsaid
from playbook_engine.prove.replay import Replayed
from playbook_engine.study.decided import Impact

_SIDES = ("old", "new")


@dataclass(frozen=True)
class Told:
    """Two playbooks, and everything that was found about them.

    `named` says how each was named, and where it was read from; `excess` that too many messages are changed.
    """

    named: tuple[tuple[str, Path], tuple[str, Path]]
    policies: tuple[Policy, Policy]
    changes: tuple[Change, ...]
    compared: Comparison
    impact: Impact | None
    refused: tuple[str, ...]
    excess: str
    code: int

    def place(self, span: Span, side: int) -> str:
        """Where something stands, in a file as the command line named it: what only git has lay elsewhere."""
        said, path = self.named[side]
        at = str(span)
        return said + at.removeprefix(str(path)) if at.startswith(str(path)) else at


def as_text(told: Told) -> str:
    """For a terminal: first what is written, then what is meant, then what was recorded."""
    parts = [_text(told), "\n".join(_meaning(told)), *([_impact(told.impact)] if told.impact else []), verdict(told)]
    return "\n\n".join(parts)


def _text(told: Told) -> str:
    rows = [(each.section, each.id or "-", each.what, _place(told, each)) for each in told.changes]
    counted = Counter(each.what for each in told.changes)
    said = ", ".join(f"{count} {what}" for what, count in sorted(counted.items())) or "nothing is written otherwise"
    return f"TEXT     {said}" + (f"\n{table(rows)}" if rows else "")


def _place(told: Told, change: Change) -> str:
    return told.place(change.place, 0 if change.what == "removed" else 1) if change.place is not None else ""


def summary(compared: Comparison) -> str:
    """Whether two playbooks decide alike, in one line."""
    if compared.equivalent:
        return "equivalent: every message is decided alike (proved)"
    shown = Counter(region.kind for region in compared.shown)
    written = Counter(each.kind for each in compared.unencoded)
    counted = [f"{(shown + written)[kind]} {kind}" for kind in KINDS if kind in shown + written]
    unsure = len(compared.regions) - len(compared.shown) + len(compared.unknown)
    counted += [f"{unsure} not known"] if unsure else []
    if not compared.regions and not compared.unknown:
        return f"every message is decided alike (proved), but for what no formula speaks of: {', '.join(counted)}"
    return f"not equivalent: {', '.join(counted)}" if shown else f"not proved to be equivalent: {', '.join(counted)}"


def _meaning(told: Told) -> Iterator[str]:
    compared = told.compared
    yield f"MEANING  {summary(compared)}"
    for number, region in enumerate(compared.regions, 1):
        yield f"  {number}. {region.kind.upper()}  {region.said}{'' if region.replayed else _UNSHOWN}"
        yield from (f"       {line}" for line in _rows(told, region))
        yield from (f"       {line}" for line in _witness(told.policies, region))
    yield from (f"  {each.kind.upper()}  {each.said}" for each in compared.unencoded)
    yield from (f"  ?  {said}" for said in compared.unknown)


_UNSHOWN = " — the formulas allow it, but no timeline was found that shows it"


def _rows(told: Told, region: Region) -> Iterator[str]:
    """The rows of both that win in the region, with their conditions and places."""
    for side, said in enumerate(_SIDES):
        yield from (f"{said}  {_row(told, side, name)}" for name in region.rows[side])


def _row(told: Told, side: int, name: RowName) -> str:
    row = _found(told.policies[side], name)
    at = f"{name.section} `{name.id}`" + (f" of `{name.department}`" if name.department else "")
    return f"{at}: {say_condition(row.when)}  [{told.place(row.span, side)}]" if row is not None else at


def _found(policy: Policy, name: RowName) -> Row | None:
    if name.section == "modes":
        return None
    of = policy.departments[name.department] if name.department else policy
    listed: Iterable[Row] = getattr(of, name.section)
    return next((row for row in listed if row.id == name.id), None)


def _witness(policies: tuple[Policy, Policy], region: Region) -> Iterator[str]:
    """The timeline, and what each of the two makes of its last message."""
    if region.replayed is None:
        return
    yield "for instance, as the engine has replayed it under both:"
    yield from (f"  {line}" for line in say_events(policies[0], region.replayed[0]))
    pairs = zip(policies, region.replayed, strict=True)
    old, new = ([*say_outcome(*each), *_offers(*each)] for each in pairs)
    yield from (f"  both {line}" for line in old if line in new)
    yield from (f"  old {line}" for line in old if line not in new)
    yield from (f"  new {line}" for line in new if line not in old)


def _offers(policy: Policy, replayed: Replayed) -> Iterator[str]:
    """What the response that won may give away."""
    for name in replayed.rows:
        row = _found(policy, name) if name.section == "respond" else None
        actions = (action for step in STEPS for action in row.step(step).actions) if isinstance(row, Response) else ()
        for action in actions:
            amount = action.parameters.get("amount")
            if "spends" in action.spec.effects and isinstance(amount, Money):
                when = "" if action.when == Always() else f" where {say_condition(action.when)}"
                yield f"→ may offer {action.name} {say_money(amount.amount, amount.currency)}{when}"


def _impact(found: Impact) -> str:
    share = f"{100 * found.changed / found.messages:.1f} %" if found.messages else "0 %"
    parts = [f"{found.lost:,} lose a step", f"{found.gained:,} gain one", f"{found.rerouted:,} go elsewhere"]
    by = f" (median {say_duration(found.slower_by)})" if found.slower else ""
    parts += [f"{found.slower:,} slower{by}", f"{found.faster:,} faster"]
    parts += [f"{action} {amount:+,} (minor units)" for action, amount in found.cost.items()]
    return f"IMPACT   {found.messages:,} recorded messages: {found.changed:,} change ({share}); {', '.join(parts)}"


def verdict(told: Told) -> str:
    """How the command ends, and what to do about it."""
    said = [told.excess] if told.excess else []
    said += [f"not allowed: {', '.join(told.refused)} (--allow {','.join(told.refused)})"] if told.refused else []
    if told.code == 5:
        said.append("not everything could be found out")
    return f"VERDICT  {'; '.join(said) or 'nothing changes that is not allowed'}; exit {told.code}"


# For a review.


def as_markdown(told: Told) -> str:
    """A comment for a review: the answer first, the messages folded away."""
    old, new = (said for said, _ in told.named)
    lines = [f"### `{old}` → `{new}`", "", f"**{summary(told.compared)}**", ""]
    if told.compared.regions:
        lines += ["| | what | where |", "|---|---|---|"]
        lines += [f"| {each.kind} | {each.said}{'' if each.replayed else ' (?)'} | {_cell(told, each)} |"
                  for each in told.compared.regions] + [""]  # fmt: skip
    lines += [f"- {each.kind}: {each.said}" for each in told.compared.unencoded]
    lines += [f"- not known: {said}" for said in told.compared.unknown]
    lines += [f"- {_impact(told.impact).partition('IMPACT')[2].strip()}"] if told.impact else []
    lines += [f"- {verdict(told).partition('VERDICT')[2].strip()}", ""]
    lines += _folded("What is written otherwise", [*_text(told).splitlines()[1:]])
    lines += _folded("Messages that show it", [*_meaning(told)][1:])
    return "\n".join(lines).rstrip()


def _cell(told: Told, region: Region) -> str:
    names = dict.fromkeys(f"`{name.id}`" for rows in region.rows for name in rows)
    return ", ".join(names) or "hours"


def _folded(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    return [f"<details><summary>{title}</summary>", "", "````text", *lines, "````", "", "</details>", ""]


# For programs.


def as_json(told: Told) -> Mapping[str, object]:
    """Described by `schemas/diff.schema.json`."""
    compared = told.compared
    kind = "equivalent" if compared.equivalent else "different" if compared.kinds else "inconclusive"
    return {
        "version": 1,
        "old": {"named": told.named[0][0], "digest": told.policies[0].digest},
        "new": {"named": told.named[1][0], "digest": told.policies[1].digest},
        "changes": [
            {"section": each.section, "id": each.id, "what": each.what, "place": _place(told, each)}
            for each in told.changes
        ],
        "meaning": {
            "kind": kind,
            "kinds": list(compared.kinds),
            "regions": [_region(told, each) for each in compared.regions],
            "written_otherwise": [{"kind": each.kind, "said": each.said} for each in compared.unencoded],
            "unknown": list(compared.unknown),
        },
        "impact": asdict(told.impact) if told.impact else None,
        "not_allowed": list(told.refused),
        "exit": told.code,
    }


def _region(told: Told, region: Region) -> dict[str, object]:
    witness, policies = None, told.policies
    if region.replayed is not None:
        old, new = region.replayed
        witness = {
            "events": [*say_events(policies[0], old)],
            "old": [*say_outcome(policies[0], old)],
            "new": [*say_outcome(policies[1], new)],
            "unsaid": list(unsaid(old)),
        }
    rows = {said: [_row(told, side, name) for name in region.rows[side]] for side, said in enumerate(_SIDES)}
    return {"kind": region.kind, "said": region.said, "rows": rows, "witness": witness}
