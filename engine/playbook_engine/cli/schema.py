"""`playbook schema`: the JSON Schema that editors complete and check with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.cli.output import print_json
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import playbook_schema
from playbook_engine.scenario.reading import scenario_schema
from playbook_engine.text.compose import compose, names_of
from playbook_engine.text.document import Document

PLACE = Path(".playbook/schema.json")
TESTS_PLACE = Path(".playbook/test.schema.json")


def composed(document: Document | None, registry: Registry) -> dict[str, object]:
    """The schema with the names of a playbook and the parameters of the installed plugins' actions."""
    names = names_of(document) if document is not None else {}
    return compose(playbook_schema(), names, {name: spec.parameters for name, spec in registry.actions.items()})


def write_schemas(folder: Path, schema: Mapping[str, object]) -> None:
    """Puts the schema of a playbook, and that of its tests, where the first lines of their files point."""
    (folder / PLACE).parent.mkdir(parents=True, exist_ok=True)
    for place, written in ((PLACE, schema), (TESTS_PLACE, scenario_schema())):
        (folder / place).write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@click.command("schema")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--tests", is_flag=True, help="Prints the schema of files of tests.")
@click.option(
    "--write", is_flag=True, help=f"Write both to {PLACE.parent} beside the playbook, where first lines point."
)
def command(path: Path | None, tests: bool, write: bool) -> None:
    """Prints the schema of a playbook; with PATH, composed with that playbook's names and the installed plugins."""
    if tests and not write:
        print_json(scenario_schema())
        return
    registry = Registry.build()
    schema = composed(load_any(path, registry).document if path is not None else None, registry)
    if not write:
        print_json(schema)
        return
    folder = path if path is not None and path.is_dir() else path.parent if path is not None else Path(".")
    write_schemas(folder, schema)
    click.echo(f"written to {folder / PLACE} and {folder / TESTS_PLACE}")
