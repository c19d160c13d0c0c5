"""`playbook outbox`: what is on its way to customers and to our own people, and what a person does about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins

from playbook_engine.cli.output import FORMAT, moment, print_json, table
from playbook_engine.errors import PlaybookError, UsageError
from playbook_engine.model.delivery import Receipt
from playbook_engine.runtime import outbox
from playbook_engine.runtime.store import DELIVERY_STATES, NEVER, Store, StoredDelivery, open_store
from playbook_engine.text.scalars import without_unseen

OPEN = ("waiting", "sending", "unknown", "dead")
"""What still wants something: time, an answer, or a person."""

STORE = click.option("--store", "url", metavar="URL", default="sqlite:playbook.db", show_default=True, help="Which.")
BY = click.option("--by", required=True, metavar="PERSON", help="Who says so; it is recorded.")
KEYS = click.argument("keys", nargs=-1, required=True, metavar="KEY...")


@click.group("outbox")
def command() -> None:
    """Lists what leaves, sends dead letters again, takes back, and settles what nobody knows.

    A run that is under way acts on it at once, else the next one does; the incident hears of it with who said so.
    """


@command.command("list")
@STORE
@click.option("--state", "states", multiple=True, type=click.Choice([*DELIVERY_STATES, "all"]), help="Default: open.")
@click.option("--incident", default="", metavar="ID", help="Of this incident only.")
@FORMAT
def list_outbox(url: str, states: tuple[str, ...], incident: str, form: str) -> None:
    """Lists deliveries with their states; by default what is waiting, being sent, unknown or dead."""
    wanted = DELIVERY_STATES if "all" in states else states or OPEN
    with closing(_existing(url)) as store:
        rows = [row for row in store.deliveries() if row.status in wanted and incident in ("", row.delivery.incident)]
    if form == "json":
        print_json([_brief(row) for row in rows])
        return
    if not rows:
        click.echo(f"nothing is {', '.join(wanted[:-1])}{' or ' if wanted[1:] else ''}{wanted[-1]}")
        return
    head = ("key", "state", "action", "to", "next try", "attempts", "because")
    click.echo(table([head, *(_line(row) for row in rows)], indent=""))


@command.command("show")
@STORE
@click.argument("key")
@FORMAT
def show(url: str, key: str, form: str) -> None:
    """Shows one delivery whole. What is said to customers stands in it."""
    with closing(_existing(url)) as store:
        row = store.delivery(key)
    if row is None:
        raise UsageError(f"no delivery has the key `{key}`; `playbook outbox list --state all` shows them")
    if form == "json":
        print_json({**_brief(row), "row": to_builtins(row)})
        return
    said = {name: str(value) for name, value in row.leaving.parameters.items()}
    said = {name: _said(name, value) for name, value in _brief(row).items() if value not in ("", None)} | said
    click.echo(table([(name, without_unseen(value.replace("\n", " "))) for name, value in said.items()], indent=""))


@command.command("retry")
@STORE
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--dead", is_flag=True, help="All that are dead, but those that no longer make sense.")
@click.option("--anyway", is_flag=True, help="Also what no longer makes sense.")
@BY
def retry(url: str, keys: tuple[str, ...], dead: bool, anyway: bool, by: str) -> None:
    """Sends again, once and under the same key, what could not be delivered."""
    if bool(keys) == dead:
        raise UsageError("name the keys of what is to be sent again, or write --dead for all that are dead")
    with closing(_existing(url)) as store:
        wanted = [row.key for row in store.deliveries("dead")] if dead else keys
        _each(wanted, lambda key: outbox.retry(store, key, by, anyway), "is sent again", go_on=dead)


@command.command("cancel")
@STORE
@KEYS
@BY
def cancel(url: str, keys: tuple[str, ...], by: str) -> None:
    """Takes back what has not left; its incident goes to a person."""
    with closing(_existing(url)) as store:
        _each(keys, lambda key: outbox.cancel(store, key, by), "is taken back")


@command.command("settle")
@STORE
@click.argument("key")
@click.option("--went/--never-went", default=None, help="What you found out.", is_flag=True)
@click.option("--message", default="", metavar="ID", help="The platform's id of what was said.")
@BY
def settle(url: str, key: str, went: bool | None, message: str, by: str) -> None:
    """Says of a delivery that may or may not have gone what became of it."""
    if went is None:
        raise UsageError(f"say what became of `{key}`: --went or --never-went")
    said = "went" if went else "never went; `playbook outbox retry` sends it"
    with closing(_existing(url)) as store:
        _each((key,), lambda each: outbox.settle(store, each, went, by, message), said)


def _existing(url: str) -> Store:
    """A store is not made by looking for it."""
    scheme, _, place = url.partition(":")
    if scheme == "sqlite" and place and not Path(place).is_file():
        raise UsageError(f"there is no store at `{place}`; --store names the one that `playbook run` works on")
    return open_store(url)


def _each(keys: Iterable[str], act: Callable[[str], object], said: str, go_on: bool = False) -> None:
    """One after the other; the first that cannot be done ends it, unless it goes on."""
    for key in keys:
        try:
            act(key)
        except PlaybookError as error:
            if not go_on:
                raise
            click.echo(f"left: {error}", err=True)
        else:
            click.echo(f"{key} {said}")


def _brief(row: StoredDelivery) -> dict[str, Any]:
    """Without what is said in it."""
    delivery, receipt = row.delivery, row.receipt or Receipt()
    return {
        "key": row.key,
        "state": "settled" if row.held == outbox.SETTLED else row.status,
        "incident": delivery.incident,
        "action": delivery.action,
        "channel": delivery.channel,
        "account": delivery.account,
        "person": delivery.person,
        "step": delivery.step,
        "attempts": row.attempts,
        "held": row.held,
        "next_try": row.next_try if row.status == "waiting" and 0 < row.next_try < NEVER else None,
        "not_after": delivery.not_after,
        "deadline": delivery.deadline or None,
        "message": receipt.message,
        "error": receipt.error,
        "by": receipt.by,
    }


def _said(name: str, value: object) -> str:
    return _moment(value) if name in ("next_try", "not_after", "deadline") else str(value)


def _moment(at: object) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M:%SZ}" if isinstance(at, int) else ""


def _line(row: StoredDelivery) -> tuple[str, ...]:
    brief = _brief(row)
    to = f"{brief['channel']} {brief['person']}" if brief["action"] == "notify" else f"{brief['channel']}"
    because = brief["error"] or brief["held"]
    return (
        row.key,
        brief["state"],
        brief["action"],
        to,
        _moment(brief["next_try"]),
        str(row.attempts),
        without_unseen(because),
    )
