"""An apology is due before the first reply, or after the matter is settled.

What it finds
A target whose deadlines are not in the order of the steps: `reply`, then `apologise`, then `resolve`. Deadlines on the
clock are compared with each other and open time with open time; where a target tells open from closed, each with its
like. Open time takes at least as long on the clock as it counts.

Why it matters
A step leaves only after the earlier ones. An apology that is due before the reply is late whenever the reply uses its
time; one that is due after the resolution says sorry for what is long forgotten.

Avoid
```yaml
targets:
  - {id: faults, when: {kind: fault}, reply: 1h, apologise: 2d, resolve: 1d, counts: human, escalate: standard}
```
```yaml
targets:
  - {id: faults, when: {kind: fault}, reply: 4h, apologise: 1h, resolve: 1d, counts: human, escalate: standard}
```

Prefer
```yaml
targets:
  - {id: faults, when: {kind: fault}, reply: 1h, apologise: 4h, resolve: 1d, counts: human, escalate: standard}
```
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.policy import Deadline

ORDER = ("reply", "apologise", "resolve")


def check(subject: Subject) -> Iterator[Found]:
    for target in subject.policy.targets:
        path = subject.path_of(target)
        late = next(_out_of_order(target.deadlines), None)
        if late is not None:
            first, second, shown = late
            message = f"`{second}` is due before `{first}` in `{target.id}`"
            beside = (Beside((*path, first), "due later", key=True),)
            remedy = f"give `{second}` at least as long as `{first}`"
            yield Found((*path, second), message, remedy, key=True, beside=beside, evidence=(shown,))


def _out_of_order(deadlines: Mapping[str, Deadline]) -> Iterator[tuple[str, str, str]]:
    """Two steps of which the second is always due before the first, and what shows it."""
    for first, second in combinations([step for step in ORDER if step in deadlines], 2):
        for state in ("when_open", "when_closed"):
            earlier, later = _in(deadlines[first], state), _in(deadlines[second], state)
            if _is_longer(earlier, later):
                yield first, second, f"{first} within {_said(earlier)}, {second} within {_said(later)}"
                break


def _in(deadline: Deadline, state: str) -> Deadline:
    chosen = deadline.when_open if state == "when_open" else deadline.when_closed
    return chosen or deadline


def _is_longer(first: Deadline, second: Deadline) -> bool:
    if first.kind == second.kind:
        return first.amount > second.amount
    return (first.kind, second.kind) == ("open_time", "elapsed") and first.amount > second.amount


def _said(deadline: Deadline) -> str:
    if deadline.kind == "open_days":
        return f"{deadline.amount} open day{'s' if deadline.amount > 1 else ''}"
    return say_duration(deadline.amount) + (" of open time" if deadline.kind == "open_time" else "")


RULE = Rule("PB205", "apology-late", "warning", check, tier="X")
