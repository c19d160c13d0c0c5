"""A promise runs out while nobody is there to keep it.

What it finds
A deadline on the clock, such as `12h` after hours, that passes within a stretch in which nobody is on duty, whoever the
department hands over to and deputies included. It is told with the longest such stretch of the next 400 days and its
two instants. A person whom the ladder names and tells in time is somebody; so is a text that is sent at once, where the
target counts any answer.

Why it matters
"Within 12 hours after hours" is broken every Friday by a desk that is closed from Friday to Monday. The customer was
told a time, and it was never possible.

Avoid
```yaml
departments:
  care: {name: {ja: お客様係, en: Customer care}, calendar: desk, on_duty: mori, lead: head}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
```

Prefer
```yaml
departments:
  care: {name: {ja: お客様係, en: Customer care}, calendar: desk, on_duty: mori, lead: head}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
targets:
  - id: rest
    when: always
    reply: {open_time: 1h}
    next_reply: {open_time: 4h}
    apologise: {open_time: 4h}
    resolve: {open_days: 2}
    counts: human
    escalate: standard
```
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playbook_engine.decide.deadlines import due, pin_levels
from playbook_engine.decide.promising import answers_for
from playbook_engine.lint.cover import attended, missing, reached, said_stretch, say_hours, zone_of
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import targets_at
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.compile.people import LEAD, UNDECIDED
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Deadline, Department, Policy, Target
from playbook_engine.policy.timeline import Stretch
from playbook_engine.prove.cells import say_local
from playbook_engine.prove.promises import routed
from playbook_engine.prove.worst import chain_of

REPLIES = ("reply", "next_reply")


@dataclass(frozen=True)
class Broken:
    """One promise that cannot be kept: to whoever writes as the gap begins."""

    home: str
    target: Target
    step: str
    deadline: Deadline
    due: int
    gap: Stretch

    @property
    def long(self) -> int:
        """Ms for which nobody is on duty."""
        return self.gap[1] - self.gap[0]


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    found: dict[tuple[str, str], list[Broken]] = {}
    for home in routed(policy):
        without = missing(subject, partial(attended, policy, home))
        for broken in _broken(policy, home, without.stretches):
            found.setdefault((broken.target.id, broken.step), []).append(broken)
    for each in found.values():
        yield _found(subject, max(each, key=lambda broken: broken.long), each)


def _broken(policy: Policy, home: str, gaps: tuple[Stretch, ...]) -> Iterator[Broken]:
    """Every promise with the longest gap that breaks it."""
    chain = chain_of(policy, home)
    by_owner: dict[str, Stretch] = {}
    for gap in sorted(gaps, key=lambda gap: (gap[0] - gap[1], gap[0])):
        if len(by_owner) == len(chain):
            break
        try:
            by_owner.setdefault(answers_for(policy, home, gap[0]), gap)
        except NeverOpens:
            return
    for owner, gap in by_owner.items():
        department = policy.departments[owner]
        for target in targets_at(policy, home, owner):
            for step, deadline in target.deadlines.items():
                found = _clock(deadline)
                if found is None or (step in REPLIES and _answered(target, department)):
                    continue
                promised = due(policy, department, deadline, gap[0])
                if promised.at < gap[1] and not _told(policy, department, target, gap[0], promised.at):
                    yield Broken(home, target, step, found, promised.at, gap)


def _clock(deadline: Deadline) -> Deadline | None:
    """What of a deadline runs on the clock while the department is closed."""
    found = deadline.when_closed if deadline.when_closed is not None else deadline
    return found if found.kind == "elapsed" else None


def _answered(target: Target, department: Department) -> bool:
    """Whether a text that leaves at once keeps the promise of a reply."""
    return target.counts == "any" and department.when_closed is not None and bool(department.when_closed.template)


def _told(policy: Policy, department: Department, target: Target, since: int, deadline: int) -> bool:
    """Whether the ladder tells somebody before the deadline whom it means by name, or as the lead, and who is there."""
    levels = {level.id: level for level in policy.ladders.get(target.ladder, ())}
    promised = due(policy, department, Deadline("elapsed", deadline - since), since)
    for pinned in pin_levels(policy, target.ladder, since, promised):
        if pinned.at < deadline:
            for name in levels[pinned.name].notify:
                person = {LEAD: department.lead, UNDECIDED: policy.undecided.person}.get(name, name)
                if person in policy.people and reached(policy, person, pinned.at):
                    return True
    return False


def _found(subject: Subject, broken: Broken, others: list[Broken]) -> Found:
    home, zone = broken.home, zone_of(subject.policy, broken.home)
    noun = {"next_reply": "later reply", "apologise": "apology", "resolve": "solution"}.get(broken.step, broken.step)
    within = say_duration(broken.deadline.amount)
    return Found(
        (*subject.path_of(broken.target), broken.step),
        f"`{broken.target.id}` promises a {noun} within {within} on the clock; "
        f"for up to {say_hours(broken.long)} nobody is on duty for `{home}`",
        "promise open time instead, as `{open_time: 1h}`; or hand over, or put somebody on duty, while it is closed",
        beside=tuple(Beside(("departments", each.home), "nobody is on duty for it", key=True) for each in others),
        evidence=(
            f"written {say_local(zone, broken.gap[0])}, due {say_local(zone, broken.due)}",
            f"the longest time without anybody on duty: {said_stretch(zone, broken.gap)}",
        ),
    )


RULE = Rule("PB310", "promise-beyond-hours", "warning", check, tier="C")
