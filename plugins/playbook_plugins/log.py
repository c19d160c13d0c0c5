"""Writes every delivery as one line: to the console, or to a file.

`log` carries whatever nothing else carries, so that a playbook runs before anything is connected. Nothing is found
out by it: a `lookup` that it carries is unsure and goes to a person.

Settings
    form    `text` (default), or `json` for one JSON object a line
    file    the file to append to; default: the console, on stderr

Parameters: those of any action. A line holds what the delivery says and nothing else of the incident.

Repeated: promises `key`. A second line with the same key says the same thing.

Errors: a file that cannot be written to fails the delivery.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from playbook_engine import ANY, Action, ActionSpec, Delivery, DeliveryContext, Receipt, hookimpl
from playbook_plugins._told import told

SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "form": {"type": "string", "enum": ["text", "json"]},
        "file": {"type": "string", "examples": ["deliveries.log"]},
    },
}

_TEXTS = ("text", "subject", "queue", "table", "tags", "name", "url")
"""Parameters of which the first that is there tells what it is about."""


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    form = context.settings.text("form", "text")
    try:
        context.clients.say(as_json(delivery, context.now) if form == "json" else as_text(delivery, context.now))
    except OSError as error:
        return Receipt("failed", error=f"the log cannot be written to: {error.strerror}")
    return Receipt("delivered")


def as_text(delivery: Delivery, now: int) -> str:
    """`2026-03-02T01:00:00Z send email hanako@mail.example: Thank you … [i1:1:reply:email:1]`"""
    said = delivery.parameters
    where = "" if delivery.channel == delivery.action else delivery.channel
    whom = str(said.get("address") or said.get("to") or delivery.account)
    amount = f"{said['amount']} {said.get('currency', '')}".strip() if "amount" in said else ""
    about = next((str(said[name]) for name in _TEXTS if said.get(name)), "")
    head = " ".join(part for part in (delivery.action, where, whom, amount) if part)
    return f"{_instant(now)} {head}{': ' if about else ''}{' '.join(about.split())} [{delivery.key}]"


def as_json(delivery: Delivery, now: int) -> str:
    fields = {"at": _instant(now), **told(delivery)}
    return json.dumps(fields, ensure_ascii=False, default=str)


def _instant(now: int) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now)
    return at.isoformat(timespec="milliseconds" if now % 1000 else "seconds").replace("+00:00", "Z")


@hookimpl
def playbook_actions() -> Iterable[Action]:
    spec = ActionSpec(ANY, idempotent="key", sentence="writes a line to the console or a file")
    return [Action(spec, deliver, settings=SETTINGS)]
