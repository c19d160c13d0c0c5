"""`playbook audit`: the record checked, sealed, shown, and written as one file for somebody else to check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from msgspec import to_builtins

from playbook_engine.cli.anchor import anchored, noted_in, seal_line
from playbook_engine.cli.audit_words import print_audit
from playbook_engine.cli.output import FORMAT, moment, print_json, table
from playbook_engine.cli.progress import Progress
from playbook_engine.cli.stored import opened
from playbook_engine.errors import UsageError
from playbook_engine.registry import Registry
from playbook_engine.runtime.auditing import Audit, Auditor
from playbook_engine.runtime.bundle import Bundle, exported, read_bundle
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.mark import engine_mark
from playbook_engine.runtime.playbooks import policies_kept
from playbook_engine.runtime.record import read_record
from playbook_engine.runtime.sealing import last_seal, seal
from playbook_engine.runtime.store import Store

FINE, DIFFERENT, NOTHING, INCONCLUSIVE = 0, 1, 4, 5

STORE = click.argument("store")


@click.group("audit")
def command() -> None:
    """The record of what was decided: verify it, seal it, show it, export it.

    STORE is the file that `run --store` wrote, or a store's URL.
    """


@command.command("verify")
@click.argument("place", metavar="STORE|BUNDLE")
@click.option("--anchor", type=click.Path(path_type=Path), help="A file of noted seals: every one must be there.")
@click.option("--holds", metavar="HASH", multiple=True, help="The hash of a seal or record that must be there.")
@FORMAT
@click.pass_context
def verify(context: click.Context, place: str, anchor: Path | None, holds: tuple[str, ...], form: str) -> None:
    """Recomputes every hash, link and seal, and decides every event again with the policy of then.

    What differs is named, the first first, and the exit code is 1. It is 5 where something cannot be decided: the text
    of a policy is missing, or another release of the engine decided otherwise. Nothing is written.
    """
    noted = [*holds, *(noted_in(anchor) if anchor is not None else ())]
    with _evidence(place) as (store, bundle), Progress(form == "text", "decisions") as progress:
        auditor = Auditor(
            store,
            policies_kept(store, Registry.build().actions),
            engine_mark(),
            personal=bundle is None or bundle.manifest.personal,
            working=bundle is None,
            partial=bundle is not None and not bundle.whole,
            progress=progress.done,
        )
        found = auditor.audit(noted)
    if bundle is not None:
        found.differences[:0] = bundle.differences
    if form == "json":
        print_json(_as_json(found))
    else:
        print_audit(found, place, anchored=bool(noted))
    context.exit(_code(found))


@contextmanager
def _evidence(place: str) -> Iterator[tuple[Store, Bundle | None]]:
    path = Path(place)
    if _is_bundle(path):
        bundle = read_bundle(path.read_bytes())
        yield bundle.store, bundle
        return
    with closing(opened(place)) as store:
        yield store, None


def _is_bundle(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _code(found: Audit) -> int:
    if found.differences:
        return DIFFERENT
    if not found.records:
        return NOTHING
    return INCONCLUSIVE if found.unmade or found.doubtful else FINE


def _as_json(found: Audit) -> dict[str, object]:
    return {**to_builtins(found), "unsealed": found.unsealed}


@command.command("export")
@STORE
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--incident", default="", metavar="ID", help="One incident only, with proofs that it was sealed.")
@click.option("--without-personal", is_flag=True, help="Nothing that anybody wrote, no names, no handles.")
def export(store: str, out: Path, incident: str, without_personal: bool) -> None:
    """Writes the record as one file that `audit verify`, or anybody's own program, checks without the store."""
    with closing(opened(store)) as kept:
        content = exported(kept, incident, not without_personal)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}; name another file") from None
    click.echo(f"wrote {out}, {len(content):,} bytes")


@command.command("seal")
@STORE
@click.option("--anchor", type=click.Path(path_type=Path), help="Note the seal's hash in this file, too.")
def seal_now(store: str, anchor: Path | None) -> None:
    """Seals now what was recorded since the last seal, and prints the hash of the latest.

    Keep what it prints where nobody who can write to the store can change it.
    """
    with closing(opened(store)) as kept, anchored(anchor) as note:
        last, named = last_seal(kept)
        made = seal(kept, max(SystemClock().now(), kept.clock(), last.at))
        if made is not None:
            last, named = made
            note(last, named)
    click.echo(seal_line(last, named) if named else "nothing has been recorded yet")


@command.command("show")
@STORE
@click.option("--incident", default="", metavar="ID", help="One incident's records. Default: all.")
@FORMAT
def show(store: str, incident: str, form: str) -> None:
    """Lists records: incident, number, instant in UTC, type of the event, hash."""
    with closing(opened(store)) as kept:
        records = [(record, read_record(record)) for record in kept.records(incident)]
    if form == "json":
        print_json([{**to_builtins(said), "n": record.n, "hash": record.hash.hex()} for record, said in records])
        return
    rows = [
        (record.incident, str(record.n), moment(said.now).isoformat(), said.type, record.hash.hex()[:16])
        for record, said in records
    ]
    click.echo(table(rows, indent="") if rows else "nothing has been recorded yet")
