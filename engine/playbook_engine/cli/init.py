"""`playbook init`: a small working playbook to begin with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from playbook_engine.cli.loading import LANG, language, load_any
from playbook_engine.cli.schema import TESTS_PLACE, composed, write_schemas
from playbook_engine.errors import UsageError
from playbook_engine.registry import Registry

TESTS_HEAD = f"# yaml-language-server: $schema={TESTS_PLACE.as_posix()}\n"
ZONES = {"en": "UTC", "ja": "Asia/Tokyo"}


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@LANG
def command(folder: Path, lang: str | None) -> None:
    """Writes a playbook, its tests, sample events and the editor's schemas into FOLDER, which must be new or empty."""
    spoken = language(lang)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    starters = files("playbook_engine") / "starters"
    text = (starters / f"{spoken}.yaml").read_text(encoding="utf-8")
    name = "".join(sign if sign.isalnum() else "-" for sign in folder.resolve().name).strip("-") or "playbook"
    text = text.replace("{name}", name).replace("{timezone}", ZONES[spoken])
    (folder / "playbook.yaml").write_text(text, encoding="utf-8")
    tests = (starters / f"{spoken}-tests.yaml").read_text(encoding="utf-8")
    (folder / "playbook.test.yaml").write_text(f"{TESTS_HEAD}{tests}", encoding="utf-8")
    events = (starters / f"{spoken}.jsonl").read_text(encoding="utf-8")
    (folder / "events.jsonl").write_text(events, encoding="utf-8")
    registry = Registry.build()
    write_schemas(folder, composed(load_any(folder, registry).document, registry))
    click.echo(f"{folder}/playbook.yaml is yours to change; try")
    click.echo(f"  playbook lint {folder}")
    click.echo(f"  playbook test {folder}")
    click.echo(f"  playbook run {folder} --events {folder}/events.jsonl --clock events --dry-run --story")
