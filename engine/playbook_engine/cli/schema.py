"""`playbook schema`: the JSON Schema that editors complete and check with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.cli.output import print_json
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import playbook_schema
from playbook_engine.text.compose import compose, names_of
from playbook_engine.text.document import Document

PLACE = Path(".playbook/schema.json")


def composed(document: Document | None, registry: Registry) -> dict[str, object]:
    """The schema with the names of a playbook and the parameters of the installed plugins' actions."""
    names = names_of(document) if document is not None else {}
    return compose(playbook_schema(), names, {name: spec.parameters for name, spec in registry.actions.items()})


@click.command("schema")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help=f"Write it to {PLACE} beside the playbook, where its first line points.")
def command(path: Path | None, write: bool) -> None:
    """Prints the schema of a playbook; with PATH, composed with that playbook's names and the installed plugins."""
    registry = Registry.build()
    schema = composed(load_any(path, registry).document if path is not None else None, registry)
    if not write:
        print_json(schema)
        return
    folder = path if path is not None and path.is_dir() else path.parent if path is not None else Path(".")
    place = folder / PLACE
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"written to {place}")
