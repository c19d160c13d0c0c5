"""`playbook run`: events in, actions out, and the sum of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

import click

from playbook_engine.cli.anchor import anchored
from playbook_engine.cli.decisions import decisions_to
from playbook_engine.cli.history import EVENTS, MAP, going_on, incoming
from playbook_engine.cli.loading import PLAYBOOK, instant, load_any
from playbook_engine.cli.output import FORMAT, print_json
from playbook_engine.cli.progress import Progress
from playbook_engine.cli.story import Story
from playbook_engine.cli.sums import print_summary
from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import Carriers, carriers_for
from playbook_engine.runtime.clock import Clock, EventsClock, SystemClock
from playbook_engine.runtime.dispatcher import Carrier, Recorder
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine, known_secret
from playbook_engine.runtime.incoming.outcomes import SetAside
from playbook_engine.runtime.mark import engine_mark
from playbook_engine.runtime.playbooks import kept_text
from playbook_engine.runtime.rates import no_room, room_of
from playbook_engine.runtime.requests import attended, take_requests
from playbook_engine.runtime.running import Listener, run
from playbook_engine.runtime.settings import NO_SETTINGS, read_settings
from playbook_engine.runtime.store import DeadLetter, Store, open_store
from playbook_engine.runtime.watchdog import Watchdog
from playbook_engine.study.summary import Summary

DEFAULT_STORE = "sqlite:playbook.db"


@dataclass(frozen=True)
class Asked:
    """What the command line said."""

    path: Path
    events: str
    mapping: str | None
    clock: str
    start: str | None
    until: str | None
    dry_run: bool
    store: str | None
    settings: Path | None
    decisions: str | None
    anchor: Path | None
    batch: int
    follow: bool
    story: bool
    fail_on: str
    quiet: bool
    form: str

    @property
    def url(self) -> str:
        return self.store or ("memory:" if self.dry_run else DEFAULT_STORE)


@click.command("run")
@PLAYBOOK
@EVENTS
@MAP
@click.option(
    "--clock",
    type=click.Choice(["wall", "events"]),
    default="wall",
    show_default=True,
    help="The machine's clock, or the events' own, with timers firing between them.",
)
@click.option("--start", metavar="TIME", help="On the events' clock: where it stands before the first event's time.")
@click.option("--until", metavar="TIME", help="On the events' clock go on to then: +2d, or 2026-03-04T18:00.")
@click.option("--dry-run", is_flag=True, help="Nothing leaves: plugins are not called, deliveries are recorded.")
@click.option("--store", metavar="URL", help=f"Where incidents live. Default: {DEFAULT_STORE}; memory: in a dry run.")
@click.option("--settings", type=click.Path(path_type=Path), help="Who carries what, and the plugins' settings.")
@click.option("--decisions", metavar="FILE", help="Write every decision as a JSON line; - is stdout.")
@click.option("--anchor", type=click.Path(path_type=Path), help="Note the hash of every hourly seal in this file.")
@click.option("--batch", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Events a commit.")
@click.option("--follow", is_flag=True, help="At the end of the file wait for more lines, until stopped by Ctrl-C.")
@click.option("--story", is_flag=True, help="Tell every event and what came of it. Shows what customers wrote.")
@click.option(
    "--fail-on",
    type=click.Choice(["failure", "breach", "never"]),
    default="failure",
    show_default=True,
    help="What makes the exit code 1: anything set aside or undeliverable, or a breached duty too.",
)
@click.option("--quiet", is_flag=True, help="No progress, and no list of what was set aside.")
@FORMAT
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Takes in events, decides each, carries out what follows, and sums it up.

    Every piece of input is decided, a counted repetition, or set aside with its reason: nothing is lost.
    """
    asked = Asked(**options)
    summary = _run(asked)
    if asked.form == "json":
        print_json(summary.as_json())
    else:
        print_summary(summary, dry_run=asked.dry_run, err=asked.decisions == "-")
    context.exit(_code(summary, asked.fail_on))


def _run(asked: Asked) -> Summary:
    registry = Registry.build()
    loaded = load_any(asked.path, registry)
    policy, summary = loaded.policy, Summary()
    if policy is None:
        raise PlaybookProblems(loaded.problems, loaded.document.lines)
    end = _end(asked, policy)
    if asked.follow and (asked.clock == "events" or asked.events == "-"):
        raise UsageError("--follow goes with a file and the machine's clock; stdin is followed anyway")
    story = Story(policy) if asked.story else None
    listener = _listener(summary, story, asked.quiet)
    clock, watchdog = _clock(asked, policy), Watchdog()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(not asked.quiet and story is None and asked.decisions != "-"))
        store: Store = stack.enter_context(closing(open_store(asked.url)))
        store.only_engine()
        carrier = _carrier(asked, registry)
        engine = Engine(
            policy,
            store,
            carrier,
            clock,
            batch=1 if asked.events == "-" and asked.clock == "wall" else asked.batch,
            observers=[summary.add, *([story.decided] if story is not None else [])],
            progress=progress.done,
            set_aside=listener.set_aside,
            committed=stack.enter_context(decisions_to(asked.decisions, store)) if asked.decisions else None,
            canonical=kept_text(loaded),
            mark=engine_mark(),
            room=room_of(registry.send_rates, carrier.leaves) if isinstance(carrier, Carriers) else no_room,
            crew=carrier.crew() if isinstance(carrier, Carriers) else None,
            watchdog=watchdog,
            sealed=stack.enter_context(anchored(asked.anchor)),
            new_secret=known_secret if asked.dry_run else lambda incident: token_bytes(32),
        )
        stack.enter_context(engine)
        door = Door(Terms.of(policy), store, clock, wake=engine.wake, enrich=registry.enrich)
        pieces = incoming(asked.events, asked.mapping, stack, follow=asked.follow)
        if not clock.by_hand:
            pieces = attended(pieces, partial(take_requests, engine, door, listener))
        run(engine, door, pieces, listener, end)
        engine.rest()
        summary.late_timers, summary.latest_timer = watchdog.late, watchdog.worst
        summary.carried = dict(carrier.carried_by) if isinstance(carrier, Carriers) else {}
    return summary


def _carrier(asked: Asked, registry: Registry) -> Carrier:
    """A dry run has no carriers at all: there is nothing in it that could send."""
    if asked.dry_run:
        return Recorder(lambda delivery: None)
    settings = read_settings(asked.settings) if asked.settings is not None else NO_SETTINGS
    return carriers_for(registry.carriers, settings, asked.url)


def _listener(summary: Summary, story: Story | None, quiet: bool) -> Listener:
    def set_aside(letter: SetAside | DeadLetter) -> None:
        summary.aside(letter.reason)
        if not quiet:
            click.echo(f"set aside [{letter.reason}] {letter.sentence or letter.place}", err=True)

    def admitted(event: Event) -> None:
        summary.admitted(event)
        if story is not None:
            story.admitted(event)

    def duplicate(_: object) -> None:
        summary.duplicates += 1

    def skipped(_: object) -> None:
        summary.skipped += 1

    return Listener(admitted, set_aside, duplicate, skipped)


def _clock(asked: Asked, policy: Policy) -> Clock:
    """Events without a time of their own happen where the clock stands."""
    if asked.clock == "events":
        return EventsClock(instant(asked.start, policy.timezone) if asked.start is not None else 0)
    if asked.start is not None:
        raise UsageError("--start goes with `--clock events`; the machine's clock stands where it stands")
    return SystemClock()


def _end(asked: Asked, policy: Policy) -> Callable[[int], int]:
    if asked.until is not None and asked.clock != "events":
        raise UsageError("--until goes with `--clock events`; the machine's clock cannot be sent ahead")
    return going_on(asked.until, policy.timezone)


def _code(summary: Summary, fail_on: str) -> int:
    failed = bool(summary.set_aside) or summary.failures > 0
    if fail_on == "never":
        return 0
    return int(failed or (fail_on == "breach" and summary.breaches > 0))
