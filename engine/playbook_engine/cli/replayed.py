"""What a replay counted, as text: one policy, or two side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import click

from playbook_engine.cli.output import say_duration, table
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.money import say_money
from playbook_engine.policy.policy import Policy
from playbook_engine.study.replayed import Replayed
from playbook_engine.study.summary import FATES

RULE = (
    "Each incident counts once, from its first message to the first reply; shares are of all incidents that asked for\n"
    "one, answered or not. The hour is that of the first message."
)

Waits = dict[str, int | None]


@dataclass(frozen=True)
class Shown:
    """One policy and what a history came to under it."""

    policy: Policy
    found: Replayed

    def as_json(self) -> dict[str, object]:
        summed = self.found.as_json(self.policy.timezone)
        costs = [
            {"action": action, "amount": amount, "currency": self.currency(action)}
            for action, amount in self.found.cost().items()
        ]
        about = {"name": self.policy.name, "digest": self.policy.digest, "timezone": self.policy.timezone}
        return {**about, **summed, "remedies": costs}

    def currency(self, action: str) -> str:
        """Of the bounds that departments have on the action; "" where none says."""
        bounds = (
            money
            for department in self.policy.departments.values()
            if (authority := department.may_spend.get(action)) is not None
            for money in (authority.per_incident, authority.per_day, authority.up_to)
            if money is not None
        )
        return next((money.currency for money in bounds), "")


def print_replayed(shown: Sequence[Shown]) -> None:
    """Everything counted, part by part; a part with nothing to say is left out. Two policies share each row."""
    if len(shown) == 2:
        click.echo(f"left: {shown[0].policy.name}, right: {shown[1].policy.name}; one figure: the same for both\n")
    replies = [one.found.replies(one.policy.timezone) for one in shown]
    parts = [_came(shown), RULE]
    for who in ("human", "automatic"):
        for part in ("all", "department", "channel", "hour"):
            parts.append(_waits(f"first {who} reply", part, [one[who][part] for one in replies]))
    parts += [_duties(shown), _told(shown), _costs(shown), _left(shown)]
    click.echo("\n\n".join(part for part in parts if part))


def _pair(values: Iterable[str]) -> str:
    said = list(values)
    return said[0] if len(set(said)) == 1 else " | ".join(said)


def _each(shown: Sequence[Shown], value: Callable[[Replayed], int]) -> str:
    return _pair(f"{value(one.found):,}" for one in shown)


def _came(shown: Sequence[Shown]) -> str:
    received = _each(shown, lambda one: one.summary.events["message.received"])
    sent = _each(shown, lambda one: one.summary.events["message.sent"])
    incidents = _each(shown, lambda one: one.summary.incidents)
    return f"messages of customers: {received}, ours: {sent}; incidents: {incidents}"


def _waits(title: str, part: str, sides: Sequence[dict[str, Waits]]) -> str:
    names = sorted({name for side in sides for name in side})
    if not any(side[name]["answered"] for side in sides for name in side):
        return ""
    heads = ("" if part == "all" else part, "asked", "answered", "median", "nine in ten", "within 1 h", "within 24 h")
    cells: tuple[Callable[[Waits], str], ...] = (
        lambda row: f"{row['asked']:,}",
        lambda row: f"{row['answered']:,}",
        lambda row: _length(row["median"]),
        lambda row: _length(row["p90"]),
        lambda row: _share(row["within_1h"], row["asked"]),
        lambda row: _share(row["within_24h"], row["asked"]),
    )
    rows = [
        (name, *(_pair(cell(side[name]) if name in side else "-" for side in sides) for cell in cells))
        for name in names
    ]
    return f"{title}{'' if part == 'all' else f' by {part}'}\n" + table([heads, *rows])


def _length(ms: int | None) -> str:
    return "-" if ms is None else say_duration(ms)


def _share(count: int | None, of: int | None) -> str:
    return f"{100 * (count or 0) / of:.1f} %" if of else "-"


def _duties(shown: Sequence[Shown]) -> str:
    held = {(step, name) for one in shown for step, name, _ in one.found.summary.duties}
    rows = []
    for step, name in sorted(held, key=lambda pair: (STEPS.index(pair[0]), pair[1])):
        counts = [_pair(f"{one.found.summary.duties[step, name, fate]:,}" for one in shown) for fate in FATES]
        rows.append((step, name, *counts))
    return "duties\n" + table([("step", "department", *FATES), *rows]) if rows else ""


def _told(shown: Sequence[Shown]) -> str:
    keys = sorted({key for one in shown for key in one.found.summary.levels})
    rows = [(*key, _pair(f"{one.found.summary.levels[key]:,}" for one in shown)) for key in keys]
    return "escalations\n" + table([("level", "told", "times"), *rows]) if rows else ""


def _costs(shown: Sequence[Shown]) -> str:
    costs = [one.found.cost() for one in shown]
    rows = []
    for action in sorted({action for cost in costs for action in cost}):
        pairs = zip(shown, costs, strict=True)
        rows.append((action, _pair(_money(cost.get(action, 0), one.currency(action)) for one, cost in pairs)))
    return "remedies\n" + table([("action", "cost"), *rows]) if rows else ""


def _money(amount: int, currency: str) -> str:
    return say_money(amount, currency) if currency else f"{amount:,} (minor units)"


def _left(shown: Sequence[Shown]) -> str:
    lines = []
    for title, counts in (
        ("undecided", [one.found.summary.undecided for one in shown]),
        ("set aside", [one.found.summary.set_aside for one in shown]),
    ):
        if any(counts):
            lines.append(f"{title}: " + _pair(f"{sum(one.values()):,}" for one in counts))
            reasons = sorted({reason for one in counts for reason in one})
            lines += [f"  {_pair(f'{one[reason]:,}' for one in counts)} x {reason}" for reason in reasons]
    if any(one.found.summary.duplicates or one.found.summary.skipped for one in shown):
        repeated = _each(shown, lambda one: one.summary.duplicates)
        lines.append(f"repeated: {repeated}, no messages: {_each(shown, lambda one: one.summary.skipped)}")
    return "\n".join(lines)
