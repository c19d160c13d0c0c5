"""Worst cases over 400 days: the few instants that are asked, beside every minute of them; and what the walks cost.

    python benchmarks/worst_cases.py [PLAYBOOK]

Both must agree before a ratio is printed; the every-minute search also looks one millisecond to either side.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from time import process_time

from playbook_engine.decide.deadlines import due
from playbook_engine.decide.promising import answers_for
from playbook_engine.policy.policy import Deadline, Policy
from playbook_engine.prove.automaton import lives
from playbook_engine.prove.cells import SPAN, policy_cells, vectors
from playbook_engine.prove.on_duty import coverage
from playbook_engine.prove.promises import promises, routed
from playbook_engine.prove.termination import termination
from playbook_engine.prove.worst import worst_due
from playbook_engine.runtime.playbooks import load

MINUTE = 60_000
SINCE = int(datetime(2026, 4, 1, tzinfo=UTC).timestamp()) * 1000


def every_minute(policy: Policy, home: str, deadline: Deadline, since: int, until: int) -> tuple[int, int, int]:
    """(longest, shortest, how often asked)."""
    longest, shortest, asked = 0, SPAN, 0
    for minute in range(since, until + 1, MINUTE):
        for at in (minute - 1, minute, minute + 1):
            if since <= at < until:
                owner = policy.departments[answers_for(policy, home, at)]
                lasts = due(policy, owner, deadline, at).at - at
                longest, shortest, asked = max(longest, lasts), min(shortest, lasts), asked + 1
    return longest, shortest, asked


def compare(policy: Policy, days: int) -> None:
    until = SINCE + days * 86_400_000
    print(f"{'department, reply of target':34}{'asked':>9}{'ms':>8}{'every minute':>14}{'s':>7}{'ratio':>8}")
    for home in routed(policy)[:3]:
        for target in [each for each in policy.targets if "reply" in each.deadlines][-2:]:
            deadline = target.deadlines["reply"]
            begin = process_time()
            found = worst_due(policy, home, deadline, SINCE, until)
            fast = process_time() - begin
            begin = process_time()
            longest, shortest, asked = every_minute(policy, home, deadline, SINCE, until)
            slow = process_time() - begin
            agreed = (found.overall.longest.lasts, found.overall.shortest.lasts)
            assert agreed == (longest, shortest), (home, target.id, agreed, longest, shortest)
            name = f"{home}, {target.id}"
            print(f"{name:34}{found.looked:9,}{fast * 1000:8.1f}{asked:14,}{slow:7.1f}{slow / fast:7.0f}x")


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else "playbooks/minato"
    policy = load(path).policy
    assert policy is not None, f"{path} does not load"
    begin = process_time()
    found = policy_cells(policy, SINCE, SINCE + SPAN)
    print(f"cells: {len(found):,} of {len(vectors(found))} kinds in {(process_time() - begin) * 1000:.0f} ms")
    compare(policy, 60)
    for name, ask in (
        ("promises", lambda: f"{len(promises(policy, SINCE, SINCE + SPAN))} rows"),
        ("coverage", lambda: f"{len(coverage(policy, SINCE, SINCE + SPAN).shut)} departments shut at times"),
        ("termination", lambda: f"{len(termination(policy).cycles)} cycles"),
        ("lives", lambda: f"{lives(policy).states:,} states of {len(lives(policy).walks)} kinds of life"),
    ):
        begin = process_time()
        said = ask()
        print(f"{name:12}{process_time() - begin:6.2f} s  {said}")


if __name__ == "__main__":
    main()
