"""`playbook calendar`: holidays pinned to a reviewed file."""

from __future__ import annotations

from pathlib import Path

import click

from playbook_engine.cli.loading import PLAYBOOK, load_any
from playbook_engine.cli.output import FORMAT, print_json, table
from playbook_engine.errors import UsageError
from playbook_engine.policy.holidays import LOCK_FILE
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.holidays import lock
from playbook_engine.text.compose import regions_of

YEAR_MS = 31_556_952_000


@click.group("calendar")
def command() -> None:
    """Holidays: lock them into the playbook, or list what is locked."""


@command.command("lock")
@PLAYBOOK
@click.option("--years", metavar="FIRST-LAST", help="Default: two years back to five years ahead.")
def lock_holidays(path: Path, years: str | None) -> None:
    """Writes the holidays of every country the calendars name to holidays.lock.yaml, for review.

    Needs the extra `holidays`. Run it again to see what a newer release of that library changes.
    """
    first, last = _years(years)
    countries = regions_of(load_any(path, Registry.build()).document)
    if not countries:
        raise UsageError(f"no calendar in {path} names a country; write `holidays: JP` in one")
    place = (path if path.is_dir() else path.parent) / LOCK_FILE
    place.write_text(lock(countries, (first, last)), encoding="utf-8")
    click.echo(f"locked {', '.join(countries)} for {first} to {last} in {place}")


@command.command("list")
@PLAYBOOK
@FORMAT
def list_holidays(path: Path, form: str) -> None:
    """Lists the locked dates with their names."""
    locked = load_any(path, Registry.build()).lock
    rows = [
        {"where": where, "date": f"{day:%Y-%m-%d %a}", "name": name}
        for where, dates in sorted(locked.regions.items())
        for day, name in sorted(dates.items())
    ]
    if form == "json":
        print_json(rows)
        return
    if rows:
        click.echo(table([tuple(row.values()) for row in rows], indent=""))
    else:
        click.echo(f"nothing is locked; run `playbook calendar lock {path}`")


def _years(text: str | None) -> tuple[int, int]:
    if text is None:
        this = 1970 + SystemClock().now() // YEAR_MS
        return this - 2, this + 5
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise UsageError(f"`{text}` is not a range of years; write it as 2024-2030")
    return int(first), int(last)
