"""What `pause` and `resume` have in common: a scope, a person, a row in force at once and an event that says who."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import click

from playbook_engine.cli.desk import known, opened, playbook_of, request
from playbook_engine.runtime.modes import PAUSE
from playbook_engine.runtime.requests import leave_request
from playbook_engine.runtime.store import Pause, Store, transaction


def scope_of(store: Store, person: str, department: str | None, channel: str | None) -> str:
    """Raises UsageError for names that the playbook does not have."""
    playbook = playbook_of(store)
    known(_names(playbook, "people"), person, "person")
    if department is not None and channel is not None:
        raise click.UsageError("name a department or a channel, not both; pause twice for both")
    if department is not None:
        known(_names(playbook, "departments"), department, "department")
        return f"department:{department}"
    if channel is not None:
        known({account.partition(":")[0] for account in _names(playbook, "accounts")}, channel, "channel")
        return f"channel:{channel}"
    return "everything"


def _names(playbook: dict[str, Any], section: str) -> list[str]:
    held = playbook.get(section)
    return list(held) if isinstance(held, dict) else []


def switch(url: str, on: bool, person: str, department: str | None, channel: str | None) -> str:
    """Throws the switch in one transaction with the request that has it recorded, and says what came of it."""
    with closing(opened(url)) as store:
        scope = scope_of(store, person, department, channel)
        now = time.time_ns() // 1_000_000
        with transaction(store):
            held = next((pause for pause in store.pauses() if pause.scope == scope), None)
            if (held is not None) == on:
                by = f" by {held.by}" if held is not None else ""
                return f"{scope} is paused already{by}" if on else f"{scope} is not paused"
            if on:
                store.pause(Pause(scope=scope, since=now, by=person))
            else:
                store.lift(scope, now)
            data = {"mode": f"{PAUSE}{scope}", "on": on, "done": True}
            leave_request(store, request("mode.switched", person, data=data))
    if on:
        return f"{scope} is paused by {person}: nothing leaves to customers there; our own people are told all the same"
    return f"{scope} goes on: what waited leaves now, unless it is too late for it"
