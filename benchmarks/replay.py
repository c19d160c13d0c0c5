"""Messages per minute of `playbook replay`, with all of its reading, cutting and adding up.

    .venv/bin/python benchmarks/replay.py PLAYBOOK EVENTS [PROCESSES] [--profile]

EVENTS is a file of recorded events, or a number of messages to make up, of which one in three is from a customer who
has written before and one in four is ours. With `--profile` one process is timed function by function.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from io import BytesIO
from pathlib import Path

from playbook_engine.cli.replay import loaded_for_replay
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Sender
from playbook_engine.runtime.replaying import Replaying, replay
from playbook_engine.study.replayed import Replayed

START = 1_777_850_000
TEXTS = (
    "The blanket I ordered came in the wrong size, what can I do?",
    "Where is my parcel? It was due on Monday.",
    "Is the oak shelf still in stock anywhere?",
    "Your staff were lovely today.",
)


def made_up(count: int) -> bytes:
    """A message every two minutes: a day of a middling shop."""
    rows = []
    for number in range(count):
        customer = number // 4 * 4 if number % 4 == 3 else (number if number % 3 else number // 2)
        rows.append(
            {
                "id": f"m{number}",
                "channel": "x",
                "account": "lanterntea",
                "author": {"handle": f"c{customer}"},
                "conversation_id": f"t{customer}",
                "text": TEXTS[number % len(TEXTS)],
                "lang": "en",
                "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + number * 120)),
                "inbound": number % 4 != 3,
            }
        )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def replayed(playbook: Path, body: bytes, processes: int) -> tuple[int, float]:
    began = time.perf_counter()
    outcomes = list(take_in(BytesIO(body), Sender(may_send=MESSAGES | PEOPLE)))
    read = time.perf_counter() - began
    replay([Replaying(playbook, loaded_for_replay, Replayed)], outcomes, processes, lambda _: None, print)
    whole = time.perf_counter() - began
    print(f"{len(outcomes):,} messages, {processes} process(es): {whole:.1f} s, of which reading {read:.1f} s")
    return len(outcomes), whole


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--profile"]
    playbook, events = Path(words[0]), words[1]
    body = made_up(int(events)) if events.isdigit() else Path(events).read_bytes()
    if "--profile" in sys.argv:
        with cProfile.Profile() as profile:
            replayed(playbook, body, 1)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return
    for processes in [int(words[2])] if len(words) > 2 else (1, 2):
        count, seconds = replayed(playbook, body, processes)
        print(f"{count / seconds * 60:,.0f} messages a minute")


if __name__ == "__main__":
    main()
