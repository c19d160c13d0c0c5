"""`playbook graph`: the flow of the policy as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from playbook_engine.cli.loading import PLAYBOOK, load_policy
from playbook_engine.study.drawing import svg
from playbook_engine.study.graph import mermaid, picture


@click.command("graph")
@PLAYBOOK
@click.option("--format", "form", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")
def command(path: Path, form: str, output: Path | None) -> None:
    """Draws routes, departments, responses, targets and ladders, as Mermaid text or SVG."""
    drawn = picture(load_policy(path))
    text = svg(drawn) if form == "svg" else mermaid(drawn)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"written to {output}")
