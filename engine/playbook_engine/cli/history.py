"""Where events come from and how far time goes on after them: what `run` and `replay` share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import click

from playbook_engine.cli.loading import instant
from playbook_engine.errors import UsageError
from playbook_engine.policy.durations import parse_duration
from playbook_engine.runtime.incoming.growing import Growing
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.mapping import load_mapping
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Outcome, Sender
from playbook_engine.runtime.incoming.read import ByteStream

EVENTS = click.option(
    "--events", required=True, metavar="FILE", help="JSON lines, a JSON array or an e-mail; - is stdin."
)
MAP = click.option(
    "--map", "mapping", metavar="NAME|FILE", help="A foreign shape: x, mastodon, slack, line, email, a file."
)


def incoming(events: str, mapping: str | None, stack: ExitStack, *, follow: bool = False) -> Iterator[Outcome]:
    """An operator's file may hold what people did as well as messages. Raises UsageError where it cannot be read."""
    known = load_mapping(mapping) if mapping is not None else None
    stream: ByteStream = sys.stdin.buffer if events == "-" else _opened(events, stack)
    stream = Growing(stream) if follow else stream
    return take_in(stream, Sender(may_send=MESSAGES | PEOPLE), known, "" if events == "-" else Path(events).name)


def _opened(events: str, stack: ExitStack) -> BinaryIO:
    try:
        return stack.enter_context(Path(events).open("rb"))
    except OSError as error:
        raise UsageError(f"{events} cannot be read: {error.strerror}; name a file of events, or - for stdin") from None


def going_on(until: str | None, zone: str) -> Callable[[int], int]:
    """How far time goes on after the last event: to an instant, by a length as `+2d`, or not at all."""
    if until is None:
        return lambda now: now
    if until.startswith("+"):
        try:
            length = parse_duration(until[1:])
        except ValueError as error:
            raise UsageError(f"--until {until}: {error}") from None
        return lambda now: now + length
    at = instant(until, zone)
    return lambda now: max(now, at)
