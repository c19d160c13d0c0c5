"""`playbook pause`: the kill switch."""

from __future__ import annotations

import click

from playbook_engine.cli._pausing import switch
from playbook_engine.cli.desk import AS, STORE


@click.command("pause")
@STORE
@AS
@click.option("--department", metavar="ID", help="Only what this department's incidents say.")
@click.option("--channel", metavar="NAME", help="Only what leaves on this channel.")
def command(url: str, person: str, department: str | None, channel: str | None) -> None:
    """Keeps back everything that would leave to customers, until `resume`.

    STORE is what `run --store` was given, or the file. It holds within a second, also for an engine that runs.
    Nothing is lost: what waits leaves after `resume`, and what is too late by then is recorded as expired.
    """
    click.echo(switch(url, True, person, department, channel))
