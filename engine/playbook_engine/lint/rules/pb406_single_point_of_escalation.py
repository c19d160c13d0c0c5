"""A whole ladder reaches one person only.

What it finds
A ladder whose levels, for some department that it watches, all come to the same person, with no deputy who would step
in. A deputy steps in outside a person's `calendar`; somebody without one is told at all times.

Why it matters
One telephone in a drawer, and nobody hears that a promise is being broken, however many levels there are.

Avoid
```yaml
escalations:
  urgent:
    - {id: now, at: 0%, notify: head, acknowledge_within: 5m}
    - {id: again, at: 50%, notify: head, repeat: {every: 15m, times: 8}}
```

Prefer
```yaml
escalations:
  urgent:
    - {id: now, at: 0%, notify: department.on_duty, acknowledge_within: 5m}
    - {id: again, at: 50%, notify: head, repeat: {every: 15m, times: 8}}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.ladders import climbed, reached
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    alone: dict[tuple[str, str], list[str]] = {}
    for ladder, department in climbed(policy):
        levels = policy.ladders[ladder]
        told = {each for level in levels for name in level.notify for each in reached(policy, department, name)}
        if levels[-1].acknowledge_within:  # nobody answered: the person for what is undecided hears of it
            told.add(policy.undecided.person)
        if len(told) == 1:
            alone.setdefault((ladder, told.pop()), []).append(department.id)
    for (ladder, person), departments in alone.items():
        where = f" for {', '.join(f'`{each}`' for each in departments)}"
        yield Found(
            ("escalations", ladder),
            f"every level of `{ladder}` reaches `{person}` alone"
            + (where if len(departments) < len(policy.departments) else ""),
            "let one level tell somebody else, or give the last one `acknowledge_within`, "
            "so that the person for what is undecided is told when nobody answers",
            key=True,
            beside=(Beside(("people", person), "the one person", key=True),),
        )


RULE = Rule("PB406", "single-point-of-escalation", "warning", check, tier="X")
