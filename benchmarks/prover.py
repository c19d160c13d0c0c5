"""Questions to the prover per second, in one run on one machine.

    .venv/bin/python benchmarks/prover.py [RULES…]

Playbooks are made up here: as many rows of `classify` as of `respond`, over enumerations, a set of topics, hours and
words in Japanese and English. For each size: the processor time to encode, and to ask of every row of `respond`
whether it can ever decide.
"""

from __future__ import annotations

import sys
import time

from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.compile.playbook import compile_policy
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.prover import Prover
from playbook_engine.text.read import read

SINCE = 1_767_225_600_000
KINDS = tuple(f"kind-{number}" for number in range(24))
TOPICS = tuple(f"topic-{number}" for number in range(24))
CHANNELS = ("x", "email", "line", "bluesky", "chat", "review")
WORDS = (
    "返金",
    "交換",
    "配送",
    "破損",
    "請求",
    "在庫",
    "refund",
    "parcel",
    "invoice",
    "broken",
    "late",
    "stock",
    "lost",
)

HEAD = """
playbook: made-up
format: 1
timezone: Asia/Tokyo
languages: [ja, en]
fallback: en
facts:
  kind: {{one_of: [{kinds}, other], default: other}}
  severity: {{ordered: [normal, high, critical], default: normal}}
  topics: {{many_of: [{topics}]}}
  vip: {{flag: true, from: crm}}
calendars:
  desk: {{open: {{mon-fri: [09:00-18:00]}}}}
  night: {{open: {{daily: [18:00-09:00]}}}}
people:
  ann: {{name: Ann, via: [{{email: ann@shop.example}}]}}
departments:
  care: {{name: Care, calendar: desk, on_duty: ann, lead: ann, when_closed: {{hand_over: {{department: night}}}}}}
  night: {{name: Night, calendar: night, on_duty: ann, lead: ann}}
undecided: {{to: ann, within: 30m}}
route: [{{id: rest, when: always, to: care}}]
targets: [{{id: rest, when: always, reply: 1h}}]
"""


def made_up(rules: int) -> Policy:
    """A playbook of so many rows in `classify` and as many in `respond`, the last of which takes the rest."""
    lines = [HEAD.format(kinds=", ".join(KINDS), topics=", ".join(TOPICS)), "classify:"]
    for row in range(rules):
        words = ", ".join(f"{WORDS[(row + 5 * k) % len(WORDS)]}{row if (row + k) % 3 else row // 7}" for k in range(4))
        sets = (
            f"kind: {KINDS[row // 4 % 24]}",
            f"topics: {TOPICS[row // 4 * 7 % 24]}",
            "severity: high",
            "severity: critical",
        )
        when = f"text: {{{'words' if row % 2 else 'contains'}: [{words}]}}"
        when += f", topics: {TOPICS[row * 5 % 24]}" if row % 9 == 8 else ""
        lines.append(f"  - {{id: c{row}, when: {{{when}}}, set: {{{sets[row % 4]}}}}}")
    lines.append("respond:")
    for row in range(rules):
        parts = [f"kind: {KINDS[row % 24]}", f"topics: {TOPICS[(row // 24 + row) % 24]}"]
        parts += [f"channel: {CHANNELS[row % 6]}"] if row % 2 else []
        parts += [f"author.followers: {{gte: {row % 50 * 1000}}}"] if row % 5 == 0 else []
        parts += ["not: {severity: critical}"] if row % 7 == 0 else []
        parts += ["open.desk: true"] if row % 11 == 0 else []
        when = f"{{{', '.join(parts)}}}"
        lines.append(f"  - {{id: r{row}, when: {when}, reply: by_hand, apologise: none, resolve: none}}")
    lines.append("  - {id: rest, when: always, reply: by_hand, apologise: none, resolve: none}")
    document, problems = read({"made-up.yaml": "\n".join(lines).encode()})
    policy, more = compile_policy(document, HolidayLock(), ACTIONS)
    assert policy is not None, (problems, more[:3])
    return policy


def main(sizes: list[int]) -> None:
    print("rules  encode s  questions  ask s  never  slowest ms  variables  clauses  conflicts")
    for rules in sizes:
        policy = made_up(rules)
        start = time.process_time()
        prover = Prover(policy, SINCE)
        encoded = time.process_time() - start
        took, never = [], 0
        for row in prover.rows("respond"):
            start = time.process_time()
            answer = prover.ask(prover.wins(row))
            took.append(time.process_time() - start)
            never += answer.kind == "no"
        solver = prover.formulas.solver
        print(
            f"{rules:5}  {encoded:8.3f}  {len(took):9}  {sum(took):5.2f}  {never:5}  {max(took) * 1000:10.1f}"
            f"  {solver.count:9}  {len(solver.clauses):7}  {solver.work.conflicts:9}"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [200, 500, 1000])
