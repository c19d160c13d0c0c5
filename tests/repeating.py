"""A worker that can be killed: it feeds the same events into a store and sends by appending to a file.

Run as `repeating.py STORE SENT BATCH COUNT [CRASH]`. CRASH is `before:N` or `after:N`: the worker kills itself
just before or after it sends the N-th delivery of its life.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.runtime.store import open_store
from shop import Shop, event, message
from story import MINUTE, at, compiled

POLICY = compiled(
    more="""
modes:
  storm: {starts: {messages: 3, in: 2h, when: {topics: damage}}, ends: {messages: 2, in: 1h, when: {topics: damage}}}
rules:
  personal:
    when: {personal_data: true}
    once_per: incident
    do: [{hand_over: {channel: direct, send: move-to-dm}}]
  statement:
    event: mode.started
    when: {mode: storm}
    do: [{notify: {to: bob, text: a storm}}]
limits:
  - {id: one-person, of: send, per: author, max: 1, in: 10m, then: hold}
  - {id: pager, of: notify, per: person, max: 2, in: 1h, then: digest}
"""
)

TEXTS = ("broken", "hello there", "broken again?", "lovely", "call 090-1234-5678", "injured", "broken")


def traffic(count: int) -> Iterator[Event]:
    """Messages of nine customers, some private, and answers by a person, some at the same instant."""
    now = at("mon 09:00")
    for n in range(count):
        now += (0, 90_000, 11 * MINUTE, 47 * MINUTE)[n % 4]
        person = f"p{n * 5 % 9}"
        if n % 6 == 5:
            thread = {"channel": "x", "account": "shop", "conversation": f"post-{person}", "message": f"a{n}"}
            yield event(f"e{n}", "message.sent", now, by="ann", text="We are on it.", **thread)
        else:
            private = {"public": False, "conversation": ""} if n % 4 == 1 else {}
            yield message(f"e{n}", now, TEXTS[n % len(TEXTS)], person=person, **private)


class Service:
    """A service that drops a key it has had before. Some keys meet a passing fault at their first attempt."""

    def __init__(self, sent: Path | None = None, crash: str = "", dry: bool = False) -> None:
        self.dry = dry
        self.sent = sent
        self.keys = set(sent.read_text().split()) if sent is not None else set()
        self.when, _, number = crash.partition(":")
        self.left = int(number or 0)

    def promise(self, delivery: Delivery) -> str:
        return "key"

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        if delivery.key.endswith("7") and now == delivery.at:
            return Receipt("again", error="busy")
        self.left -= 1
        self._crash("before")
        if delivery.key not in self.keys:
            self.keys.add(delivery.key)
            self._append(delivery.key)
        self._crash("after")
        return Receipt("delivered", message=f"sent-{delivery.key}")

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("unknown")

    def _append(self, key: str) -> None:
        if self.sent is not None:
            with self.sent.open("a") as file:
                file.write(key + "\n")

    def _crash(self, when: str) -> None:
        if self.when == when and self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, sent: str, batch: str, count: str, crash: str = "") -> None:
    store = open_store(url)
    shop = Shop(POLICY, store=store, carrier=Service(Path(sent), crash), batch=int(batch))
    events = list(traffic(int(count)))
    with shop.engine as engine:
        for each in events:
            engine.take(each)
        engine.wake(events[-1].at + 300 * MINUTE)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
