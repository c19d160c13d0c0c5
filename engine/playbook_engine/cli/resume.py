"""`playbook resume`: ends a pause."""

from __future__ import annotations

import click

from playbook_engine.cli._pausing import switch
from playbook_engine.cli.desk import AS, STORE


@click.command("resume")
@STORE
@AS
@click.option("--department", metavar="ID", help="The pause of this department.")
@click.option("--channel", metavar="NAME", help="The pause of this channel.")
def command(url: str, person: str, department: str | None, channel: str | None) -> None:
    """Ends a pause of the same scope; other pauses go on.

    What waited leaves now. What may not leave so late is recorded as expired instead, and goes to a person.
    """
    click.echo(switch(url, False, person, department, channel))
