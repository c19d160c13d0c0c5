"""Asking the enrichment plugins about one event, in bounded time, and taking only what an event can hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial

from playbook_engine.model.event import Event, FactValue
from playbook_engine.policy.durations import say_duration
from playbook_engine.runtime.bounded import Bounded, Call, TooLong
from playbook_engine.text.scalars import shown, without_unseen

TIME_LIMIT = 2_000
"""Ms that one event's enrichment may take."""

LONGEST_TEXT = 1_000
MOST_FACTS = 100

Enrich = Callable[[Event], object]


class Enrichers:
    """`plugins` are the enrichment functions by the names of their plugins. All are asked at the same time."""

    def __init__(self, plugins: Mapping[str, Enrich], limit: int = TIME_LIMIT) -> None:
        self._plugins = dict(sorted(plugins.items()))
        self._limit = limit
        self._calls = {name: Bounded() for name in plugins}

    def enrich(self, event: Event) -> tuple[Mapping[str, FactValue], Mapping[str, str]]:
        """What the plugins told, by fact; and why something is missing, by plugin or by fact. Never raises."""
        if not self._plugins:
            return {}, {}
        values: dict[str, FactValue] = {}
        missing: dict[str, str] = {}
        until = time.monotonic() + self._limit / 1000
        for name, started in {name: self._started(name, event) for name in self._plugins}.items():
            try:
                if started is None:
                    missing[name] = f"{name} is still busy with earlier events"
                else:
                    told = started.result(max(0.0, until - time.monotonic()))
                    _take(name, told, values, missing)
            except TooLong:
                missing[name] = f"{name} did not answer in {say_duration(self._limit)}"
            except BaseException as error:
                # What it says may quote the customer; its type does not.
                missing[name] = f"{name} failed with {type(error).__name__}"
        return values, missing

    def _started(self, name: str, event: Event) -> Call[object] | None:
        # A copy each: what a plugin writes into it, and when, must not be seen anywhere.
        try:
            return self._calls[name].start(partial(self._plugins[name], deepcopy(event)))
        except TooLong:
            return None


def _take(plugin: str, told: object, values: dict[str, FactValue], missing: dict[str, str]) -> None:
    if told is None:
        return
    if not isinstance(told, Mapping):
        missing[plugin] = f"{plugin} gave {_kind(told)}; facts by name are wanted"
        return
    if len(told) > MOST_FACTS:
        missing[plugin] = f"{plugin} gave {len(told)} facts; {MOST_FACTS} are the most"
        return
    for name, value in sorted(told.items(), key=lambda each: str(each[0])):
        if not isinstance(name, str) or not name:
            missing[plugin] = f"{plugin} gave a fact without a name"
            continue
        found = fact_value(value)
        if found is None:
            wanted = f"a flag, a whole number, a text of up to {LONGEST_TEXT} characters or a list of them is wanted"
            missing[shown(name)] = f"{plugin} gave {_kind(value)}; {wanted}"
        elif name in values:
            missing[name] = f"{plugin} gave it again; the first plugin by name is believed"
        else:
            values[shown(name)] = found


def fact_value(value: object) -> FactValue | None:
    """The value as a fact may hold it, a list as a sorted set; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 53 else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple | set | frozenset) and len(value) <= LONGEST_TEXT:
        texts = [_text(each) if isinstance(each, str) else None for each in value]
        return None if None in texts else tuple(sorted({text for text in texts if text is not None}))
    return None


def _text(value: str) -> str | None:
    plain = without_unseen(value.encode("utf-8", "replace").decode())
    return plain if len(plain) <= LONGEST_TEXT else None


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
