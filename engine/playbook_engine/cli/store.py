"""`playbook store`: is it sound, bring it up to date, keep a copy of it."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from playbook_engine.cli.output import FORMAT, print_json, table
from playbook_engine.errors import UsageError
from playbook_engine.runtime.storekeeping import copy, counts, faults, one_instant, open_whole
from playbook_engine.runtime.stores.sqlite import SqliteStore

URL = click.argument("url", metavar="STORE")


@click.group("store")
def command() -> None:
    """Stores: sqlite:PATH, or postgresql://USER@HOST/DATABASE."""


@command.command("check")
@URL
@FORMAT
@click.pass_context
def check(context: click.Context, url: str, form: str) -> None:
    """Says whether a store is sound: its file, every chain of records, and what refers to what.

    Changes nothing, and an engine may work on it meanwhile. The exit code is 1 where something does not hold
    together; the first place is named.
    """
    with closing(open_whole(url)) as store, one_instant(store):
        fault = next(faults(store), None)
        held = counts(store) if fault is None else {}
        if form == "json":
            found = {"place": fault.place, "said": fault.said} if fault is not None else None
            print_json({"store": store.name, "sound": fault is None, "fault": found, "rows": held})
        elif fault is not None:
            click.echo(f"{store.name}: {fault.place}: {fault.said}")
            click.echo("keep the store as it is, and go on with a copy made by `playbook store backup`", err=True)
        else:
            click.echo(table([(name, f"{count:,}") for name, count in held.items()]))
            click.echo(f"{store.name} is sound")
    context.exit(int(fault is not None))


@command.command("migrate")
@URL
def migrate(url: str) -> None:
    """Brings a store of an older release up to date; `run` does so by itself."""
    with closing(open_whole(url, "migrate")) as store, closing(open_whole(url)) as now:
        if store.came_as == now.came_as:
            click.echo(f"{store.name} is up to date (version {now.came_as})")
        else:
            click.echo(f"{store.name} was of version {store.came_as} and is of version {now.came_as} now")


@command.command("backup")
@URL
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def backup(url: str, out: Path) -> None:
    """Writes a copy of a store, as it is at one instant, to a new SQLite file; an engine may work on it meanwhile.

    To go back to it, give the file to `run --store sqlite:OUT`, or `playbook store copy` it to a server.
    """
    if out.exists():
        raise UsageError(f"{out} is there already; name a new file, so that no older copy is lost")
    unfinished = out.with_name(f"{out.name}-unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(open_whole(url)) as store:
        if isinstance(store, SqliteStore):
            store.backup(str(unfinished))
        else:
            with closing(SqliteStore(str(unfinished))) as target:
                copy(store, target)
    with closing(open_whole(f"sqlite:{unfinished}")) as made:
        held = counts(made)
    os.replace(unfinished, out)
    click.echo(f"{out}: {held['events']:,} events, {held['incidents']:,} incidents, {held['outbox']:,} deliveries")


@command.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_store(source: str, target: str) -> None:
    """Copies a store into a new one, of another kind too; stop the engine first, or it goes on in the old one."""
    with closing(open_whole(source)) as old, closing(open_whole(target, "make")) as new:
        held = copy(old, new)
        click.echo(
            f"{new.name}: {held['events']:,} events, {held['incidents']:,} incidents, {held['outbox']:,} deliveries"
        )
