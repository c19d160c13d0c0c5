"""`playbook forget`: what a person said, and their names, erased; the record holds."""

from __future__ import annotations

from contextlib import closing

import click

from playbook_engine.cli.output import FORMAT, print_json
from playbook_engine.cli.stored import opened
from playbook_engine.errors import UsageError
from playbook_engine.policy.durations import parse_duration
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.door import person_of
from playbook_engine.runtime.forgetting import Forgotten, forget_older, forget_person
from playbook_engine.runtime.mark import engine_mark
from playbook_engine.runtime.store import Store

FINE, NOTHING = 0, 4
REFERENCE = 16
"""Hexadecimal digits of a person's reference."""


@click.command("forget")
@click.argument("person", required=False)
@click.option("--store", "place", required=True, metavar="STORE", help="The file that `run --store` wrote, or a URL.")
@click.option("--older-than", "age", metavar="DURATION", help="Everybody's texts in what is over since then: 90d.")
@FORMAT
@click.pass_context
def command(context: click.Context, person: str | None, place: str, age: str | None, form: str) -> None:
    """Erases what PERSON said, their names and handles, and everything that quotes them.

    PERSON is `channel:handle`, as `x:leaf_and_letter`, or the reference that records have for them. No engine may be at
    work on the store. Deliveries to them that wait are cancelled; what they are owed stays owed. Hashes, decisions and
    facts are left, and that somebody was forgotten is recorded. The exit code is 4 if there was nothing to forget.
    """
    if (person is None) == (age is None):
        raise UsageError("say whom: a PERSON as `channel:handle`, or --older-than DURATION for everybody")
    with closing(opened(place)) as store:
        store.only_engine()
        found = _forgotten(store, person, age)
    if form == "json":
        print_json(vars(found))
    else:
        _print(found)
    context.exit(FINE if found.incidents or found.events else NOTHING)


def _forgotten(store: Store, person: str | None, age: str | None) -> Forgotten:
    now = max(SystemClock().now(), store.clock())
    if person is not None:
        return forget_person(store, _reference(person), now, engine_mark())
    try:
        length = parse_duration(age or "")
    except ValueError as error:
        raise UsageError(f"--older-than: {error}") from None
    return forget_older(store, now - length, now, engine_mark())


def _reference(person: str) -> str:
    channel, colon, handle = person.partition(":")
    if colon and channel and handle:
        return person_of(channel, handle)
    if len(person) == REFERENCE and all(digit in "0123456789abcdef" for digit in person):
        return person
    raise UsageError(f"`{person}` names nobody; write `channel:handle`, as x:leaf_and_letter")


def _print(found: Forgotten) -> None:
    if not found.incidents and not found.events:
        click.echo("nothing is known of them; is the handle spelt as on that channel?")
        return
    click.echo(
        f"forgotten: {len(found.incidents)} incidents, {found.events} events, {found.deliveries} deliveries, "
        f"{found.letters} set aside"
    )
    for key in found.cancelled:
        click.echo(f"cancelled, as it cannot be said any more: {key}")
    for place in found.left:
        click.echo(f"somebody else's words still name them: {place}")
