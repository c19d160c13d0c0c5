"""Opens tickets: in a table of its own, or in any ticket system that has an HTTP interface.

Settings
    prefix    of numbers in the table; default `T-`
    open      the call that opens a ticket elsewhere, and `number`: where its number stands in the answer (JMESPath)
    find      the call that looks for a ticket by `{key}`, and `number` in its answer

    open: {url: "https://tickets.example/api", json: {title: "{subject}", tag: "{key}"}, number: data.id}
    find: {url: "https://tickets.example/api?tag={key}", number: "results[0].id"}

Fields of both calls: {queue} {subject} {text} {incident} {person} {key}. See `_calls.py` for how they are filled in.

Parameters: {queue, subject, text, incident}.

Result: {number, queue}; a playbook may send a text with `{{ ticket.number }}` afterwards.

The table is `tickets.db` among the tables of the run. It has one ticket for an incident and queue: asked again for
the same, it gives the same number.

Repeated: promises `key` with the table; elsewhere `query` where `find` is set, else `none`.

Errors: as for webhook. A ticket whose number cannot be found in the answer counts as opened, without a number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    HttpResponse,
    PluginSettings,
    Receipt,
    Undelivered,
    hookimpl,
)
from playbook_plugins._calls import call_schema, check_call, found_in, refused, request

SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"prefix": {"type": "string"}, "open": call_schema("number"), "find": call_schema("number")},
}
FIELDS = ("queue", "subject", "text", "incident", "person", "key")

_TABLE = """
CREATE TABLE IF NOT EXISTS tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    incident TEXT NOT NULL,
    key TEXT NOT NULL,
    person TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    UNIQUE (incident, queue)
) STRICT
"""
_PATIENCE = 10.0
"""Seconds to wait for another process that writes."""


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    fields = fields_of(delivery)
    if "open" in context.settings:
        return _opened_elsewhere(fields, context)
    if context.dry_run:
        return Receipt("delivered", result={"number": "DRY-RUN", "queue": fields["queue"]})
    try:
        number = _number(fields, context)
    except sqlite3.OperationalError as error:
        raise Undelivered("again", f"the table of tickets is not to be had: {error.sqlite_errorname}") from None
    return _told(f"{context.settings.text('prefix', 'T-')}{number}", fields)


def ask(delivery: Delivery, context: DeliveryContext) -> Receipt:
    """Whether a ticket with this key is there."""
    fields, call = fields_of(delivery), context.settings.part("find")
    answer = context.clients.http(request(call, fields))
    if answer.status == 404:
        return Receipt("again")
    if refused(answer, context.now) is not None or answer.json() is None:
        return Receipt("unknown", error=f"the ticket system answered {answer.status} when asked")
    number = _found(call, answer)
    return _told(number, fields) if number else Receipt("again")


def fields_of(delivery: Delivery) -> dict[str, str]:
    said = {name: str(delivery.parameters.get(name, "")) for name in FIELDS}
    known = {"incident": delivery.incident, "key": delivery.key}
    return {**said, **known, "subject": said["subject"] or f"{said['queue']} {delivery.incident}".strip()}


def _opened_elsewhere(fields: dict[str, str], context: DeliveryContext) -> Receipt:
    call = context.settings.part("open")
    answer = context.clients.http(request(call, fields, "POST"))
    if context.dry_run:
        return _told("DRY-RUN", fields)
    receipt = refused(answer, context.now)
    if receipt is not None or "number" not in call:
        return receipt or Receipt("delivered", result={"queue": fields["queue"]})
    number = _found(call, answer)
    if number:
        return _told(number, fields)
    return Receipt("delivered", result={"queue": fields["queue"]}, error="the answer has no number where it should be")


def _found(call: PluginSettings, answer: HttpResponse) -> str:
    number = found_in(call, "number", answer)
    return str(number) if isinstance(number, str | int) and not isinstance(number, bool) else ""


def _told(number: str, fields: dict[str, str]) -> Receipt:
    return Receipt("delivered", message=number, result={"number": number, "queue": fields["queue"]})


def _number(fields: dict[str, str], context: DeliveryContext) -> int:
    """The number of the incident's ticket in the queue, opened if there is none."""
    with _table(context) as table:
        names = ("queue", "incident", "key", "person", "subject", "text")
        row = [fields[name].encode("utf-8", "replace").decode() for name in names]
        table.execute(
            "INSERT INTO tickets (queue, incident, key, person, subject, text, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (incident, queue) DO NOTHING",
            (*row, context.now),
        )
        found = table.execute(
            "SELECT number FROM tickets WHERE incident = ? AND queue = ?", (row[1], row[0])
        ).fetchone()
    return int(found[0])


@contextmanager
def _table(context: DeliveryContext) -> Iterator[sqlite3.Connection]:
    """The table within one transaction that nobody else writes in."""
    with closing(sqlite3.connect(context.state / "tickets.db", timeout=_PATIENCE, isolation_level=None)) as table:
        table.execute("BEGIN IMMEDIATE")
        table.execute(_TABLE)
        yield table
        table.execute("COMMIT")


def promise(settings: PluginSettings) -> str:
    if "open" not in settings:
        return "key"
    return "query" if "find" in settings else "none"


def check(settings: PluginSettings) -> None:
    if "find" in settings and "open" not in settings:
        raise settings.wrong("open", "this setting is needed beside `find`; write it, or take `find` out")
    for name in ("open", "find"):
        if name in settings:
            check_call(settings.part(name), FIELDS, "number")
    if "find" in settings:
        settings.part("find").text("number")


@hookimpl
def playbook_actions() -> Iterable[Action]:
    spec = ActionSpec("ticket", idempotent="query", sentence="opens a ticket")
    return [Action(spec, deliver, ask, settings=SETTINGS, check=check, promise=promise)]
