"""`playbook hours`: open now, next opening, and when so much open time will have passed."""

from __future__ import annotations

from pathlib import Path

import click

from playbook_engine.cli.loading import PLAYBOOK, instant, load_policy
from playbook_engine.cli.output import FORMAT, moment, print_json, say_duration, table
from playbook_engine.errors import UsageError
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.durations import parse_duration
from playbook_engine.policy.hours import NeverCloses, NeverOpens
from playbook_engine.policy.zones import load_zone
from playbook_engine.text.nearest import nearest

YEAR = 366 * 86_400_000


@click.command("hours")
@PLAYBOOK
@click.option("--at", metavar="TIME", help="When, as 2026-12-28T17:30 in the playbook's time zone. Default: now.")
@click.option(
    "--add", "length", default="2h", show_default=True, help="Open time to count from then, such as 90m or 2h."
)
@click.option("--calendar", "only", metavar="NAME", help="One calendar instead of all.")
@FORMAT
def command(path: Path, at: str | None, length: str, only: str | None, form: str) -> None:
    """Says for each calendar whether it is open, when it opens or closes next, and where open time leads."""
    policy = load_policy(path)
    if only is not None and only not in policy.calendars:
        near = nearest(only, policy.calendars)
        hint = f"; did you mean `{near}`?" if near else ""
        raise UsageError(f"no calendar is called `{only}`; there are {', '.join(policy.calendars)}{hint}")
    when = instant(at, policy.timezone)
    try:
        added = parse_duration(length)
    except ValueError as error:
        raise UsageError(str(error)) from None
    rows = [
        {"calendar": name, **_hours(calendar, when, added)}
        for name, calendar in policy.calendars.items()
        if only in (None, name)
    ]
    if form == "json":
        print_json(rows)
        return
    click.echo(f"at {moment(when).astimezone(load_zone(policy.timezone)):%a %Y-%m-%d %H:%M %Z}")
    heads = ("calendar", "now", "opens", "closes", f"+ {length} open", "longest closed")
    click.echo(table([heads, *(tuple(map(str, row.values())) for row in rows)]))


def _hours(calendar: Calendar, at: int, added: int) -> dict[str, str]:
    hours = calendar.hours
    zone = load_zone(hours.zone)

    def local(instant: int) -> str:
        return f"{moment(instant).astimezone(zone):%a %Y-%m-%d %H:%M}"

    is_open = hours.is_open(at)
    try:
        closes = local(hours.next_close(at))
    except NeverCloses:
        closes = "never"
    try:
        opens = local(hours.next_open(at))
        due = local(hours.due(at, added))
    except NeverOpens:
        opens = due = "never"
    gap = hours.longest_closed_gap(at, at + YEAR)
    return {
        "now": "open" if is_open else "closed",
        "opens": opens,
        "closes": closes,
        "due": due,
        "longest_closed": say_duration(gap[1] - gap[0]) if gap else "-",
    }
