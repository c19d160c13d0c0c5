"""The sum of a run as text."""

from __future__ import annotations

import click

from playbook_engine.cli.output import say_duration, table
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import PEOPLE_TYPES
from playbook_engine.runtime.watchdog import WHY
from playbook_engine.study.summary import FATES, Summary, spread


def print_summary(summary: Summary, *, dry_run: bool, err: bool = False) -> None:
    """Everything `run` counts, part by part; a part with nothing to say is left out."""
    parts = (
        _events(summary),
        _replies(summary),
        _duties(summary),
        _told(summary),
        _deliveries(summary, dry_run),
        _left(summary),
    )
    click.echo("\n" + "\n\n".join(part for part in parts if part), err=err)


def _events(summary: Summary) -> str:
    customer = sum(count for kind, count in summary.events.items() if kind.startswith("message.received"))
    ours = summary.events["message.sent"]
    people = sum(summary.events[kind] for kind in PEOPLE_TYPES)
    lines = [
        f"{_many(customer, 'message')} of customers, {ours:,} of ours, {_many(people, 'act')} of people",
        f"{_many(summary.incidents, 'incident')}, {summary.reopened:,} reopened",
    ]
    if summary.ignored:
        rows = ", ".join(f"{row} {count:,}" for row, count in sorted(summary.ignored.items()))
        lines.append(f"ignored: {rows}")
    return "\n".join(lines)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _replies(summary: Summary) -> str:
    rows = []
    for who, times in summary.first_replies.items():
        found = spread(times)
        if found["count"]:
            rows.append(
                (
                    f"first {who} reply",
                    _many(found["count"] or 0, "incident"),
                    f"median {say_duration(found['median'] or 0)}",
                    f"nine in ten within {say_duration(found['p90'] or 0)}",
                )
            )
    return table(rows, indent="") if rows else ""


def _duties(summary: Summary) -> str:
    rows = [
        (step, department, *(f"{summary.duties[step, department, fate]:,}" for fate in FATES))
        for step in STEPS
        for department in sorted({name for held, name, _ in summary.duties if held == step})
    ]
    return "duties\n" + table([("step", "department", *FATES), *rows]) if rows else ""


def _told(summary: Summary) -> str:
    rows = [(level, person, f"{count:,}") for (level, person), count in sorted(summary.levels.items())]
    return "escalations\n" + table([("level", "told", "times"), *rows]) if rows else ""


def _deliveries(summary: Summary, dry_run: bool) -> str:
    actions = sorted({action for action, _ in summary.deliveries})
    outcomes = [
        outcome
        for outcome in ("asked for", "delivered", "gathered", "failed", "unknown", "over", "expired", "held")
        if any(summary.deliveries[action, outcome] for action in actions)
    ]
    rows = [(action, *(f"{summary.deliveries[action, outcome]:,}" for outcome in outcomes)) for action in actions]
    head = "deliveries" + (" (dry run: nothing left this machine)" if dry_run else _carried(summary))
    return head + "\n" + table([("action", *outcomes), *rows]) if rows else ""


def _carried(summary: Summary) -> str:
    """Who carried them; what only `log` had went nowhere but into the log."""
    by = ", ".join(f"{name} {count:,}" for name, count in sorted(summary.carried.items()))
    only_log = set(summary.carried) == {"log"}
    return (
        f" (carried by {by}{': written down, not sent; --settings names who sends' if only_log else ''})" if by else ""
    )


def _left(summary: Summary) -> str:
    lines = []
    if summary.drafts["asked"]:
        said = ", ".join(f"{count:,} {what}" for what, count in summary.drafts.items())
        lines.append(f"drafts for people: {said}")
    if summary.undecided:
        lines.append(f"undecided: {sum(summary.undecided.values()):,}")
        lines += [f"  {count:,} x {reason}" for reason, count in summary.undecided.most_common(8)]
    if summary.suppressed:
        lines.append("not said: " + ", ".join(f"{count:,} {why}" for why, count in sorted(summary.suppressed.items())))
    if summary.duplicates or summary.skipped:
        lines.append(f"repeated: {summary.duplicates:,}, no messages: {summary.skipped:,}")
    if summary.late_timers:
        worst = say_duration(summary.latest_timer)
        lines.append(f"late timers: {summary.late_timers:,}, the worst by {worst}; {WHY}")
    if summary.set_aside:
        said = ", ".join(f"{reason} {count:,}" for reason, count in sorted(summary.set_aside.items()))
        lines.append(f"set aside: {said}")
    return "\n".join(lines)
