"""What `approvals`, `pause` and `resume` share: a store, its people, and what came of what one asked for."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from msgspec import json

from playbook_engine.errors import UsageError
from playbook_engine.model.decision import Note
from playbook_engine.runtime.incoming.outcomes import Incoming
from playbook_engine.runtime.record import RecordedDecision
from playbook_engine.runtime.requests import EVERY
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.text.nearest import nearest

STORE = click.argument("url", metavar="STORE")
AS = click.option("--as", "person", required=True, metavar="PERSON", help="Who says so: an id under `people`.")
WAIT = click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=3.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a running engine to take it in.",
)

SOURCE = "desk"
"""The source of every request from the command line."""


def opened(url: str) -> Store:
    """The store at a URL or the path of a file. Raises UsageError where there is none."""
    scheme, colon, place = url.partition(":")
    if not colon:
        scheme, place = "sqlite", url
    if scheme == "sqlite" and not Path(place).is_file():
        raise UsageError(f"there is no store at `{place}`; name the file that `playbook run --store` writes")
    return open_store(f"{scheme}:{place}")


def playbook_of(store: Store) -> dict[str, Any]:
    """The playbook that decided last, as it was written; empty where nothing was decided yet."""
    last = next(iter(store.events(max(0, store.next_seq() - 2))), None)
    text = store.policy(last.policy) if last is not None else None
    kept = json.decode(text) if text else {}
    value = kept.get("playbook") if isinstance(kept, dict) else None
    return value if isinstance(value, dict) else {}


def known(names: Iterable[str], name: str, what: str) -> None:
    """Raises UsageError for a name that is not among `names`; where none are known, any will do."""
    legal = sorted(names)
    if legal and name not in legal:
        near = nearest(name, legal)
        hint = f"did you mean `{near}`?" if near else f"it has {', '.join(legal[:12])}"
        raise UsageError(f"the playbook has no {what} `{name}`; {hint}")


def request(type: str, person: str, **fields: Any) -> Incoming:
    """An event by a person, with an id of its own."""
    data = fields.pop("data", {})
    id = f"{type}:{person}:{time.time_ns()}"
    return Incoming(source=SOURCE, id=id, type=type, by=person, data=data, place="the command line", **fields)


def taken_in(store: Store, asked: Incoming, wait: float) -> bool:
    """Waits until the engine has stored the event; False when it has not within `wait` seconds."""
    until = time.monotonic() + wait
    while store.seen(asked.source, asked.id) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(min(EVERY / 4, max(0.0, until - time.monotonic())))
    return True


def notes_on(store: Store, asked: Incoming) -> list[Note]:
    """What its decision noted."""
    key = f"{asked.source}#{asked.id}"
    incident = store.decided_in(key)
    bodies = (record.body for record in store.records(incident) if record.event == key) if incident else ()
    return [note for body in bodies for note in json.decode(body, type=RecordedDecision).notes]
