"""Modes: started and ended by counting marks, or switched by people. SEMANTICS 10.

A mode starts when the marks within `in` reach the number that starts it. It ends at the instant from which fewer
marks than the number that ends it lie within `in`; one whose marks were fewer from the beginning lasts one whole
window. What a person switched on ends only by a person, and after a person switched it off counting begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from playbook_engine.decide.address import incident_id
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Mode, Policy, Threshold
from playbook_engine.runtime.store import Pause, Store, StoredMode

PAUSE = "pause:"
"""Stands before the scope of a pause where modes are named."""


def count(policy: Policy, store: Store, marks: Iterable[str], now: int) -> list[Event]:
    """Counts what a message counts for, and tells which modes that starts."""
    started = []
    for name in marks:
        mode = policy.modes.get(name)
        if mode is None:
            continue
        windows = [threshold.within for threshold in (mode.starts, mode.ends) if threshold is not None]
        store.drop_marks(name, now - max(windows, default=0))
        store.add_mark(name, now)
        held = store.mode(name)
        if held is not None and held.since is not None:
            _put_off(store, mode, held)
        elif mode.starts is not None and _reached(store, name, mode.starts, now):
            started.append(_start(store, mode, now))
    return started


def _reached(store: Store, name: str, starts: Threshold, now: int) -> bool:
    first = store.nth_last_mark(name, starts.messages)
    return first is not None and first > now - starts.within


def _put_off(store: Store, mode: Mode, held: StoredMode) -> None:
    if mode.ends is not None and not held.by and held.since is not None:
        store.put_mode(replace(held, due=_end(store, mode.id, mode.ends, held.since)))


def _end(store: Store, name: str, ends: Threshold, since: int) -> int:
    """When the n-th last mark leaves the window: from then on there are fewer than n."""
    last = store.nth_last_mark(name, ends.messages)
    leaves = last + ends.within if last is not None else 0
    return leaves if leaves > since else since + ends.within


def _start(store: Store, mode: Mode, now: int, by: str = "") -> Event:
    event = _event("mode.started", mode.id, now, by)
    event = replace(event, incident=incident_id(event))
    due = _end(store, mode.id, mode.ends, now) if mode.ends is not None and not by else None
    store.put_mode(StoredMode(id=mode.id, since=now, by=by, incident=event.incident, due=due))
    return event


def end(store: Store, name: str, now: int, by: str = "") -> list[Event]:
    """Ends a mode that is in force."""
    held = store.mode(name)
    if held is None or held.since is None:
        return []
    store.put_mode(replace(held, since=None, due=None, by=""))
    return [replace(_event("mode.ended", name, now, by), incident=held.incident)]


def switch(policy: Policy, store: Store, event: Event, now: int) -> list[Event] | str:
    """What a `mode.switched` event brings about, with `mode` and `on` in its data; a text says why nothing."""
    name, on = event.data.get("mode"), event.data.get("on")
    if isinstance(name, str) and name.startswith(PAUSE) and isinstance(on, bool):
        return _pause(policy, store, event, name.removeprefix(PAUSE), now)
    mode = policy.modes.get(name) if isinstance(name, str) else None
    if mode is None or not isinstance(on, bool):
        return f"`{name}` is no mode of this playbook, or `on` says neither true nor false"
    if event.by not in mode.may_switch:
        return f"`{event.by}` may not switch `{mode.id}`; `may_switch` lists who may"
    held = store.mode(mode.id)
    if not on:
        store.drop_marks(mode.id, now + 1)
        return end(store, mode.id, now, event.by)
    if held is None or held.since is None:
        return [_start(store, mode, now, event.by)]
    store.put_mode(replace(held, by=event.by, due=None))
    return []


def _pause(policy: Policy, store: Store, event: Event, scope: str, now: int) -> list[Event] | str:
    """What keeps back what goes to customers; thrown from another process (`done`) it is in force already."""
    if event.by not in policy.people:
        return f"`{event.by}` is nobody of this playbook's people, who alone may pause and resume"
    held = next((pause for pause in store.pauses() if pause.scope == scope), None)
    if event.data["on"] and held is None and not event.data.get("done"):
        store.pause(Pause(scope=scope, since=now, by=event.by))
    elif not event.data["on"] and not event.data.get("done"):
        store.lift(scope, now)
    return []


def _event(type: str, mode: str, now: int, by: str) -> Event:
    return Event(
        source="engine",
        id=f"{type}:{mode}:{now}",
        type=type,
        at=now,
        seen_at=now,
        by=by,
        data={"mode": mode},
    )
