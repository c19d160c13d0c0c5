"""Seconds for 1,000 timeline tests, as `playbook test` runs them: read, played to the real engine, judged, told.

    .venv/bin/python benchmarks/scenario.py [TESTS] [WORKERS]

The tests are made up here, over `playbooks/minato`: a customer complains in Japanese or English, writes again, a person
takes the matter, answers and resolves it; what leaves is expected in a closed world over a day.
Whatever is slow counts: starting Python, loading the playbook, pytest, the processes. Absolute figures are this
machine's.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "minato"
FILES = 10
HEAD = f"""\
playbook: {PLAYBOOK}
defaults:
  start: 2026-06-15T10:00
  event: {{channel: x, account: minato_help, lang: ja}}
tests:
"""
TEST = """\
  - name: an incident of {minute} minutes, {number}
    timeline:
      - at: 0m
        message: 届いた鍋が壊れていました。{number}
        author: {{handle: c{number}, name: 佐々木, followers: {number}}}
      - {{at: {minute}m, message: まだですか。}}
      - {{at: {later}m, by: care-desk, does: acknowledged}}
      - {{at: {answered}m, by: sato, says: 申し訳ございません。すぐに代わりをお送りします。}}
      - {{at: 6h, by: sato, does: resolved}}
    until: 1d
    expect:
      - {{at: 0m, respond: fault, facts: {{kind: fault, topics: damage}}}}
      - {{at: 0m, send: ack, step: reply}}
      - {{at: 0m, draft: sorry}}
      - {{at: {answered}m, met: reply}}
      - {{at: {answered}m, met: apologise}}
      - {{at: 6h, met: resolve}}
      - {{at: 6h, stage: resolved}}
      - {{by: 7h, notify: care-desk, purpose: silent}}
"""


def file_of(first: int, count: int) -> str:
    tests = []
    for number in range(first, first + count):
        minute = 1 + number % 9
        tests.append(TEST.format(number=number, minute=minute, later=minute + 1, answered=minute + 10))
    return HEAD + "".join(tests)


def main(tests: int, workers: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        for number in range(FILES):
            (Path(name) / f"{number}.test.yaml").write_text(file_of(number * tests // FILES, tests // FILES), "utf-8")
        command = [sys.executable, "-m", "playbook_engine", "--no-color", "test", name]
        command += ["-n", str(workers)] if workers > 1 else []
        since = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - since
    said = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr
    print(f"{tests} tests, {workers} processes: {seconds:.1f} s in all, {1000 * seconds / tests:.1f} ms a test; {said}")
    if not re.match(rf"{tests} passed", said):
        print(done.stdout[:4000], done.stderr[:4000])
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 2)
