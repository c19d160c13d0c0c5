"""A level tells somebody who is off duty.

What it finds
A level that may fire while everybody it tells is out of hours, deputies included. The longest such time of the next 400
days is told, and who is told all the same.

Why it matters
Levels fire by day and by night. When nobody is in hours the first is told nevertheless and reads it in the morning: the
level has done nothing.

Avoid
```yaml
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
escalations:
  urgent:
    - {id: now, at: 0%, notify: mori, acknowledge_within: 5m}
    - {id: chief, at: 50%, notify: head}
```

Prefer
```yaml
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk, deputy: head}
escalations:
  urgent:
    - {id: now, at: 0%, notify: mori, acknowledge_within: 5m}
    - {id: chief, at: 50%, notify: head}
```
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playbook_engine.decide.deadlines import is_open
from playbook_engine.lint.cover import missing, said_stretch, zone_of
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.ladders import climbed
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import targets_of
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.policy import Department, Level, Policy
from playbook_engine.policy.timeline import Stretch
from playbook_engine.prove.on_duty import in_hours, told
from playbook_engine.prove.worst import plain


@dataclass(frozen=True)
class Unheard:
    department: Department
    gap: Stretch
    told: tuple[str, ...]

    @property
    def long(self) -> int:
        """Ms."""
        return self.gap[1] - self.gap[0]


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    found: dict[tuple[str, int], list[Unheard]] = {}
    for ladder, department in climbed(policy):
        on_the_clock = _on_the_clock(policy, ladder, department)
        for number, level in enumerate(policy.ladders[ladder]):
            at_any_time = on_the_clock or level.percent in (None, 0)
            unheard = missing(subject, partial(_heard, policy, department, level, at_any_time))
            if unheard:
                gap = unheard.longest
                people = told(policy, department, level, gap[0])
                found.setdefault((ladder, number), []).append(Unheard(department, gap, people))
    for (ladder, number), each in found.items():
        yield _found(policy, ladder, number, max(each, key=lambda unheard: unheard.long))


def _on_the_clock(policy: Policy, ladder: str, department: Department) -> bool:
    """Whether any promise that the ladder watches runs on while the department is closed."""
    watched = [target for target in targets_of(policy, department.id) if target.ladder == ladder]
    return any(each.kind == "elapsed" for target in watched for each in plain(target.deadlines.values()))


def _heard(policy: Policy, department: Department, level: Level, at_any_time: bool, at: int) -> bool:
    fires = at_any_time or is_open(policy, department, at)
    return not fires or any(in_hours(policy, person, at) for person in told(policy, department, level, at))


def _found(policy: Policy, ladder: str, number: int, unheard: Unheard) -> Found:
    level, department = policy.ladders[ladder][number], unheard.department
    people = " and ".join(f"`{person}`" for person in unheard.told)
    gap = said_stretch(zone_of(policy, department.id), unheard.gap)
    return Found(
        ("escalations", ladder, number, "notify"),
        f"`{level.id}` may tell {people} while out of hours, with nobody to step in: for `{department.id}` {gap}",
        "give them a deputy who is there, or name somebody without a `calendar`",
        beside=tuple(Beside(("people", person), "out of hours", key=True) for person in unheard.told),
    )


RULE = Rule("PB405", "target-off-duty", "warning", check, tier="C")
