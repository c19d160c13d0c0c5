"""How long lint takes, by the size of the playbook, in one run on one machine.

    .venv/bin/python benchmarks/lint.py [ROWS…]

Playbooks are made up here. In the `structured` ones rows go by topic and channel, as playbooks that people write do;
in the `dense` ones every row asks for several facts at random, and most rows are shadowed. ROWS is how many rows
`classify` and `respond` have together. For each: processor seconds of `playbook lint --profile audit` from the shell
in a process of its own, the same by the clock, the most memory it had, the processor seconds of asking again when
nothing has changed, and what was found; then, within this process,
what reading takes and what each tier and the slowest rules take of the rest.
"""

from __future__ import annotations

import json
import os
import random  # noqa: TID251 - a seed makes every playbook the same again
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.rule import TIERS
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import load_sources, sources

NOW = 1_795_600_000_000
SIZES = (10, 50, 200, 1_000, 5_000)
DENSE = (10, 50, 200, 1_000)
CHANNELS = ("x", "email", "line", "bluesky", "chat")
SLOWEST = 6

HEAD = """
playbook: made-up
format: 1
owner: head-of-care
approved_by: [head-of-care, legal]
review_by: 2027-06-01
timezone: Asia/Tokyo
languages: [en]
facts:
  topic: {{one_of: [{topics}, other], default: other}}
  severity: {{ordered: [normal, high, critical], default: normal}}
  marks: {{many_of: [{marks}]}}
calendars:
  desk: {{open: {{mon-fri: [09:00-18:00]}}}}
  night: {{open: {{mon-fri: [18:00-09:00], sat-sun: [00:00-24:00]}}}}
people:
  ann: {{name: Ann, via: [{{email: ann@shop.example}}], calendar: desk, deputy: ben, initials: AN}}
  ben: {{name: Ben, via: [{{sms: "+81355550100"}}], initials: BN}}
departments:
  care:
    name: Customer care
    calendar: desk
    on_duty: {{desk: ann, night: ben}}
    lead: ben
    approve: {{by: department.on_duty, within: 1h, else: department.lead}}
accounts:
  "x:made-up": {{department: care, profile: "Mon-Fri 9-18", purpose: Questions, type: both}}
templates:
  ack: "Thank you, {{{{ author.name }}}}. {{{{ department.name }}}} answers by {{{{ reply.due }}}}. (automatic reply)"
  sorry: "We are sorry that this happened. {{{{ personal }}}} ^{{{{ approver.initials }}}}"
  done: "{{{{ department.name }}}} has settled this."
ignore:
  - {{id: machines, when: {{automatic: true}}, because: Auto-responders need no answer}}
route: [{{id: rest, when: always, to: care}}]
targets:
  - {{id: grave, when: {{severity: {{gte: high}}}}, reply: 15m, apologise: 1h, resolve: 8h, escalate: urgent}}
  - id: rest
    when: always
    reply: {{when_open: {{open_time: 1h}}, when_closed: 12h}}
    apologise: {{open_time: 4h}}
    resolve: {{open_days: 2}}
    counts: human
    escalate: standard
human_only: {{severity: critical}}
escalations:
  standard:
    - {{id: warn, at: 75%, notify: department.on_duty}}
    - {{id: lead, at: 100%, notify: department.lead, acknowledge_within: 30m}}
    - {{id: chief, overdue: 1h, notify: ben, repeat: {{every: 1h, times: 3}}}}
  urgent:
    - {{id: now, at: 0%, notify: department.on_duty, acknowledge_within: 5m}}
    - {{id: lead, at: 50%, notify: department.lead, acknowledge_within: 10m}}
    - {{id: chief, at: 100%, notify: ben, repeat: {{every: 15m, times: 8}}}}
undecided: {{to: ben, within: 30m}}
limits:
  - {{id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}}
  - {{id: pager, of: notify, per: person, max: 10, in: 10m, then: digest}}
"""
DONE = "reply: {send: ack}, apologise: {draft: sorry}, resolve: {offer: [{ticket: {queue: returns, send: done}}]}"


def structured(rows: int) -> str:
    """So many rows that classify topics by words, and respond to each topic on each channel."""
    topics = max(1, rows // (len(CHANNELS) + 1))
    marks = ["returned", "damage"]
    lines = [HEAD.format(topics=", ".join(f"topic-{n}" for n in range(topics)), marks=", ".join(marks)), "classify:"]
    for n in range(topics):
        words = f"[about topic {n} here, 話題{n}番, broken-{n}]"
        severity = ("normal", "high", "critical")[n % 7 % 3]
        sets = f"topic: topic-{n}, severity: {severity}, marks: {marks[n % 2]}"
        lines.append(f"  - {{id: c{n}, when: {{text: {{contains: {words}}}}}, set: {{{sets}}}}}")
    lines.append("respond:")
    for n in range(rows - topics - 1):
        when = f"topic: topic-{n % topics}, channel: {CHANNELS[n // topics % len(CHANNELS)]}"
        lines.append(f"  - {{id: r{n}, when: {{{when}}}, {DONE}}}")
    return "\n".join((*lines, f"  - {{id: rest, when: always, {DONE}}}", ""))


def dense(rows: int) -> str:
    """So many rows of two to five tests over the same few facts, half of them in each of the two sections."""
    chance = random.Random(rows)
    topics, marks = [f"topic-{n}" for n in range(8)], [f"mark-{n}" for n in range(6)]
    lines = [HEAD.format(topics=", ".join(topics), marks=", ".join(marks)), "classify:"]
    for n in range(rows // 2):
        words = ", ".join(f"word{word // 5} {word % 5}" for word in chance.sample(range(180), chance.randrange(1, 4)))
        test = f"text: {{{chance.choice(('contains', 'words'))}: [{words}]}}"
        sets = chance.choice((f"topic: {chance.choice(topics)}", f"marks: {chance.choice(marks)}", "severity: high"))
        more = chance.choice(("", ", public: true", f", channel: {chance.choice(CHANNELS)}"))
        lines.append(f"  - {{id: c{n}, when: {{{test}{more}}}, set: {{{sets}}}}}")
    lines.append("respond:")
    tests = (
        lambda: f"topic: {chance.choice(topics)}",
        lambda: f"topic: [{', '.join(chance.sample(topics, 3))}]",
        lambda: f"severity: {{{chance.choice(('gte', 'lt'))}: {chance.choice(('high', 'critical'))}}}",
        lambda: f"marks: {chance.choice(marks)}",
        lambda: f"not: {{marks: {chance.choice(marks)}}}",
        lambda: f"channel: [{', '.join(chance.sample(CHANNELS, 2))}]",
        lambda: f"author.followers: {{gte: {chance.randrange(1, 50) * 1000}}}",
        lambda: "open.desk: true",
        lambda: "public: true",
    )
    for n in range(rows - rows // 2 - 1):
        chosen = {
            each.partition(":")[0]: each for each in (make() for make in chance.sample(tests, chance.randrange(2, 6)))
        }
        lines.append(f"  - {{id: r{n}, when: {{{', '.join(chosen.values())}}}, {DONE}}}")
    return "\n".join((*lines, f"  - {{id: rest, when: always, {DONE}}}", ""))


@dataclass(frozen=True)
class Ran:
    """One run from the shell: processor and clock in seconds, the most memory in MB, findings by severity."""

    processor: float
    clock: float
    memory: float
    found: str


def run(folder: Path, *more: str) -> Ran:
    """`playbook lint` in a process of its own, with everything on, and with these options."""
    command = [
        sys.executable,
        "-m",
        "playbook_engine",
        "lint",
        str(folder),
        "--profile",
        "audit",
        "--format",
        "jsonl",
        *more,
    ]
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    severities = (json.loads(line).get("severity") for line in said.splitlines())
    counted = Counter(each for each in severities if each)
    found = ", ".join(f"{number} {severity}" for severity, number in counted.items()) or "nothing"
    return Ran(used.ru_utime + used.ru_stime, time.monotonic() - begin, used.ru_maxrss / 1024, found)


def shares(folder: Path) -> str:
    """Processor seconds of reading, of each tier of rules, and of the slowest rules, in this process."""
    actions = {**Registry.build().actions, **ACTIONS}
    begin = time.process_time()
    loaded = load_sources(sources(folder), actions)
    read = time.process_time() - begin
    subject = Subject(loaded.document, loaded.policy, loaded.problems, loaded.lock, NOW, actions)
    took: dict[str, float] = {}
    for rule in built_in():
        begin = time.process_time()
        lint(subject, [rule], Selection("audit"))
        took[rule.code] = time.process_time() - begin
    tiers = {tier: sum(took[rule.code] for rule in built_in() if rule.tier == tier) for tier in TIERS}
    slowest = sorted(took, key=lambda code: -took[code])[:SLOWEST]
    of_tiers = ", ".join(f"{tier} {tiers[tier]:.2f}" for tier in TIERS)
    return f"reading {read:.2f}; {of_tiers}; " + ", ".join(f"{code} {took[code]:.2f}" for code in slowest)


def main(sizes: list[int]) -> None:
    made = [("structured", structured, rows) for rows in sizes or SIZES]
    made += [("dense", dense, rows) for rows in sizes or DENSE]
    with tempfile.TemporaryDirectory() as kept:
        os.environ["XDG_CACHE_HOME"] = f"{kept}/cache"
        folders = []
        print("playbook     rows  processor s  clock s  ms a row  to the least  memory MB  again s  found")
        least = 0.0
        for kind, make, rows in made:
            folder = Path(kept) / f"{kind}-{rows}"
            folder.mkdir()
            (folder / "playbook.yaml").write_text(make(rows), "utf-8")
            folders.append((kind, rows, folder))
            ran = run(folder, "--no-cache")
            run(folder)
            again = run(folder)
            least = least or ran.processor
            print(
                f"{kind:10} {rows:6}  {ran.processor:11.2f}  {ran.clock:7.2f}  {ran.processor * 1000 / rows:8.2f}"
                f"  {ran.processor / least:11.1f}x  {ran.memory:9.0f}  {again.processor:7.2f}  {ran.found}",
                flush=True,
            )
        print("\nshares, in processor seconds")
        for kind, rows, folder in folders:
            print(f"{kind:10} {rows:6}  {shares(folder)}", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
