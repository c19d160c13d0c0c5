"""Decisions and durable events per second, in one run on one machine.

    .venv/bin/python benchmarks/throughput.py [EVENTS]

Messages are made up here, in Japanese and English, and put to `playbooks/minato`. Each line is the same messages taken
one step further: read, decided by the pure core, taken in by the engine in memory, then on SQLite. The store is synced
to disk at every commit. Ratios are against the pure core; absolute figures are this machine's.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from playbook_engine.decide.address import address, follow
from playbook_engine.decide.advance import advance
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.dispatcher import Recorder
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import Incoming, Sender
from playbook_engine.runtime.playbooks import load
from playbook_engine.runtime.running import Listener, run
from playbook_engine.runtime.store import open_store

PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "minato"
START = 1_777_850_000_000
TEXTS = (
    ("ja", "先月買った鍋の取っ手がぐらつきます。交換できますか。"),
    ("ja", "届いた椅子の色が写真と違うように見えます。"),
    ("ja", "いつも丁寧な梱包をありがとうございます。"),
    ("en", "The blanket I ordered came in the wrong size, what can I do?"),
    ("en", "Is the oak shelf still in stock anywhere near Kobe?"),
    ("en", "Your staff in Sendai were lovely today."),
)


def lines(count: int) -> bytes:
    """Ten messages a second, each third one from a customer who has written before."""
    rows = []
    for number in range(count):
        lang, text = TEXTS[number % len(TEXTS)]
        customer = number if number % 3 else number // 2
        rows.append(
            {
                "id": f"m{number}",
                "channel": "x",
                "account": "minato",
                "conversation_id": f"c{customer}",
                "author": {"handle": f"customer{customer}", "followers": number % 900},
                "text": text,
                "lang": lang,
                "created_at": f"{(START + number * 100) / 1000:.3f}",
            }
        )
    for row in rows:
        row["created_at"] = _iso(float(str(row["created_at"])))
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def timed(work: Callable[[], int]) -> tuple[int, float]:
    start = time.perf_counter()
    count = work()
    return count, time.perf_counter() - start


def read(content: bytes) -> int:
    return sum(isinstance(outcome, Incoming) for outcome in take_in(BytesIO(content), Sender()))


def decide(policy: Policy, events: list[Event]) -> int:
    """Addressed and decided with everything in dictionaries and nothing encoded; the decisions made."""
    threads: dict[str, Thread] = {}
    incidents: dict[str, Incident] = {}
    count = 0
    for event in events:
        key = f"{event.channel}|{event.account}|post|{event.conversation}"
        thread, name = address(threads.get(key), event, policy.reopen_within)
        made = advance(policy, incidents.get(name), event, event.seen_at, name)
        incidents[name] = made[-1].incident
        threads[key] = follow(thread, made[-1].incident)
        count += len(made)
    return count


def through(policy: Policy, content: bytes, url: str, batch: int) -> int:
    """The whole way, in a dry run; the decisions kept."""
    clock, count = EventsClock(), 0

    def counted(_: object) -> None:
        nonlocal count
        count += 1

    store = open_store(url)
    with Engine(policy, store, Recorder(lambda delivery: None), clock, batch=batch, observers=[counted]) as engine:
        door = Door(Terms.of(policy), store, clock, wake=engine.wake)
        run(engine, door, take_in(BytesIO(content), Sender()), Listener())
    store.close()
    return count


def admitted(policy: Policy, content: bytes) -> list[Event]:
    clock = EventsClock()
    door = Door(Terms.of(policy), open_store("memory:"), clock)
    incoming = [outcome for outcome in take_in(BytesIO(content), Sender()) if isinstance(outcome, Incoming)]
    return [event for event in map(door.admit, incoming) if isinstance(event, Event)]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    policy = load(PLAYBOOK).policy
    assert policy is not None
    content = lines(count)
    events = admitted(policy, content)
    decide(policy, events[:200])
    with tempfile.TemporaryDirectory() as folder:
        steps: list[tuple[str, Callable[[], int]]] = [
            ("read from JSON lines", lambda: read(content)),
            ("decided by the pure core", lambda: decide(policy, events)),
            ("taken in, in memory", lambda: through(policy, content, "memory:", 100)),
            ("durable, 100 a commit", lambda: through(policy, content, f"sqlite:{folder}/hundred.db", 100)),
            ("durable, 1 a commit", lambda: through(policy, content, f"sqlite:{folder}/one.db", 1)),
        ]
        found = [(name, *timed(work)) for name, work in steps]
    base = next(count / seconds for name, made, seconds in found if name.startswith("decided"))
    print(f"{count:,} messages, playbook {policy.name}\n")
    print(f"{'':28}{'events/s':>10}{'results':>10}{'results/s':>11}{'to the core':>13}")
    for name, made, seconds in found:
        rate = count / seconds
        print(f"{name:28}{rate:10,.0f}{made:10,}{made / seconds:11,.0f}{rate / base:12.2f}x")


if __name__ == "__main__":
    main()
