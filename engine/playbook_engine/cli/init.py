"""`playbook init`: a small working playbook to begin with."""

from __future__ import annotations

import json
import locale
from importlib.resources import files
from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.cli.schema import PLACE, composed
from playbook_engine.errors import UsageError
from playbook_engine.registry import Registry

ZONES = {"en": "UTC", "ja": "Asia/Tokyo"}


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "ja"]), help="English or Japanese. Default: from the locale.")
def command(folder: Path, lang: str | None) -> None:
    """Writes a playbook, sample events and the editor's schema into FOLDER, which must be new or empty."""
    language = lang or ("ja" if (locale.getlocale()[0] or "").startswith("ja") else "en")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    starters = files("playbook_engine") / "starters"
    text = (starters / f"{language}.yaml").read_text(encoding="utf-8")
    name = "".join(sign if sign.isalnum() else "-" for sign in folder.resolve().name).strip("-") or "playbook"
    text = text.replace("{name}", name).replace("{timezone}", ZONES[language])
    (folder / "playbook.yaml").write_text(text, encoding="utf-8")
    events = (starters / f"{language}.jsonl").read_text(encoding="utf-8")
    (folder / "events.jsonl").write_text(events, encoding="utf-8")
    registry = Registry.build()
    schema = composed(load_any(folder, registry).document, registry)
    (folder / PLACE).parent.mkdir()
    (folder / PLACE).write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{folder}/playbook.yaml is yours to change; try")
    click.echo(f"  playbook lint {folder}")
    click.echo(f"  playbook run {folder} --events {folder}/events.jsonl --clock events --dry-run --story")
