"""A playbook, a store, entrances and carriers put to work together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from socket import socket

from playbook_engine.errors import PlaybookError, PlaybookProblems
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import Carriers, carriers_for
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.dispatcher import Carrier, Recorder
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine, known_secret
from playbook_engine.runtime.incoming.outcomes import SetAside
from playbook_engine.runtime.mark import engine_mark
from playbook_engine.runtime.playbooks import Loaded, kept_text, load
from playbook_engine.runtime.rates import no_room, room_of
from playbook_engine.runtime.running import Listener
from playbook_engine.runtime.sealing import Seal
from playbook_engine.runtime.settings import NO_SETTINGS, Settings, read_settings
from playbook_engine.runtime.store import DeadLetter, open_store
from playbook_engine.runtime.watchdog import Watchdog
from playbook_engine.serve.app import Web
from playbook_engine.serve.entrances import entrances_of
from playbook_engine.serve.logs import log_to_stderr
from playbook_engine.serve.loop import Loop
from playbook_engine.serve.metrics import Counted
from playbook_engine.serve.server import AT_ONCE, is_loopback, listen, serve

A_COMMIT = 1_000_000
"""Events a commit: the loop commits after each request by itself."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What the command line said; `url` is the store's. `sealed` hears of each hourly seal and its hash."""

    path: Path
    listen: str
    settings: Path | None
    url: str
    dry_run: bool
    log_form: str
    sealed: Callable[[Seal, str], object] | None = None


def serving(asked: Asked) -> None:
    """Until a signal ends it. Raises PlaybookError where it cannot begin."""
    log_to_stderr(asked.log_form)
    registry = Registry.build()
    loaded, policy = _usable(asked.path, registry)
    settings = read_settings(asked.settings) if asked.settings is not None else NO_SETTINGS
    with closing(listen(asked.listen)) as sock, ExitStack() as stack:
        entrances = entrances_of(settings, registry.sources, loopback=is_loopback(sock))
        carrier, clock, counted = _carrier(asked, registry, settings), SystemClock(), Counted()
        listener = _listener(counted)
        store = stack.enter_context(closing(open_store(asked.url)))
        engine = Engine(
            policy,
            store,
            carrier,
            clock,
            batch=A_COMMIT,
            observers=[counted.add],
            set_aside=listener.set_aside,
            canonical=kept_text(loaded),
            mark=engine_mark(),
            room=room_of(registry.send_rates, carrier.leaves) if isinstance(carrier, Carriers) else no_room,
            crew=carrier.crew() if isinstance(carrier, Carriers) else None,
            watchdog=Watchdog(counted.timer),
            new_secret=known_secret if asked.dry_run else lambda incident: token_bytes(32),
            sealed=asked.sealed,
        )
        door = Door(Terms.of(policy), store, clock, wake=engine.wake, enrich=registry.enrich)
        loop = Loop(engine, door, listener)
        store.only_engine()
        # From here on who calls waits for an answer instead of being turned away.
        sock.listen(AT_ONCE)
        log.info("serving %s at %s; hooks: %s", policy.name, _address(sock), _paths(settings))
        web = Web(loop, entrances.hooks, clock, counted)
        serve(web, loop, entrances.readings, sock, _reload(asked, registry, loop))


def _carrier(asked: Asked, registry: Registry, settings: Settings) -> Carrier:
    """A dry run has no carriers at all: there is nothing in it that could send."""
    if asked.dry_run:
        return Recorder(lambda delivery: None)
    return carriers_for(registry.carriers, settings, asked.url)


def _usable(path: Path, registry: Registry) -> tuple[Loaded, Policy]:
    """Raises PlaybookProblems."""
    loaded = load(path, registry.actions)
    if loaded.policy is None:
        raise PlaybookProblems(loaded.problems, loaded.document.lines)
    return loaded, loaded.policy


def _reload(asked: Asked, registry: Registry, loop: Loop) -> Callable[[], None]:
    def reload() -> None:
        try:
            loaded, policy = _usable(asked.path, registry)
        except PlaybookError as error:
            why = str(error).split("\n", 1)[0]
            log.error("the playbook cannot be used, the old one stays in force: %s", why)
            return
        loop.use(policy, kept_text(loaded))

    return reload


def _listener(counted: Counted) -> Listener:
    summary = counted.summary

    def set_aside(letter: SetAside | DeadLetter) -> None:
        summary.aside(letter.reason)
        log.warning("set aside [%s] %s", letter.reason, letter.place)

    def duplicate(_: object) -> None:
        summary.duplicates += 1

    def skipped(_: object) -> None:
        summary.skipped += 1

    return Listener(summary.admitted, set_aside, duplicate, skipped)


def _address(sock: socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _paths(settings: Settings) -> str:
    return ", ".join(row.path for row in settings.hooks) or "none"
