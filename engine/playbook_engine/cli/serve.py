"""`playbook serve`: a playbook at work for days."""

from __future__ import annotations

from pathlib import Path

import click

from playbook_engine.cli.anchor import anchored
from playbook_engine.cli.loading import PLAYBOOK
from playbook_engine.cli.run import DEFAULT_STORE
from playbook_engine.errors import UsageError


@click.command("serve")
@PLAYBOOK
@click.option("--listen", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Where hooks are.")
@click.option("--settings", type=click.Path(path_type=Path), help="Hooks, sources, and who carries what.")
@click.option("--store", metavar="URL", help=f"Where incidents live. Default: {DEFAULT_STORE}; memory: in a dry run.")
@click.option("--anchor", type=click.Path(path_type=Path), help="Note the hash of every hourly seal in this file.")
@click.option("--dry-run", is_flag=True, help="Nothing leaves: plugins are not called, deliveries are recorded.")
@click.option(
    "--log",
    "log_form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How lines of the log are written to stderr. They hold nothing that a customer wrote.",
)
def command(
    path: Path,
    listen: str,
    settings: Path | None,
    store: str | None,
    anchor: Path | None,
    dry_run: bool,
    log_form: str,
) -> None:
    """Takes in events by HTTP and from sources, decides them, and delivers, until it is stopped.

    SIGTERM lets what was begun end; SIGHUP reads the playbook anew and goes on with it, if it can be used.
    """
    try:
        from playbook_engine.serve.serving import Asked, serving
    except ModuleNotFoundError as missing:
        said = f"`serve` needs the package `{missing.name}`"
        raise UsageError(f"{said}; install playbook-engine with the extra `serve`") from None
    url = store or ("memory:" if dry_run else DEFAULT_STORE)
    with anchored(anchor) as sealed:
        serving(Asked(path, listen, settings, url, dry_run, log_form, sealed))
