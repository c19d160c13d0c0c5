"""An arrangement for all hours leaves some out.

What it finds
- A department that hands over while it is closed, or has people on duty in several calendars, and times at which all of
  them are closed and no customer is told so.
- A department that is open at times at which nobody is on duty, deputies included.
The evidence lists the times of the week, holidays and clock changes of the next 400 days included.

Why it matters
Everybody believes that the other desk is there. What comes in between waits for nobody, and on the day the clocks
change an arrangement over two time zones may fall apart for a week.

Avoid
```yaml
departments:
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: {desk: mori, night: yoru}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
  yoru: {name: 夜勤, via: [{slack: "#night"}], calendar: night, deputy: head}
calendars:
  night:
    open: {mon-fri: [19:00-09:00]}
```

Prefer
```yaml
departments:
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: {desk: mori, night: yoru}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
  yoru: {name: 夜勤, via: [{slack: "#night"}], calendar: night, deputy: head}
calendars:
  night:
    open: {daily: [00:00-24:00]}
```
"""

from collections.abc import Iterator
from functools import partial

from playbook_engine.lint.cover import (
    answering,
    attended,
    missing,
    said_stretch,
    say_hours,
    told_when_closed,
    weekly,
    zone_of,
)
from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.worst import chain_of

_WEEKS = 400 / 7


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    for home, department in policy.departments.items():
        demanded = arranged(policy, home) and not told_when_closed(policy, home)
        found, zone = missing(subject, partial(_covered, policy, home, demanded)), zone_of(policy, home)
        if found:
            a_week = say_hours(round(found.total / _WEEKS))
            path = ("departments", home, "on_duty") if department.on_duty else ("departments", home)
            yield Found(
                path,
                f"nobody is on duty for `{home}` in {a_week} of a week on the average, "
                f"at the longest {said_stretch(zone, found.longest)}",
                "cover these times, or tell customers with `when_closed: {send: …}`",
                key=True,
                evidence=weekly(zone, found),
            )


def arranged(policy: Policy, home: str) -> bool:
    """Whether others than the department's own desk are to cover its closed hours."""
    chain = [policy.departments[name] for name in chain_of(policy, home)]
    others = {calendar for each in chain for calendar, _ in each.on_duty if calendar} - {chain[0].calendar}
    return len(chain) > 1 or bool(others)


def _covered(policy: Policy, home: str, demanded: bool, at: int) -> bool:
    wanted = demanded or answering(policy, home, at)
    return not wanted or attended(policy, home, at)


RULE = Rule("PB303", "coverage-gap", "warning", check, tier="C")
