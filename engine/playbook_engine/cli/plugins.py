"""`playbook plugins`: what is installed and what it offers."""

from __future__ import annotations

import click

from playbook_engine.cli.output import FORMAT, print_json, table
from playbook_engine.registry import Registry


@click.command("plugins")
@click.option("--third-party/--no-third-party", default=True, show_default=True, help="Load plugins of others too.")
@FORMAT
def command(third_party: bool, form: str) -> None:
    """Lists every action, source and enrichment, and the package it comes from."""
    listed = Registry.build(third_party=third_party).listing()
    if form == "json":
        print_json(listed)
        return
    heads = ("name", "kind", "from", "offers")
    click.echo(table([heads, *(tuple(str(row[head]) for head in heads) for row in listed)], indent=""))
